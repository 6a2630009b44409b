"""The composite score: golden cases, half-open bands, hard triggers, and what must always hold."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.catalogue import IndicatorGroup
from services.monitoring.domain.policies.warnings import Band, Severity
from services.monitoring.domain.watching.early_warning import (
    Contribution,
    EarlyWarning,
    band_of,
    early_warning,
)
from tests.unit.monitoring.warning_builders import AMBER, GOLDEN, RED, SHIPPED, TODAY, WATCH

SCORE = SHIPPED.score
LETTERS = {"G": Band.GREEN, "Y": Band.YELLOW, "A": Band.AMBER, "R": Band.RED}


def a_contribution(
    severity: Severity = WATCH,
    group: IndicatorGroup = IndicatorGroup.TRANSACTIONS,
    **changes: Any,  # Any: a test's fields, checked by the dataclass
) -> Contribution:
    usual = Contribution(
        indicator="T01", group=group, severity=severity, age_days=0, half_life_days=30
    )
    return replace(usual, **changes)


def scored(*contributions: Contribution) -> EarlyWarning:
    return early_warning(contributions, SCORE, as_of=TODAY)


def golden_contributions(case: str) -> list[Contribution]:
    elapsed = GOLDEN[case]["in"].get("elapsed_d", 0)
    return [
        Contribution(
            indicator=alert.get("indicator", alert["group"]),
            group=IndicatorGroup(alert["group"]),
            severity=Severity(alert["severity"].lower()),
            age_days=alert["age_d"] + elapsed,
            half_life_days=alert["half_life_d"],
            confidence=alert["q"],
        )
        for alert in GOLDEN[case]["in"]["alerts"]
    ]


@pytest.mark.parametrize("case", ["EW-4", "EW-5", "EW-6"])
def test_golden_scores(case: str) -> None:
    found = scored(*golden_contributions(case))
    assert found.ews == pytest.approx(GOLDEN[case]["out"]["EWS"], abs=5e-4)
    assert found.band == LETTERS[GOLDEN[case]["out"]["band"]]


def test_no_sign_scores_nothing() -> None:
    assert scored() == EarlyWarning(as_of=TODAY, ews=0.0, band=Band.GREEN, groups={})


@pytest.mark.parametrize(
    ("ews", "band"),
    [
        (0.0, Band.GREEN),
        (24.999999, Band.GREEN),
        (25.0, Band.YELLOW),
        (49.999999, Band.YELLOW),
        (50.0, Band.AMBER),
        (74.999999, Band.AMBER),
        (75.0, Band.RED),
        (100.0, Band.RED),
    ],
)
def test_a_band_begins_with_its_lower_bound(ews: float, band: Band) -> None:
    assert band_of(ews, SCORE) is band


def test_a_sign_fades_by_half_every_half_life() -> None:
    fresh, faded = scored(a_contribution(RED)), scored(a_contribution(RED, age_days=30))
    assert faded.ews == pytest.approx(fresh.ews / 2)


def test_a_breach_of_tomorrow_is_as_fresh_as_one_of_today() -> None:
    assert scored(a_contribution(age_days=-3)) == scored(a_contribution(age_days=0))


def test_half_the_confidence_is_half_the_sign() -> None:
    sure, unsure = scored(a_contribution(RED)), scored(a_contribution(RED, confidence=0.5))
    assert unsure.ews == pytest.approx(sure.ews / 2)


def test_a_group_cannot_weigh_more_than_its_cap() -> None:
    limits = [a_contribution(RED, IndicatorGroup.LIMIT) for _ in range(50)]
    assert scored(*limits).ews == pytest.approx(100 * SCORE.caps[IndicatorGroup.LIMIT])


def test_a_hard_trigger_lifts_the_score_to_ninety() -> None:
    found = scored(a_contribution(RED, hard=True))
    assert (found.ews, found.band, found.hard_triggers) == (90.0, Band.RED, ("T01",))


def test_a_hard_trigger_never_lowers_a_score() -> None:
    signs = [a_contribution(RED, group, hard=True) for group in IndicatorGroup for _ in range(3)]
    without = scored(*(replace(each, hard=False) for each in signs))
    assert without.ews > 90
    assert scored(*signs).ews == without.ews


def test_the_score_of_each_group_is_shown() -> None:
    found = scored(a_contribution(RED), a_contribution(WATCH, IndicatorGroup.LIMIT))
    assert found.groups == {
        IndicatorGroup.LIMIT: pytest.approx(0.15),
        IndicatorGroup.TRANSACTIONS: pytest.approx(0.70),
    }


CONTRIBUTIONS = st.lists(
    st.builds(
        Contribution,
        indicator=st.sampled_from(["T01", "T02", "B01", "L01"]),
        group=st.sampled_from(IndicatorGroup),
        severity=st.sampled_from(Severity),
        age_days=st.integers(min_value=0, max_value=1000),
        half_life_days=st.floats(min_value=1, max_value=365),
        confidence=st.floats(min_value=0, max_value=1),
        hard=st.booleans(),
    ),
    max_size=12,
)


@given(CONTRIBUTIONS)
def test_the_score_lies_between_nothing_and_a_hundred(signs: list[Contribution]) -> None:
    assert 0.0 <= scored(*signs).ews <= 100.0


@given(CONTRIBUTIONS, st.integers(min_value=0, max_value=11))
def test_a_worse_sign_never_lowers_the_score(signs: list[Contribution], at: int) -> None:
    if at >= len(signs):
        return
    milder = [*signs]
    for severity in (WATCH, AMBER, RED):
        harsher = [*signs]
        harsher[at] = replace(signs[at], severity=severity)
        if severity is not WATCH:
            assert scored(*harsher).ews >= scored(*milder).ews - 1e-9
        milder = harsher


@given(CONTRIBUTIONS)
def test_one_more_sign_never_lowers_the_score(signs: list[Contribution]) -> None:
    assert scored(*signs, a_contribution(AMBER)).ews >= scored(*signs).ews - 1e-9


@given(CONTRIBUTIONS, st.integers(min_value=1, max_value=500))
def test_time_without_news_never_raises_the_score(signs: list[Contribution], days: int) -> None:
    later = [replace(each, age_days=each.age_days + days) for each in signs]
    assert scored(*later).ews <= scored(*signs).ews + 1e-9
