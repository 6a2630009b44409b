"""What a tier means."""

import pytest

from services.tiering.domain.measures import measures_of
from services.tiering.domain.model import ExposureClass, Tier
from tests.unit.tiering.building import POLICY


@pytest.mark.parametrize(("tier", "days"), [(Tier.LOW, 90), (Tier.MEDIUM, 45), (Tier.HIGH, 0)])
def test_terms_get_shorter_with_risk(tier: Tier, days: int) -> None:
    measures = measures_of(tier, POLICY, exposure_class=ExposureClass.E2)
    assert measures.payment_terms_days == days


def test_high_risk_prepays() -> None:
    measures = measures_of(Tier.HIGH, POLICY, exposure_class=ExposureClass.E2)
    assert measures.described["terms"] == "prepay"


def test_low_risk_is_told_its_longest_terms() -> None:
    measures = measures_of(Tier.LOW, POLICY, exposure_class=ExposureClass.E2)
    assert measures.described["terms"] == "at most 90 days"


@pytest.mark.parametrize("tier", Tier)
def test_a_small_exposure_is_reviewed_less_often(tier: Tier) -> None:
    small = measures_of(tier, POLICY, exposure_class=ExposureClass.E1)
    usual = measures_of(tier, POLICY, exposure_class=ExposureClass.E2)
    assert small.review_months > usual.review_months


@pytest.mark.parametrize("tier", Tier)
def test_a_small_exposure_changes_nothing_but_the_review(tier: Tier) -> None:
    small = measures_of(tier, POLICY, exposure_class=ExposureClass.E1)
    usual = measures_of(tier, POLICY, exposure_class=ExposureClass.E2)
    assert small.described | {"review": ""} == usual.described | {"review": ""}
    assert small.payment_terms_days == usual.payment_terms_days


@pytest.mark.parametrize("tier", Tier)
def test_every_measure_of_the_book_is_described(tier: Tier) -> None:
    measures = measures_of(tier, POLICY, exposure_class=ExposureClass.E2)
    assert set(measures.described) == {
        "terms",
        "limit_multiplier",
        "review",
        "prepayment",
        "security",
        "monitoring",
        "order_hold",
        "dunning_start",
        "customer_care",
    }
