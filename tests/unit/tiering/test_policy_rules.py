"""Each rule of the policy broken once, from the shipped one that keeps them all."""

from dataclasses import replace
from typing import Any

import pytest

from services.tiering.domain.model import Tier
from services.tiering.domain.policy import GradePolicy
from shared.kernel.errors import InvalidInputError
from tests.unit.tiering.building import POLICY, changed

LOW = POLICY.tiers[Tier.LOW]


@pytest.mark.parametrize("share", [-0.01, 1.01])
@pytest.mark.parametrize("field", ["net_worth_share", "working_capital_share"])
def test_a_grade_carries_a_share_of_the_balance_sheet(field: str, share: float) -> None:
    with pytest.raises(InvalidInputError, match=rf"grades\.{field}"):
        changed(POLICY.grade("BB"), field, share)


@pytest.mark.parametrize("pd", [-0.01, 1.01])
def test_a_band_ends_at_a_chance(pd: float) -> None:
    with pytest.raises(InvalidInputError, match=r"bands\.upper_pd"):
        replace(POLICY.bands["P1"], upper_pd=pd)


@pytest.mark.parametrize(
    ("field", "tier"),
    [("green", Tier.HIGH), ("yellow", Tier.HIGH), ("amber", Tier.LOW), ("red", Tier.LOW)],
)
def test_a_row_of_the_matrix_never_gets_better(field: str, tier: Tier) -> None:
    row = POLICY.bands["P2"]

    with pytest.raises(InvalidInputError, match="must never give a better tier"):
        changed(row, field, tier)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("better_evaluations", 0),
        ("days_in_tier", -1),
        ("pd_buffer", -0.01),
        ("pd_buffer", 1.01),
    ],
)
def test_getting_better_takes_some_time(field: str, value: Any) -> None:
    with pytest.raises(InvalidInputError, match=rf"dynamics\.{field}"):
        changed(POLICY.dynamics, field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fewest_customers", -1),
        ("large_share", -0.01),
        ("large_share", 1.01),
        ("small_share", -0.01),
        ("small_share", 1.01),
    ],
)
def test_concentration_is_measured_in_shares(field: str, value: Any) -> None:
    with pytest.raises(InvalidInputError, match=rf"concentration\.{field}"):
        changed(POLICY.concentration, field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("payment_terms_days", -1),
        ("limit_multiplier", -0.1),
        ("order_tolerance", -0.01),
        ("oldest_days_past_due", -1),
        ("rating_grace_days", -1),
        ("prepayment_share", -0.01),
        ("prepayment_share", 1.01),
        ("overdue_share", -0.01),
        ("overdue_share", 1.01),
    ],
)
def test_a_tier_s_terms_are_never_negative(field: str, value: Any) -> None:
    with pytest.raises(InvalidInputError, match=rf"tiers\.{field}"):
        changed(LOW, field, value)


@pytest.mark.parametrize(
    "field",
    [
        "payment_terms_days",
        "limit_multiplier",
        "order_tolerance",
        "oldest_days_past_due",
        "rating_grace_days",
        "prepayment_share",
        "overdue_share",
    ],
)
def test_a_tier_s_terms_may_be_nothing(field: str) -> None:
    assert getattr(changed(LOW, field, 0), field) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grace_days", -1),
        ("need_margin", -0.01),
        ("proven_months", -1),
        ("supplier_share", -0.01),
        ("supplier_share", 1.01),
        ("loss_appetite", -0.01),
        ("loss_appetite", 1.01),
        ("concentration_share", -0.01),
        ("concentration_share", 1.01),
        ("loss_given_default", 0),
        ("loss_given_default", 1.01),
        ("pd_floor", 0),
        ("pd_floor", 1.01),
        ("significant_digits", 0),
    ],
)
def test_a_figure_of_the_limit_that_cannot_be_right_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidInputError, match=rf"limit\.{field}"):
        changed(POLICY.limit, field, value)


def test_the_margin_need_not_be_assumed() -> None:
    assert replace(POLICY.limit, assumed_gross_margin=None).assumed_gross_margin is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("horizon_days", -1),
        ("largest_share", -0.01),
        ("largest_share", 1.01),
        ("prepay_step", 0),
        ("prepay_step", 1.01),
        ("valid_business_days", -1),
    ],
)
def test_a_figure_of_the_order_check_that_cannot_be_right_is_refused(
    field: str, value: Any
) -> None:
    with pytest.raises(InvalidInputError, match=rf"order\.{field}"):
        changed(POLICY.order, field, value)


def test_an_order_may_have_to_be_prepaid_whole_or_not_at_all() -> None:
    assert replace(POLICY.order, prepay_step=1).prepay_step == 1


def test_a_grade_lies_in_a_band_there_is() -> None:
    grades = {**POLICY.grades, "ZZ": GradePolicy("P9", 0.0, 0.0)}

    with pytest.raises(InvalidInputError, match="a band that is not listed"):
        replace(POLICY, grades=grades)


@pytest.mark.parametrize("missing", list(Tier))
def test_every_tier_has_its_terms(missing: Tier) -> None:
    tiers = {tier: terms for tier, terms in POLICY.tiers.items() if tier is not missing}

    with pytest.raises(InvalidInputError, match="every tier needs its terms"):
        replace(POLICY, tiers=tiers)


def test_a_band_of_higher_pd_never_gives_a_better_tier() -> None:
    better = replace(POLICY.bands["P1"], upper_pd=0.05)

    with pytest.raises(InvalidInputError, match="higher PD must never give a better tier"):
        replace(POLICY, bands={**POLICY.bands, "P1": better})


@pytest.mark.parametrize("grade", ["", "bbb", "Baa1", "E"])
def test_a_grade_that_is_not_on_the_scale_is_refused(grade: str) -> None:
    with pytest.raises(InvalidInputError, match="must be on the master scale"):
        POLICY.grade(grade)
