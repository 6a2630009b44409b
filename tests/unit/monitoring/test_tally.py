"""Sums by day: exact windows, in whatever order their documents are told."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.tally import (
    DOCUMENTS_KEPT,
    Series,
    Tallies,
    Tally,
    add,
    currencies_of,
    sum_within,
)
from services.monitoring.domain.policies.warnings import KEPT_DAYS
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.warning_builders import SHIPPED, on_day

ENTRIES = st.lists(
    st.tuples(st.integers(min_value=0, max_value=99), st.integers(min_value=1, max_value=900)),
    max_size=40,
)


def tally_of(entries: list[tuple[int, int]]) -> Tally:
    tally = Tally()
    for day, amount in entries:
        tally.add(on_day(day), amount, f"D{day}/{amount}")
    return tally


@given(ENTRIES, st.integers(0, 150), st.integers(1, KEPT_DAYS))
def test_a_window_is_the_sum_of_its_days(
    entries: list[tuple[int, int]], through: int, days: int
) -> None:
    inside = [amount for day, amount in entries if through - days < day <= through]
    assert tally_of(entries).within(days, on_day(through)) == (sum(inside), len(inside))


@given(ENTRIES)
def test_the_order_of_telling_changes_no_sum(entries: list[tuple[int, int]]) -> None:
    assert tally_of(entries).days == tally_of(sorted(entries, reverse=True)).days


@pytest.mark.parametrize(("days", "counted"), [(90, 0), (91, 1), (92, 1)])
def test_the_first_day_of_a_window_counts_and_the_day_before_it_does_not(
    days: int, counted: int
) -> None:
    assert tally_of([(10, 5)]).within(days, on_day(100)) == (5 * counted, counted)


@pytest.mark.parametrize(("later", "left"), [(KEPT_DAYS - 1, 2), (KEPT_DAYS, 1)])
def test_days_long_over_are_let_go(later: int, left: int) -> None:
    assert len(tally_of([(0, 1), (later, 1)]).days) == left


def test_only_the_latest_documents_are_named() -> None:
    tally = tally_of([(day, 1) for day in range(30)])
    assert len(tally.documents) == DOCUMENTS_KEPT
    assert tally.named_within(2, on_day(29)) == ("D28/1", "D29/1")


@pytest.mark.parametrize(("asked", "change"), [(0, 96), (96, 101), (101, None)])
def test_the_next_change_is_when_a_day_leaves_the_window(asked: int, change: int | None) -> None:
    tally = tally_of([(5, 1), (10, 1)])
    wanted = None if change is None else on_day(change)
    assert tally.next_change(91, on_day(asked)) == wanted


def test_currencies_have_their_own_sums() -> None:
    tallies: Tallies = {}
    add(tallies, Series.ORDERED, "USD", on_day(0), 5)
    add(tallies, Series.ORDERED, "EUR", on_day(0), 7)
    add(tallies, Series.CANCELLED, "EUR", on_day(0), 7)
    assert currencies_of(tallies, Series.ORDERED) == ["EUR", "USD"]
    through = on_day(0) + timedelta(days=1)
    assert sum_within(tallies, Series.ORDERED, "USD", days=9, through=through) == (5, 1)
    assert sum_within(tallies, Series.RETURNED, "USD", days=9, through=through) == (0, 0)


@pytest.mark.parametrize(("days", "taken"), [(KEPT_DAYS, True), (KEPT_DAYS + 1, False)])
def test_no_policy_asks_for_a_longer_window_than_is_kept(days: int, *, taken: bool) -> None:
    entry = replace(SHIPPED.indicators[Indicator.RETURNS], days=days)
    entries = {**SHIPPED.indicators, Indicator.RETURNS: entry}
    with nullcontext() if taken else pytest.raises(InvalidInputError):
        replace(SHIPPED, indicators=entries)
