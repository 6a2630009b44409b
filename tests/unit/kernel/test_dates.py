"""Calendar arithmetic at its corners."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.dates import (
    add_months,
    days_between,
    days_past_due,
    is_month_end,
    month_end,
    next_day,
    previous_day,
)

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("due", "as_of", "expected"),
    [
        (date(2025, 1, 31), date(2025, 1, 31), 0),
        (date(2025, 1, 31), date(2025, 1, 30), 0),
        (date(2025, 1, 31), date(2025, 2, 1), 1),
        (date(2025, 1, 31), date(2025, 5, 1), 90),
    ],
)
def test_days_past_due_begin_the_day_after(due: date, as_of: date, expected: int) -> None:
    assert days_past_due(due, as_of) == expected


def test_days_between_may_be_negative() -> None:
    assert days_between(date(2025, 1, 2), date(2025, 1, 1)) == -1


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(day: date, end: date) -> None:
    assert month_end(day) == end


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 1, 15), -13, date(2023, 12, 15)),
        (date(2025, 5, 31), 0, date(2025, 5, 31)),
    ],
)
def test_months_are_added_within_the_calendar(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(days)
def test_exactly_the_last_day_is_a_month_end(day: date) -> None:
    assert is_month_end(day) == (next_day(day).day == 1)


@given(days)
def test_the_day_before_the_day_after_is_the_day(day: date) -> None:
    assert previous_day(next_day(day)) == day


@given(days, st.integers(min_value=0, max_value=60))
def test_months_added_never_go_back(day: date, months: int) -> None:
    assert add_months(day, months) >= day
