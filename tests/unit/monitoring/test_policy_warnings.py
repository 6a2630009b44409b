"""The policy of the warnings: what ships, and what no policy may say."""

from dataclasses import replace
from typing import Any

import pytest

from services.monitoring.domain.catalogue import Indicator, IndicatorGroup
from services.monitoring.domain.policies.warnings import (
    SEVERITIES,
    Comparator,
    FactWindows,
    Severity,
)
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.warning_builders import AMBER, RED, SHIPPED, WATCH

DEFAULTS = {
    "T01": (7, 30, 60, 30),
    "T02": (0.15, 0.30, 0.50, 30),
    "T03": (10, 20, 35, 45),
    "T06": (10, 20, 35, 30),
    "T07": (0.15, 0.30, 0.50, 60),
    "T09": (0.5, 1, 2, 60),
    "B01": (3, 4, 5, 30),
    "B02": (2.5, 3.5, 4.5, 45),
    "L01": (0.80, 0.95, 1.10, 15),
}


@pytest.mark.parametrize(("code", "numbers"), DEFAULTS.items())
def test_the_shipped_thresholds_are_the_house_defaults(
    code: str, numbers: tuple[float, ...]
) -> None:
    entry = SHIPPED.indicators[Indicator(code)]
    assert (entry.watch, entry.amber, entry.red, entry.half_life_days) == numbers


def test_hard_triggers_are_the_catalogues() -> None:
    hard = {code.value: each.hard_trigger for code, each in SHIPPED.indicators.items()}
    assert {code: value for code, value in hard.items() if value} == {
        "T01": 90,
        "T09": 2,
        "B09": 3,
        "E04": 3,
        "E08": 3,
        "E10": 3,
    }


def test_a_sign_where_less_is_worse_may_be_negative_and_must_fall() -> None:
    entry = replace(SHIPPED.indicators[Indicator.Z_SCORE], watch=1.0, amber=0.0, red=-1.0)
    assert [entry.severity_of(value) for value in (1.0, 0.9, -0.1, -1.1)] == [
        None,
        WATCH,
        AMBER,
        RED,
    ]
    with pytest.raises(InvalidInputError, match="get worse"):
        replace(entry, watch=0.0, amber=1.0)


def test_a_severity_without_a_threshold_is_passed_over() -> None:
    entry = replace(SHIPPED.indicators[Indicator.MAX_DAYS_PAST_DUE], watch=None, red=None)
    assert [entry.severity_of(value) for value in (30, 31, 1000)] == [None, AMBER, AMBER]
    assert entry.threshold(WATCH) == entry.threshold(RED) == 30


def test_an_indicator_without_a_hard_trigger_never_pulls_it() -> None:
    assert not SHIPPED.indicators[Indicator.LATENESS_LEVEL].triggers(1e9)
    assert not SHIPPED.indicators[Indicator.MAX_DAYS_PAST_DUE].triggers(None)


@pytest.mark.parametrize(
    ("comparator", "below", "at", "above"),
    [
        (Comparator.MORE_THAN, False, False, True),
        (Comparator.AT_LEAST, False, True, True),
        (Comparator.LESS_THAN, True, False, False),
    ],
)
def test_comparators_are_the_rulebooks_words(
    comparator: Comparator, *, below: bool, at: bool, above: bool
) -> None:
    assert [comparator.met(value, 7) for value in (6, 7, 8)] == [below, at, above]


def test_severities_rise_from_watch_to_red() -> None:
    assert [each.rank for each in (WATCH, AMBER, RED)] == [1, 2, 3]
    assert tuple(Severity) == SEVERITIES


@pytest.mark.parametrize("numbers", [(0, 30, 60), (30, 7, 60), (7, 60, 30), (7, 7, 60)])
def test_thresholds_must_rise(numbers: tuple[float, float, float]) -> None:
    entry = SHIPPED.indicators[Indicator.MAX_DAYS_PAST_DUE]
    watch, amber, red = numbers
    with pytest.raises(InvalidInputError, match="get worse"):
        replace(entry, watch=watch, amber=amber, red=red)


@pytest.mark.parametrize("days", [0, -1])
def test_a_half_life_is_above_nothing(days: float) -> None:
    with pytest.raises(InvalidInputError, match="above 0"):
        replace(SHIPPED.indicators[Indicator.MAX_DAYS_PAST_DUE], half_life_days=days)


def test_every_indicator_must_be_there() -> None:
    indicators = {**SHIPPED.indicators}
    del indicators[Indicator.ORDER_DROP]
    with pytest.raises(InvalidInputError, match="B02"):
        replace(SHIPPED, indicators=indicators)


@pytest.mark.parametrize(
    "changes",
    [
        {"yellow_from": 0},
        {"yellow_from": 60},
        {"amber_from": 80},
        {"red_from": 101},
        {"weights": {WATCH: 0.5, AMBER: 0.35, RED: 0.7}},
        {"weights": {WATCH: 0.1, AMBER: 0.35}},
        {"weights": {WATCH: 0.1, AMBER: 0.35, RED: 1.1}},
        {"caps": {IndicatorGroup.TRANSACTIONS: 0.9}},
    ],
)
def test_a_score_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        replace(SHIPPED.score, **changes)


@pytest.mark.parametrize("changes", [{"clear_factor": 1.1}, {"clear_after": 0}, {"worsening": 0.0}])
def test_a_lifecycle_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        replace(SHIPPED.lifecycle, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"weight": 0.0},
        {"weight": 1.1},
        {"segment_variance": 0.0},
        {"floor": 0.0},
        {"least_share": 0},
    ],
)
def test_a_detector_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        replace(SHIPPED.orders, **changes)


def test_windows_are_at_least_a_day() -> None:
    with pytest.raises(InvalidInputError, match="wadd"):
        FactWindows(wadd_days=0, parts_days=1, sales_days=1)


def test_dishonours_fade() -> None:
    with pytest.raises(InvalidInputError, match="dishonour"):
        replace(SHIPPED, dishonour_half_life_days=0)


@pytest.mark.parametrize(
    ("numbers", "complaint"),
    [
        ({"slakc": 0.5}, "must name exactly"),
        ({"slack": -0.1}, "0 or more"),
        ({"slack": float("nan")}, "0 or more"),
        ({"floor_days": 0.0}, "above 0"),
        ({"floor_days": float("inf")}, "above 0"),
    ],
)
def test_the_figures_of_a_formula_are_all_there_and_no_other(
    numbers: dict[str, float], complaint: str
) -> None:
    entry = SHIPPED.indicators[Indicator.LATENESS_DRIFT]
    wrong = replace(entry, numbers=entry.numbers | numbers)
    with pytest.raises(InvalidInputError, match=f"T04 numbers.*{complaint}"):
        replace(SHIPPED, indicators=SHIPPED.indicators | {Indicator.LATENESS_DRIFT: wrong})


def test_a_figure_that_is_missing_is_named() -> None:
    entry = replace(SHIPPED.indicators[Indicator.LATENESS_DRIFT], numbers={})
    with pytest.raises(InvalidInputError, match="slack"):
        replace(SHIPPED, indicators=SHIPPED.indicators | {Indicator.LATENESS_DRIFT: entry})


def test_a_version_from_before_there_were_covenants_goes_on_without_them() -> None:
    before = dict(SHIPPED.indicators)
    del before[Indicator.COVENANT_BREACH]
    entry = replace(SHIPPED, indicators=before).indicators[Indicator.COVENANT_BREACH]
    assert (entry.retired, entry.title) == (True, "Covenant breach")
