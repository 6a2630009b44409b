"""Each rule of the policy broken once, from the shipped one that keeps them all."""

from dataclasses import replace

import pytest

from services.rating.domain.policy import CapPolicy, GradeStep, RatingPolicy, Variable
from shared.kernel.errors import InvalidInputError
from tests.unit.rating.builders import POLICY

CURVE = ((0.0, 0.0), (1.0, 100.0))


@pytest.mark.parametrize("weight", [0.0, -0.1, -12.0])
def test_a_variable_weighs_more_than_nothing(weight: float) -> None:
    with pytest.raises(InvalidInputError, match=r"weight.*above zero"):
        Variable(weight, "R01", CURVE, logarithmic=False)


@pytest.mark.parametrize("points", [-0.1, 100.1, 1000.0])
def test_points_outside_the_scale_are_refused(points: float) -> None:
    with pytest.raises(InvalidInputError, match="points of 0 to 100"):
        Variable(1.0, "R01", ((0.0, 0.0), (1.0, points)), logarithmic=False)


@pytest.mark.parametrize("points", [0.0, 100.0])
def test_the_ends_of_the_scale_are_points(points: float) -> None:
    assert Variable(1.0, "R01", ((0.0, points),), logarithmic=False).curve[0][1] == points


@pytest.mark.parametrize("second", [0.0, -0.1])
def test_the_values_of_a_curve_ascend(second: float) -> None:
    with pytest.raises(InvalidInputError, match="ascending values"):
        Variable(1.0, "R01", ((0.0, 0.0), (second, 100.0)), logarithmic=False)


def test_a_curve_without_points_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="ascending values"):
        Variable(1.0, "R01", (), logarithmic=False)


@pytest.mark.parametrize("first", [0.0, -1.0])
def test_a_logarithm_needs_something_above_zero(first: float) -> None:
    with pytest.raises(InvalidInputError, match="above zero"):
        Variable(1.0, "R01", ((first, 0.0), (2.0, 100.0)), logarithmic=True)


def test_a_plain_curve_may_begin_below_zero() -> None:
    variable = Variable(1.0, "R01", ((-1.0, 0.0), (2.0, 100.0)), logarithmic=False)

    assert variable.curve[0][0] == -1.0


@pytest.mark.parametrize(
    ("zero", "hundred"), [(0.3, 0.3), (0.1, 0.3), (1.0, 0.1), (0.3, 0.0), (1.2, 0.1)]
)
def test_a_card_s_pds_are_strict_chances_that_fall(zero: float, hundred: float) -> None:
    with pytest.raises(InvalidInputError, match="must fall as the score rises"):
        replace(POLICY.financial, pd_at_zero=zero, pd_at_hundred=hundred)


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_the_weight_that_must_be_there_is_a_share(share: float) -> None:
    with pytest.raises(InvalidInputError, match="least_weight"):
        replace(POLICY.behavioural, least_weight=share)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nothing_or_everything_may_have_to_be_there(share: float) -> None:
    assert replace(POLICY.behavioural, least_weight=share).least_weight == share


@pytest.mark.parametrize("quality", [-0.01, 1.01])
def test_a_quality_beyond_a_share_is_refused_by_its_basis(quality: float) -> None:
    with pytest.raises(InvalidInputError, match=r"quality\.tax"):
        replace(POLICY.statements, quality={"tax": quality})


@pytest.mark.parametrize("rate", [0.0, -1.1])
def test_a_rate_that_is_not_above_zero_is_refused_by_its_currency(rate: float) -> None:
    with pytest.raises(InvalidInputError, match=r"eur_rates\.USD"):
        replace(POLICY.statements, eur_rates={"EUR": 1.0, "USD": rate})


@pytest.mark.parametrize(("fresh", "worthless"), [(24, 24), (25, 24), (-1, 24)])
def test_statements_fade_over_some_time(fresh: float, worthless: float) -> None:
    with pytest.raises(InvalidInputError, match="before worthless_from"):
        replace(POLICY.statements, fresh_until=fresh, worthless_from=worthless)


def test_statements_may_fade_from_their_first_day() -> None:
    assert replace(POLICY.statements, fresh_until=0).fresh_until == 0


@pytest.mark.parametrize("settled", [0, -1])
def test_a_history_has_at_least_one_invoice(settled: int) -> None:
    with pytest.raises(InvalidInputError, match="least_settled"):
        replace(POLICY.behaviour, least_settled=settled)


@pytest.mark.parametrize("half", [0.0, -12.0])
def test_belief_grows_with_every_invoice(half: float) -> None:
    with pytest.raises(InvalidInputError, match="half_weight"):
        replace(POLICY.behaviour, half_weight=half)


