"""Failures: bad days close together are one; a cure ends it."""

import pytest

from services.monitoring.domain.learning.failures import failures_of, in_span
from services.monitoring.domain.learning.outcomes import OutcomeKind
from tests.unit.monitoring.judged_builders import happened
from tests.unit.monitoring.warning_builders import on_day

LONG, WRITTEN, CURE = OutcomeKind.LONG_OVERDUE, OutcomeKind.WRITE_OFF, OutcomeKind.CURE


def begun(*outcomes: tuple[int, OutcomeKind]) -> list[int]:
    found = failures_of([happened(day, kind) for day, kind in outcomes], horizon_days=180)
    return [(each.on - on_day(0)).days for each in found.get("C1", ())]


def test_nobody_fails_by_nothing() -> None:
    assert failures_of([], horizon_days=180) == {}


def test_being_long_overdue_a_default_and_its_write_off_are_one_failure() -> None:
    assert begun((10, LONG), (11, OutcomeKind.DEFAULT), (150, WRITTEN)) == [10]


@pytest.mark.parametrize(("day", "count"), [(189, 1), (190, 1), (191, 2)])
def test_what_comes_long_after_the_last_bad_day_is_another(day: int, count: int) -> None:
    assert len(begun((10, LONG), (day, LONG))) == count


@pytest.mark.parametrize("day", [190, 191, 2000])
def test_a_default_lasts_until_its_cure_however_long_that_takes(day: int) -> None:
    assert begun((10, LONG), (11, OutcomeKind.DEFAULT), (day, WRITTEN)) == [10]


@pytest.mark.parametrize(("day", "count"), [(40, 1), (41, 2)])
def test_what_comes_after_a_cure_is_another(day: int, count: int) -> None:
    assert len(begun((10, OutcomeKind.DEFAULT), (40, CURE), (day, WRITTEN))) == count


def test_a_cure_of_nothing_is_nothing() -> None:
    assert begun((10, CURE)) == []


@pytest.mark.parametrize(("day", "lasts"), [(10, True), (40, True), (41, False)])
def test_a_failure_lasts_until_it_is_cured(day: int, *, lasts: bool) -> None:
    cured = [happened(10), happened(40, CURE)]
    (failure,) = failures_of(cured, horizon_days=180)["C1"]
    assert failure.lasts(on_day(day), horizon_days=180) is lasts


def test_those_of_a_span_are_found_with_both_its_ends() -> None:
    outcomes = [happened(day, customer_id=f"C{day}") for day in (9, 10, 20, 21)]
    found = in_span(
        failures_of(outcomes, horizon_days=180).values(), first=on_day(10), last=on_day(20)
    )
    assert [each.customer_id for each in found] == ["C10", "C20"]
