"""Running averages: one update per value gives what the batch formula gives over all of them."""

from math import exp, sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.streaming.averages import (
    DecayedRatio,
    LateRate,
    Spread,
    TimedAverage,
    Welford,
)
from tests.unit.monitoring.warning_builders import GOLDEN, on_day

VALUES = st.lists(st.floats(min_value=-1e4, max_value=1e4), min_size=2, max_size=40)
DAYS = st.lists(st.integers(min_value=0, max_value=300), min_size=1, max_size=30)


@given(VALUES)
def test_welford_is_the_mean_and_the_sample_deviation(values: list[float]) -> None:
    state = Welford()
    for value in values:
        state = state.after(value)
    assert state.mean == pytest.approx(fmean(values), abs=1e-6)
    assert state.deviation == pytest.approx(stdev(values), abs=1e-6)


def test_one_value_has_no_deviation() -> None:
    assert Welford().after(3.0).deviation is None


@given(VALUES)
def test_welford_of_the_most_values_fades_like_an_ewma(values: list[float]) -> None:
    state, mean = Welford(), 0.0
    for number, value in enumerate(values):
        state = state.after(value, most=4)
        mean += (value - mean) / min(4, number + 1)
    assert state.mean == pytest.approx(mean, abs=1e-6)
    assert state.seen == min(4, len(values))


@given(VALUES, st.floats(min_value=0.05, max_value=0.9))
def test_the_spread_is_the_weighted_sum_over_all_values(values: list[float], weight: float) -> None:
    state = Spread()
    for value in values:
        state = state.after(value, weight=weight, first_variance=2.0)
    ages = range(len(values) - 1, -1, -1)
    shares = [weight * (1 - weight) ** age for age in ages]
    shares[0] = (1 - weight) ** (len(values) - 1)
    batch = sum(share * value for share, value in zip(shares, values, strict=True))
    assert state.mean == pytest.approx(batch, abs=1e-6)


@given(VALUES)
def test_the_spreads_variance_is_that_of_its_weighted_values(values: list[float]) -> None:
    """The recursion equals the weighted variance about the weighted mean, from no variance."""
    state, weight = Spread(), 0.2
    for value in values:
        state = state.after(value, weight=weight)
    ages = range(len(values) - 1, -1, -1)
    shares = [weight * (1 - weight) ** age for age in ages]
    shares[0] = (1 - weight) ** (len(values) - 1)
    pairs = list(zip(shares, values, strict=True))
    batch = sum(share * (value - state.mean) ** 2 for share, value in pairs)
    assert state.variance == pytest.approx(batch, rel=1e-6, abs=1e-5)


@pytest.mark.parametrize(("left_out", "seen"), [(1, 5), (2, 5), (3, 5), (4, 1)])
def test_what_is_far_off_is_left_out_three_times_and_then_is_the_usual(
    left_out: int, seen: int
) -> None:
    state = Spread()
    for _ in range(5):
        state = state.after(10.0, weight=0.2, first_variance=1.0)
    for _ in range(left_out):
        state = state.frozen_after(90.0, weight=0.2, most=3)
    assert state.seen == seen
    assert state.mean == (10.0 if seen == 5 else 90.0)


def test_a_value_is_tested_with_no_less_than_the_floor() -> None:
    state = Spread().after(10.0, weight=0.2)
    assert Spread().z_of(12.0, floor=0.5) is None
    assert state.z_of(12.0, floor=0.5) == 4.0


@given(DAYS, st.floats(min_value=5, max_value=120))
def test_the_timed_average_is_the_integral_of_the_levels(days: list[int], constant: float) -> None:
    """Each level weighs e^(-age/τ) integrated over the days it stood; the first as if always so."""
    changes = sorted(set(days))
    levels = [float(1 + day % 7) for day in changes]
    state = TimedAverage()
    for day, level in zip(changes, levels, strict=True):
        state = state.after(level, on_day(day), time_constant=constant)
    edges = [*changes[1:], 320]
    batch = levels[0] * exp(-(320 - changes[0]) / constant)
    for start, end, level in zip(changes, edges, levels, strict=True):
        batch += level * (exp(-(320 - end) / constant) - exp(-(320 - start) / constant))
    assert state.as_of(on_day(320), time_constant=constant) == pytest.approx(batch)


def test_before_any_level_the_average_is_nothing() -> None:
    assert TimedAverage().as_of(on_day(1), time_constant=30.0) == 0.0


@given(DAYS)
def test_the_decayed_ratio_is_the_ratio_of_the_decayed_sums(days: list[int]) -> None:
    """In whatever order the parts come."""
    state = DecayedRatio()
    for day in days:
        state = state.after(day % 3, 4.0, on_day(day), half_life_days=60.0)
    faded = [0.5 ** ((300 - day) / 60.0) for day in days]
    part = sum(kept * (day % 3) for kept, day in zip(faded, days, strict=True))
    assert state.value == pytest.approx(part / sum(4.0 * kept for kept in faded))


def test_a_ratio_to_nothing_is_unknown() -> None:
    assert DecayedRatio().value is None


def test_ew_13_four_late_of_twenty_are_one_in_six() -> None:
    case = GOLDEN["EW-13"]
    late, of = case["in"]["late"], case["in"]["n"]
    rate = LateRate(prior_late=case["in"]["prior_a"], prior_in_time=case["in"]["prior_b"])
    for number in range(of):
        rate = rate.after(late=number < late, in_time=number >= late)
    assert rate.mean == pytest.approx(case["out"]["posterior_mean"], abs=5e-7)


def test_the_prior_expects_one_in_ten() -> None:
    assert LateRate().mean == 0.1


def test_the_past_of_a_rate_fades() -> None:
    rate = LateRate().after(late=10).after(late=1, kept=sqrt(0.25))
    assert rate.late == 6.0
