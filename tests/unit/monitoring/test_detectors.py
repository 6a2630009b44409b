"""Detectors: one update per value gives what the batch formula gives over all of them."""

from dataclasses import replace
from datetime import timedelta
from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.detectors import (
    DecayingCount,
    UsualAmount,
    acknowledged,
    decay,
    deviation,
    meet,
)
from services.monitoring.domain.policies.surprises import SurprisePolicy
from tests.unit.monitoring.warning_builders import GOLDEN, SHIPPED, on_day

ORDERS = SHIPPED.orders
HALF_LIFE = SHIPPED.dishonour_half_life_days
AMOUNTS = st.floats(min_value=1.0, max_value=1e9)


def after_all(amounts: list[float], policy: SurprisePolicy = ORDERS) -> UsualAmount:
    state = UsualAmount()
    for amount in amounts:
        state, _ = meet(state, amount, policy)
    return state


def counted(days: list[int]) -> DecayingCount:
    count = DecayingCount()
    for day in days:
        count = count.after(on_day(day), half_life_days=HALF_LIFE)
    return count


def test_ew_1_an_order_of_two_and_a_half_times_the_usual_is_nine_deviations_off() -> None:
    case = GOLDEN["EW-1"]
    state = after_all(case["in"]["orders"])
    _, surprise = meet(state, case["in"]["new"], ORDERS)
    assert surprise is not None
    assert state.mean == pytest.approx(case["out"]["mu"], abs=5e-7)
    assert deviation(state, ORDERS) == pytest.approx(case["out"]["sd"], abs=5e-7)
    assert surprise.z == pytest.approx(case["out"]["z"], abs=5e-4)
    assert surprise.ratio == pytest.approx(case["out"]["ratio"], abs=5e-4)


def test_ew_8_bounces_halve_every_thirty_days() -> None:
    case = GOLDEN["EW-8"]
    count = counted(case["in"]["bounce days"])
    at_45 = count.as_of(on_day(45), half_life_days=HALF_LIFE)
    at_60 = count.as_of(on_day(case["in"]["eval_day"]), half_life_days=HALF_LIFE)
    assert at_45 == pytest.approx(case["out"]["at_45"], abs=5e-5)
    assert at_60 == pytest.approx(case["out"]["at_60"], abs=5e-5)


def test_nothing_counted_is_an_honest_zero() -> None:
    assert DecayingCount().as_of(on_day(9), half_life_days=HALF_LIFE) == 0.0


def test_a_bounce_learned_of_late_counts_as_old_as_it_is() -> None:
    in_order = counted([0, 10, 40]).as_of(on_day(60), half_life_days=HALF_LIFE)
    out_of_order = counted([0, 40, 10]).as_of(on_day(60), half_life_days=HALF_LIFE)
    assert out_of_order == pytest.approx(in_order)


@given(st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=30))
def test_the_decaying_count_equals_the_sum_over_all_bounces(days: list[int]) -> None:
    last = on_day(500)
    batch = sum(decay((last - on_day(day)).days, HALF_LIFE) for day in days)
    assert counted(days).as_of(last, half_life_days=HALF_LIFE) == pytest.approx(batch)


@pytest.mark.parametrize(("days", "left"), [(0, 1.0), (30, 0.5), (60, 0.25), (15, sqrt(0.5))])
def test_half_is_left_after_a_half_life(days: int, left: float) -> None:
    assert decay(days, 30) == pytest.approx(left)


def test_nothing_is_said_of_a_first_amount() -> None:
    state, surprise = meet(UsualAmount(), 500.0, ORDERS)
    assert surprise is None
    assert state == UsualAmount(seen=1, mean=log(500), variance=ORDERS.segment_variance)


def test_an_amount_of_nothing_before_there_is_a_usual_one_is_no_value() -> None:
    state, surprise = meet(UsualAmount(), 0.0, ORDERS)
    assert (state, surprise) == (UsualAmount(), None)


def test_an_amount_of_nothing_counts_as_the_least_share_of_the_usual() -> None:
    state = after_all([100.0] * 6)
    _, nothing = meet(state, 0.0, ORDERS)
    _, least = meet(state, 100.0 * ORDERS.least_share, ORDERS)
    assert nothing is not None
    assert least is not None
    assert nothing.z == pytest.approx(least.z)
    assert nothing.ratio == 0.0


@pytest.mark.parametrize("season", [0.4, 1.0, 2.0])
def test_the_season_is_divided_out_before_the_test(season: float) -> None:
    state = after_all([100.0] * 6)
    learned, surprise = meet(state, 110.0 * season, ORDERS, season=season)
    plain, _ = meet(state, 110.0, ORDERS)
    assert surprise is not None
    assert (surprise.usual, surprise.ratio) == pytest.approx((100.0 * season, 1.1))
    assert surprise.z == pytest.approx(log(1.1) / deviation(state, ORDERS))
    assert (learned.mean, learned.variance) == pytest.approx((plain.mean, plain.variance))