def test_an_agency_with_a_scale_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match=r"agencies\.kroll"):
        replace(POLICY.external, agencies={"kroll": "kbra"})


@pytest.mark.parametrize("half", [-0.1, 1.1])
def test_an_old_opinion_is_believed_by_a_share(half: float) -> None:
    with pytest.raises(InvalidInputError, match="half_credibility"):
        replace(POLICY.external, half_credibility=half)


@pytest.mark.parametrize("weight", [0.0, -0.2])
@pytest.mark.parametrize(
    "name", ["prior_weight", "financial_weight", "behaviour_weight", "external_weight"]
)
def test_every_source_weighs_something(name: str, weight: float) -> None:
    values = {name: weight}

    with pytest.raises(InvalidInputError, match=name):
        replace(POLICY.blend, **values)


def test_medium_confidence_above_high_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="must not exceed confidence_high"):
        replace(POLICY.blend, confidence_medium=0.71, confidence_high=0.70)


def test_there_may_be_no_medium_confidence() -> None:
    blend = replace(POLICY.blend, confidence_medium=0.7, confidence_high=0.7)

    assert blend.confidence_medium == blend.confidence_high


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 1.1])
def test_a_default_rate_is_a_strict_chance(rate: float) -> None:
    with pytest.raises(InvalidInputError, match=r"prior\.default"):
        replace(POLICY.prior, default=rate)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_segment_s_rate_is_refused_by_its_name(rate: float) -> None:
    with pytest.raises(InvalidInputError, match=r"prior\.retail"):
        replace(POLICY.prior, by_segment={"retail": rate})


@pytest.mark.parametrize(("late", "default"), [(90, 90), (91, 90), (0, 90), (-1, 90)])
def test_lateness_caps_before_it_defaults(late: int, default: int) -> None:
    with pytest.raises(InvalidInputError, match="must be below default_beyond"):
        replace(POLICY.caps, past_due_beyond=late, default_beyond=default)


@pytest.mark.parametrize("value", [0, -1])
@pytest.mark.parametrize(
    "name", ["most_upgrade_notches", "most_downgrade_notches", "longest_months"]
)
def test_an_override_reaches_somewhere(name: str, value: int) -> None:
    values = {name: value}

    with pytest.raises(InvalidInputError, match=name):
        replace(POLICY.override, **values)


@pytest.mark.parametrize("most", [0, -4])
def test_a_grade_is_always_explained(most: int) -> None:
    with pytest.raises(InvalidInputError, match="most_negatives"):
        replace(POLICY.reasons, most_negatives=most)


@pytest.mark.parametrize(
    "caps",
    [
        replace(POLICY.caps, no_statement="E"),
        replace(POLICY.caps, thin_file="E"),
        replace(POLICY.caps, negative_equity="E"),
        replace(POLICY.caps, adverse_opinion="E"),
        replace(POLICY.caps, past_due="E"),
    ],
)
def test_a_cap_at_a_grade_that_nobody_has_is_refused(caps: CapPolicy) -> None:
    with pytest.raises(InvalidInputError, match="not on the master scale"):
        replace(POLICY, caps=caps)


def test_a_trigger_s_grade_must_be_on_the_scale() -> None:
    caps = replace(POLICY.caps, hard_triggers={"E04": "Z"})

    with pytest.raises(InvalidInputError, match="not on the master scale"):
        replace(POLICY, caps=caps)


def test_a_country_s_ceiling_must_be_on_the_scale() -> None:
    caps = replace(POLICY.caps, country_ceilings={"XX": "Z"})

    with pytest.raises(InvalidInputError, match="not on the master scale"):
        replace(POLICY, caps=caps)


def _with_scale(*steps: GradeStep) -> RatingPolicy:
    return replace(POLICY, master_scale=steps)


@pytest.mark.parametrize(
    "pds", [(), (1.0,), (0.0, 1.0), (0.1, 0.1, 1.0), (0.2, 0.1, 1.0), (0.1, 0.9), (0.1, 1.1)]
)
def test_a_scale_that_does_not_rise_to_one_is_refused(pds: tuple[float, ...]) -> None:
    steps = [GradeStep(f"G{number}", pd, "P1") for number, pd in enumerate(pds)]

    with pytest.raises(InvalidInputError, match="master_scale"):
        _with_scale(*steps)


def test_a_band_without_a_validity_is_refused_by_name() -> None:
    months = {band: each for band, each in POLICY.validity_months.items() if band != "P4"}

    with pytest.raises(InvalidInputError, match="P4"):
        replace(POLICY, validity_months=months)


def test_the_caps_name_all_their_grades() -> None:
    caps = replace(POLICY.caps, country_ceilings={"XX": "CC"})

    assert caps.grades == ("BB-", "B", "B", "B-", "CCC", "CCC", "D", "CC")
