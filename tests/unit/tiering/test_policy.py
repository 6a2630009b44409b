"""The policy validates itself: what would make decisions contradictory is refused."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
import yaml

from services.tiering.domain.model import Band, Tier
from services.tiering.domain.policy import (
    ConcentrationPolicy,
    DynamicsPolicy,
    GradePolicy,
    LimitCheck,
    TieringPolicy,
)
from shared.kernel.errors import InvalidInputError
from shared.policies.book import read_policy
from tests.unit.tiering.building import POLICY, POLICY_FILE, SHIPPED, changed


def test_the_shipped_policy_has_a_version() -> None:
    assert SHIPPED.version == "tiering-1"


def test_the_master_scale_has_twenty_two_grades() -> None:
    assert len(POLICY.grades) == 22


def test_the_matrix_reads_as_in_the_book() -> None:
    letters = {Tier.LOW: "L", Tier.MEDIUM: "M", Tier.HIGH: "H"}
    matrix = ["".join(letters[row.tier(band)] for band in Band) for row in POLICY.bands.values()]
    assert matrix == ["LLMH", "LMMH", "MMHH", "MHHH", "HHHH", "HHHH"]


def test_bounds_of_bands_are_geometric_means_of_neighbouring_grades() -> None:
    assert POLICY.bands["P1"].upper_pd == pytest.approx((0.0022 * 0.0034) ** 0.5, rel=1e-11)
    assert POLICY.bands["P4"].upper_pd == pytest.approx((0.10 * 0.18) ** 0.5, rel=1e-11)


def test_bands_get_worse_from_top_to_bottom() -> None:
    assert all(a.upper_pd <= b.upper_pd for a, b in pairwise(POLICY.bands.values()))


def test_a_grade_is_found_with_its_band() -> None:
    assert POLICY.grade("B-").band == "P4"
    assert POLICY.band_of("B-") is POLICY.bands["P4"]


def test_an_unknown_grade_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match="master scale"):
        POLICY.grade("B--")


def test_a_worse_warning_band_may_not_give_a_better_tier() -> None:
    with pytest.raises(InvalidInputError, match="worse warning band"):
        replace(POLICY.bands["P1"], yellow=Tier.HIGH)


def test_a_worse_grade_band_may_not_give_a_better_tier() -> None:
    bands = POLICY.bands | {
        "P6": replace(
            POLICY.bands["P6"], green=Tier.LOW, yellow=Tier.LOW, amber=Tier.LOW, red=Tier.LOW
        )
    }
    with pytest.raises(InvalidInputError, match="higher PD"):
        replace(POLICY, bands=bands)


def test_a_band_of_lower_pd_may_not_be_treated_worse() -> None:
    bands = POLICY.bands | {"P3": replace(POLICY.bands["P3"], upper_pd=0.0001)}
    with pytest.raises(InvalidInputError, match=r"bands\.P1"):
        replace(POLICY, bands=bands)


def test_a_grade_in_an_unlisted_band_is_refused() -> None:
    grades = POLICY.grades | {"X": GradePolicy("P9", 0.1, 0.1)}
    with pytest.raises(InvalidInputError, match="not listed"):
        replace(POLICY, grades=grades)


def test_every_tier_needs_its_terms() -> None:
    tiers = {Tier.LOW: POLICY.tiers[Tier.LOW]}
    with pytest.raises(InvalidInputError, match="every tier"):
        changed(POLICY, "tiers", tiers)


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_a_share_outside_zero_and_one_is_refused(share: float) -> None:
    with pytest.raises(InvalidInputError):
        GradePolicy("P1", share, 0.1)


def test_dynamics_need_at_least_one_better_evaluation() -> None:
    with pytest.raises(InvalidInputError, match="at least 1"):
        DynamicsPolicy(better_evaluations=0, days_in_tier=90, pd_buffer=0.9)


def test_days_in_a_tier_may_not_be_negative() -> None:
    with pytest.raises(InvalidInputError, match="negative"):
        DynamicsPolicy(better_evaluations=1, days_in_tier=-1, pd_buffer=0.9)


def test_concentration_shares_are_shares() -> None:
    with pytest.raises(InvalidInputError):
        ConcentrationPolicy(20, 5.0, 0.001, {"EUR": Decimal(50000)})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("payment_terms_days", -1),
        ("limit_multiplier", -0.1),
        ("order_tolerance", -0.05),
        ("oldest_days_past_due", -1),
        ("rating_grace_days", -1),
        ("prepayment_share", 1.5),
        ("overdue_share", 2.0),
    ],
)
def test_terms_that_make_no_sense_are_refused(field: str, value: float) -> None:
    with pytest.raises(InvalidInputError, match=field):
        changed(POLICY.tiers[Tier.LOW], field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("loss_given_default", 0.0),
        ("pd_floor", 0.0),
        ("supplier_share", 1.1),
        ("loss_appetite", -0.1),
        ("concentration_share", 1.1),
        ("need_margin", -1.0),
        ("grace_days", -1),
        ("proven_months", -1.0),
        ("significant_digits", 0),
    ],
)
def test_limit_parameters_that_make_no_sense_are_refused(field: str, value: float) -> None:
    with pytest.raises(InvalidInputError, match=field):
        changed(POLICY.limit, field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("horizon_days", -1),
        ("largest_share", 1.1),
        ("prepay_step", 0.0),
        ("prepay_step", 1.1),
        ("valid_business_days", -1),
    ],
)
def test_order_parameters_that_make_no_sense_are_refused(field: str, value: float) -> None:
    with pytest.raises(InvalidInputError, match=field):
        changed(POLICY.order, field, value)


def test_a_misspelt_field_of_a_policy_is_refused() -> None:
    plain = yaml.safe_load(POLICY_FILE.read_text())
    del plain["version"]
    plain["order"]["horizon"] = 30
    with pytest.raises(InvalidInputError, match="horizon"):
        read_policy(yaml.safe_dump(plain), TieringPolicy)


def test_the_dynamic_check_is_the_default() -> None:
    assert POLICY.order.limit_check is LimitCheck.DYNAMIC