def test_nothing_in_a_quiet_month_is_less_of_a_surprise() -> None:
    state = after_all([100.0] * 6)
    _, surprise = meet(state, 0.0, ORDERS, season=0.4)
    assert surprise is not None
    assert surprise.z == pytest.approx(log(ORDERS.least_share / 0.4) / deviation(state, ORDERS))


def test_a_first_value_is_of_an_average_month() -> None:
    state, _ = meet(UsualAmount(), 40.0, ORDERS, season=0.4)
    assert state.mean == pytest.approx(log(100.0))


def test_the_test_comes_before_the_update() -> None:
    state = after_all([100.0] * 10)
    _, surprise = meet(state, 110.0, ORDERS)
    assert surprise is not None
    assert surprise.usual == pytest.approx(100.0)
    assert surprise.observed == 10


def test_the_deviation_never_falls_below_the_floor() -> None:
    state = after_all([100.0] * 200)
    assert state.variance < ORDERS.floor**2
    assert deviation(state, ORDERS) == ORDERS.floor


@pytest.mark.parametrize(("seen", "own"), [(5, False), (6, True), (7, True)])
def test_the_segment_stands_in_until_six_values_were_seen(seen: int, *, own: bool) -> None:
    state = after_all([100.0] * seen)
    expected = state.variance if own else ORDERS.segment_variance
    assert deviation(state, ORDERS) == pytest.approx(sqrt(expected))


def test_a_value_far_off_is_not_learned_from() -> None:
    state = after_all([100.0] * 10)
    frozen, _ = meet(state, 10_000.0, ORDERS)
    assert (frozen.mean, frozen.variance, frozen.frozen) == (state.mean, state.variance, 1)


def test_a_value_just_within_four_deviations_is_learned_from() -> None:
    state = after_all([100.0] * 10)
    four = 4 * deviation(state, ORDERS)
    learned, _ = meet(state, exp(state.mean + four * 0.999), ORDERS)
    frozen, _ = meet(state, exp(state.mean + four * 1.001), ORDERS)
    assert learned.mean > state.mean
    assert frozen.mean == state.mean


def test_after_three_frozen_values_the_fourth_is_the_new_normal() -> None:
    state = after_all([100.0] * 10 + [10_000.0] * 3)
    assert state.frozen == 3
    assert state.mean == pytest.approx(log(100))
    state, _ = meet(state, 10_000.0, ORDERS)
    assert state == UsualAmount(seen=1, mean=log(10_000), variance=ORDERS.segment_variance)


def test_once_acknowledged_the_next_value_as_far_off_is_the_new_normal() -> None:
    state = acknowledged(after_all([100.0] * 10 + [10_000.0]), ORDERS)
    state, surprise = meet(state, 10_000.0, ORDERS)
    assert state == UsualAmount(seen=1, mean=log(10_000), variance=ORDERS.segment_variance)
    assert surprise is not None
    assert surprise.usual == pytest.approx(100)


def test_once_acknowledged_a_usual_value_is_learned_as_ever() -> None:
    before = after_all([100.0] * 10 + [10_000.0])
    assert meet(acknowledged(before, ORDERS), 100.0, ORDERS) == meet(before, 100.0, ORDERS)


def test_where_nothing_was_left_out_there_is_nothing_to_acknowledge() -> None:
    state = after_all([100.0] * 10)
    assert acknowledged(state, ORDERS) is state


def test_a_usual_value_ends_a_freeze() -> None:
    state = after_all([100.0] * 10 + [10_000.0] * 2 + [100.0])
    assert state.frozen == 0


@given(st.lists(AMOUNTS, min_size=2, max_size=40))
def test_the_mean_equals_the_batch_ewma_when_nothing_is_frozen(amounts: list[float]) -> None:
    patient = replace(ORDERS, freeze_over=1e9)
    weight, expected = patient.weight, log(amounts[0])
    for amount in amounts[1:]:
        floor = expected + log(patient.least_share)
        expected = (1 - weight) * expected + weight * max(log(amount), floor)
    assert after_all(amounts, patient).mean == pytest.approx(expected)


@given(st.lists(AMOUNTS, max_size=40))
def test_the_variance_is_never_negative(amounts: list[float]) -> None:
    assert after_all(amounts).variance >= 0.0


def test_the_state_stays_one_record_however_long_the_history() -> None:
    assert after_all([100.0] * 1000).seen == 1000
    assert counted(list(range(300))).on == on_day(0) + timedelta(days=299)
