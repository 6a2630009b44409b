"""Control charts: the golden cases, their run lengths by chance, and the drift that learns."""

from dataclasses import replace
from random import Random
from statistics import fmean

import pytest

from services.monitoring.domain.streaming.averages import Welford
from services.monitoring.domain.streaming.charts import AverageChart, Cusum, Drift, DriftRules
from tests.unit.monitoring.warning_builders import GOLDEN

RULES = DriftRules(
    slack=0.5,
    baseline=12,
    least=4,
    floor=1.0,
    floor_share=0.05,
    alarm=3.0,
    most=12.0,
    calm=3,
    settled=6,
)
STEADY = Drift(usual=Welford(seen=12, mean=2.5, squares=44.0))  # deviation 2.0


def test_ew_2_the_cumulative_sum_of_monthly_days_late() -> None:
    given, wanted = GOLDEN["EW-2"]["in"], GOLDEN["EW-2"]["out"]
    chart, heights = Cusum(height=given["C0"]), []
    for value in given["monthly_wadd"]:
        chart = chart.after((value - given["mu0"]) / given["sd0"], slack=given["k"])
        heights.append(chart.height)
    assert heights == wanted["C"]
    first = next(month for month, height in enumerate(heights, 1) if height > given["h"])
    assert first == wanted["first_alarm_month"]


def test_ew_3_the_smoothed_days_late_pass_their_limit_before_the_level_does() -> None:
    given, wanted = GOLDEN["EW-3"]["in"], GOLDEN["EW-3"]["out"]
    chart, alarms = AverageChart(smoothed=given["Z0"]), []
    for value, (smoothed, limit) in zip(given["monthly_wadd"], wanted["Z_limit"], strict=True):
        chart = chart.after(value, weight=given["lambda"])
        mine = chart.limit(given["mu0"], given["sd0"], weight=given["lambda"], width=given["L"])
        assert chart.smoothed == pytest.approx(smoothed, abs=5e-4)
        assert mine == pytest.approx(limit, abs=5e-4)
        alarms.append(chart.smoothed > mine)
    assert alarms.index(True) + 1 == wanted["first_alarm_month"]
    levels = [value > given["level_alert_above"] for value in given["monthly_wadd"]]
    assert levels.index(True) + 1 == wanted["first_level_alert_month"]


def cusum_run(dice: Random, *, limit: float, shift: float) -> int:
    chart, length = Cusum(), 0
    while chart.height <= limit:
        chart = chart.after(dice.gauss(shift), slack=0.5)
        length += 1
    return length


@pytest.mark.parametrize(("place", "limit"), [(0, 4.0), (1, 5.0)])
def test_ew_10_how_long_the_sum_runs_by_chance_and_after_a_shift(place: int, limit: float) -> None:
    by_chance, shifted = GOLDEN["EW-10"]["out"]["cusum_arl0_arl1"][str(int(limit))]
    dice = Random(10 + place)
    runs = [cusum_run(dice, limit=limit, shift=0.0) for _ in range(500)]
    assert fmean(runs) == pytest.approx(by_chance, rel=0.15)
    found = [cusum_run(dice, limit=limit, shift=1.0) for _ in range(2000)]
    assert fmean(found) == pytest.approx(shifted, rel=0.05)


def chart_run(dice: Random, *, weight: float, width: float) -> int:
    """Two-sided, with the limits the chart has once many values came."""
    limit = width * (weight / (2 - weight)) ** 0.5
    smoothed, length = 0.0, 0
    while abs(smoothed) <= limit:
        smoothed = AverageChart(smoothed=smoothed).after(dice.gauss(), weight=weight).smoothed
        length += 1
    return length


@pytest.mark.parametrize("place", [0, 1])
def test_ew_10_how_long_the_chart_runs_by_chance(place: int) -> None:
    given = GOLDEN["EW-10"]["in"]["ewma"][place]
    dice = Random(20 + place)
    runs = [chart_run(dice, weight=given["lambda"], width=given["L"]) for _ in range(500)]
    assert fmean(runs) == pytest.approx(GOLDEN["EW-10"]["out"]["ewma_arl0"][place], rel=0.15)


def drift_of(values: list[float], rules: DriftRules = RULES) -> Drift:
    state = Drift()
    for value in values:
        state = state.after(value, rules)
    return state


@pytest.mark.parametrize(("seen", "height"), [(3, 0.0), (4, 2.5)])
def test_a_drift_is_only_seen_once_there_is_a_usual(seen: int, height: float) -> None:
    steady = [4.0, 4.0, 4.0, 4.0][:seen]
    assert drift_of([*steady, 7.0]).sum.height == height


def test_ew_2_a_drift_from_a_known_usual_rises_with_the_golden_sum() -> None:
    case, state, heights = GOLDEN["EW-2"], STEADY, []
    rules = replace(RULES, most=99.0, calm=99, settled=99)
    for value in case["in"]["monthly_wadd"][6:]:
        state = state.after(value, rules)
        heights.append(state.sum.height)
    assert heights == case["out"]["C"][6:]


def test_the_sum_is_stopped() -> None:
    assert STEADY.after(99.0, RULES).sum.height == RULES.most


@pytest.mark.parametrize(("calm", "risen"), [(2, True), (3, False)])
def test_three_good_values_running_end_a_drift(calm: int, *, risen: bool) -> None:
    state = STEADY.after(20.0, RULES)
    for _ in range(calm):
        state = state.after(2.0, RULES)
    assert (state.sum.height > 0) is risen


@pytest.mark.parametrize(("months", "usual"), [(5, 2.5), (6, 20.0)])
def test_what_has_been_so_for_long_is_the_usual(months: int, usual: float) -> None:
    state = STEADY
    for _ in range(months):
        state = state.after(20.0, RULES)
    assert state.usual.mean == usual


def test_an_acknowledged_drift_begins_anew_against_the_same_usual() -> None:
    risen = STEADY.after(20.0, RULES)
    seen = risen.acknowledged()
    assert (seen.sum.height, seen.since.seen, seen.alarmed) == (0.0, 0, 0)
    assert (seen.usual, seen.heard, seen.speaks) == (risen.usual, True, True)


@pytest.mark.parametrize("value", [2.0, 20.0])
def test_the_next_value_after_an_acknowledgement_counts_alone(value: float) -> None:
    risen = STEADY.after(20.0, RULES).after(20.0, RULES)
    assert risen.acknowledged().after(value, RULES) == STEADY.after(value, RULES)


def test_where_nothing_drifts_there_is_nothing_to_acknowledge() -> None:
    assert STEADY.acknowledged() == STEADY
