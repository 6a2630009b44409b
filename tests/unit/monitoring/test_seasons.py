"""The months' own indices, and the rhythm of purchases."""

from math import sqrt
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.streaming.seasons import Rhythm, Seasons
from tests.unit.monitoring.warning_builders import on_day


def seasons_of(years: list[list[float]]) -> Seasons:
    state = Seasons()
    for amounts in years:
        for month, amount in enumerate(amounts, 1):
            state = state.after(amount, month)
    return state


EVEN = [100.0] * 12


@pytest.mark.parametrize(("years", "index"), [(0, 1.0), (1, 1.25), (2, 1.4)])
def test_a_month_trusts_its_own_years_by_n_over_n_plus_three(years: int, index: float) -> None:
    """December twice the average of the months before it."""
    state = seasons_of([EVEN])
    for _ in range(years):
        state = Seasons(sums=state.sums, years=state.years, level=100.0, seen=12).after(200.0, 12)
    assert state.index(12) == pytest.approx(index)


def test_without_own_years_the_sector_speaks() -> None:
    assert seasons_of([EVEN]).index(2, sector=0.6) == 0.6


def test_the_first_year_only_finds_the_average() -> None:
    state = seasons_of([EVEN])
    assert (state.level, state.years) == (100.0, (0,) * 12)


@given(st.lists(st.floats(min_value=1, max_value=1000), min_size=1, max_size=12))
def test_the_first_year_averages_what_it_saw(amounts: list[float]) -> None:
    assert seasons_of([amounts]).level == pytest.approx(fmean(amounts))


def rhythm_of(days: list[int], weight: float = 0.2) -> Rhythm:
    state = Rhythm()
    for day in days:
        state = state.after(on_day(day), weight=weight)
    return state


def test_the_first_purchase_has_no_gap() -> None:
    assert (rhythm_of([3]).gaps, rhythm_of([3, 10]).gaps) == (0, 1)


def test_purchases_of_one_day_and_late_ones_are_no_gaps() -> None:
    assert rhythm_of([3, 10, 10, 5]) == rhythm_of([3, 10])


@given(st.lists(st.integers(min_value=1, max_value=90), min_size=1, max_size=25))
def test_the_rhythm_is_the_weighted_mean_and_variance_of_the_gaps(gaps: list[int]) -> None:
    days = [sum(gaps[:number]) for number in range(len(gaps) + 1)]
    state = rhythm_of(days)
    shares = [0.2 * 0.8**age for age in range(len(gaps) - 1, -1, -1)]
    shares[0] = 0.8 ** (len(gaps) - 1)
    pairs = list(zip(shares, gaps, strict=True))
    mean = sum(share * gap for share, gap in pairs)
    variance = sum(share * (gap - mean) ** 2 for share, gap in pairs)
    assert state.mean == pytest.approx(mean)
    assert state.deviation == pytest.approx(sqrt(variance), abs=1e-4)
