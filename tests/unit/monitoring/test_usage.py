"""The use of a limit over time."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.conduct.usage import MOST, WEEKS_KEPT, Usage
from tests.unit.monitoring.warning_builders import on_day

CONSTANT = 84.0
LOOKS = st.lists(st.tuples(st.integers(1, 40), st.floats(0, 2)), min_size=1, max_size=12)


def used(*looks: tuple[int, float]) -> Usage:
    state = Usage()
    for day, share in looks:
        state = state.after(share, on_day(day), time_constant=CONSTANT)
    return state


def rise(state: Usage, day: int) -> float | None:
    return state.rise(on_day(day), days=84, time_constant=CONSTANT)


@given(LOOKS)
def test_looking_more_often_changes_nothing(steps: list[tuple[int, float]]) -> None:
    """The weeks' ends follow from the levels alone, not from when anybody looked."""
    looks, daily, day = [], [], 0
    for gap, share in steps:
        looks.append((day, share))
        daily += [(each, share) for each in range(day, day + gap)]
        day += gap
    once, often = used(*looks, (day, 0.5)), used(*daily, (day, 0.5))
    assert [end for end, _ in once.weeks] == [end for end, _ in often.weeks]
    means = [mean for _, mean in often.weeks]
    assert [mean for _, mean in once.weeks] == pytest.approx(means)


def test_the_rise_is_that_of_the_average() -> None:
    """Twelve weeks after a step the average has come e^-1 short of it."""
    state = used((5, 0.2), (12, 1.0), (96, 1.0))
    assert rise(state, 96) == pytest.approx(0.8 * (1 - exp(-1)), abs=0.02)


@pytest.mark.parametrize(("day", "known"), [(80, False), (95, True)])
def test_a_young_average_has_no_rise(day: int, *, known: bool) -> None:
    assert (rise(used((0, 0.5), (day, 0.5)), day) is not None) is known


def test_the_weeks_kept_are_those_asked_for() -> None:
    assert len(used((0, 0.5), (700, 0.6)).weeks) == WEEKS_KEPT


def test_a_tiny_limit_drowns_nothing() -> None:
    assert used((0, 4000.0)).average.level == MOST


@pytest.mark.parametrize(("shares", "days"), [((1.0,), 0), ((1.01,), 3), ((1.2, 0.9), 0)])
def test_days_over_run_while_exposure_exceeds_the_limit(
    shares: tuple[float, ...], days: int
) -> None:
    state = used(*((0, share) for share in shares))
    assert state.days_over(on_day(2)) == days


def test_the_days_over_begin_anew_after_a_day_within() -> None:
    assert used((0, 1.2), (3, 0.9), (4, 1.2)).days_over(on_day(5)) == 2


def test_a_limit_of_zero_tells_nothing_and_ends_nothing() -> None:
    cut = used((0, 0.5), (95, 1.2)).without_limit(100)
    assert (cut.days_over(on_day(97)), rise(cut, 97)) == (None, None)
    again = cut.after(1.1, on_day(98), time_constant=CONSTANT)
    assert (again.days_over(on_day(98)), again.known) == (4, True)


def test_who_owes_nothing_exceeds_no_limit() -> None:
    assert used((0, 1.2)).without_limit(0).days_over(on_day(2)) == 0
