"""A policy that cannot be right is refused on the way in."""

from dataclasses import replace

import pytest

from services.rating.domain.policy import (
    BehaviourPolicy,
    BlendPolicy,
    GradeStep,
    OverridePolicy,
    PriorPolicy,
    RatingPolicy,
    Scorecard,
    Variable,
)
from shared.kernel.errors import InvalidInputError
from tests.unit.rating.builders import POLICY, SHIPPED

LINE = ((0.0, 0.0), (1.0, 100.0))


def test_the_shipped_policy_is_named() -> None:
    assert SHIPPED.version == "rating-2026.1"


def test_the_shipped_cards_weigh_a_hundred_points() -> None:
    assert POLICY.financial.weight == 100
    assert POLICY.behavioural.weight == 100


@pytest.mark.parametrize(
    "curve",
    [(), ((1.0, 0.0), (0.0, 100.0)), ((0.0, 0.0), (0.0, 1.0)), ((0.0, -1.0),), ((0.0, 101.0),)],
)
def test_a_curve_needs_ascending_values_and_points_up_to_a_hundred(
    curve: tuple[tuple[float, float], ...],
) -> None:
    with pytest.raises(InvalidInputError, match="curve"):
        Variable(weight=1, reason="R01", curve=curve, logarithmic=False)


def test_a_variable_without_weight_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="weight"):
        Variable(weight=0, reason="R01", curve=LINE, logarithmic=False)


def test_a_logarithmic_curve_begins_above_zero() -> None:
    with pytest.raises(InvalidInputError, match="curve"):
        Variable(weight=1, reason="R01", curve=LINE, logarithmic=True)


@pytest.mark.parametrize(("zero", "hundred"), [(0.1, 0.2), (1.0, 0.1), (0.3, 0.0), (0.3, 0.3)])
def test_pd_falls_from_one_end_of_a_card_to_the_other(zero: float, hundred: float) -> None:
    with pytest.raises(InvalidInputError, match="pd_at_zero"):
        Scorecard(zero, hundred, least_weight=0.6, variables={})


def test_the_least_weight_is_a_share() -> None:
    with pytest.raises(InvalidInputError, match="least_weight"):
        replace(POLICY.financial, least_weight=60)


def test_a_quality_is_a_share() -> None:
    with pytest.raises(InvalidInputError, match="quality"):
        replace(POLICY.statements, quality={"audited": 1.5})


def test_a_rate_of_exchange_is_above_zero() -> None:
    with pytest.raises(InvalidInputError, match=r"eur_rates\.CNY"):
        replace(POLICY.statements, eur_rates={"CNY": 0.0})


def test_a_statement_is_fresh_before_it_is_worthless() -> None:
    with pytest.raises(InvalidInputError, match="fresh_until"):
        replace(POLICY.statements, fresh_until=24)


@pytest.mark.parametrize(("settled", "half"), [(0, 12.0), (6, 0.0)])
def test_behaviour_needs_some_history(settled: int, half: float) -> None:
    with pytest.raises(InvalidInputError):
        BehaviourPolicy(settled, half)


def test_an_agency_names_a_scale_there_is() -> None:
    with pytest.raises(InvalidInputError, match="agencies"):
        replace(POLICY.external, agencies={"sp": "runes"})


def test_a_prior_is_a_chance() -> None:
    with pytest.raises(InvalidInputError, match=r"prior\.retail"):
        PriorPolicy(default=0.01, by_segment={"retail": 0.0})


def test_a_blend_has_a_prior() -> None:
    with pytest.raises(InvalidInputError, match="prior_weight"):
        replace(POLICY.blend, prior_weight=0)


def test_medium_confidence_begins_below_high() -> None:
    with pytest.raises(InvalidInputError, match="confidence_medium"):
        BlendPolicy(0.2, 0.4, 0.35, 0.25, 0.4, 0.7, 2.2)


def test_late_comes_before_default() -> None:
    with pytest.raises(InvalidInputError, match="past_due_beyond"):
        replace(POLICY.caps, past_due_beyond=90)


def test_an_override_has_an_end() -> None:
    with pytest.raises(InvalidInputError, match="longest_months"):
        OverridePolicy(1, 3, longest_months=0)


def test_at_least_one_reason_is_given() -> None:
    with pytest.raises(InvalidInputError, match="most_negatives"):
        replace(POLICY.reasons, most_negatives=0)


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (GradeStep("A", 0.01, "P1"),),
        (GradeStep("A", 0.02, "P1"), GradeStep("B", 0.01, "P1"), GradeStep("D", 1, "P6")),
        (GradeStep("A", 0.0, "P1"), GradeStep("D", 1, "P6")),
        (GradeStep("A", 0.01, "P1"), GradeStep("D", 0.9, "P6")),
    ],
)
def test_a_scale_rises_to_default(steps: tuple[GradeStep, ...]) -> None:
    with pytest.raises(InvalidInputError, match="master_scale"):
        replace(POLICY, master_scale=steps)


def test_a_cap_names_a_grade_there_is() -> None:
    with pytest.raises(InvalidInputError, match="not on the master scale"):
        replace(POLICY, caps=replace(POLICY.caps, thin_file="B++"))


def test_an_agency_s_letters_map_to_a_grade_there_is() -> None:
    scales = {**POLICY.external.scales, "letters": {"AAA": "Aaa"}}
    with pytest.raises(InvalidInputError, match="not on the master scale"):
        replace(POLICY, external=replace(POLICY.external, scales=scales))


def test_every_band_has_a_validity() -> None:
    with pytest.raises(InvalidInputError, match="validity_months"):
        replace(POLICY, validity_months={"P1": 12})


def test_the_shipped_policy_is_whole() -> None:
    assert isinstance(replace(POLICY), RatingPolicy)
