"""A screening policy that cannot be right is refused on the way in."""

from dataclasses import replace

import pytest

from services.screening.domain.policy import AgeBand
from shared.kernel.errors import InvalidInputError
from tests.unit.screening.builders import POLICY, SHIPPED


def test_the_shipped_policy_names_its_version() -> None:
    assert SHIPPED.version == "screening-2026.1"


@pytest.mark.parametrize(("refer", "reject"), [(0, 60), (60, 60), (61, 60)])
def test_a_person_looks_before_credit_ends(refer: int, reject: int) -> None:
    with pytest.raises(InvalidInputError, match="refer_from_points"):
        replace(POLICY, refer_from_points=refer, reject_from_points=reject)


def test_every_outcome_has_a_validity() -> None:
    with pytest.raises(InvalidInputError, match="valid_months"):
        replace(POLICY, valid_months={"pass": 12})


def test_a_validity_has_at_least_one_month() -> None:
    with pytest.raises(InvalidInputError, match="at least 1"):
        replace(POLICY, valid_months={**POLICY.valid_months, "pass": 0})


def test_age_bands_ascend() -> None:
    older = AgeBand(36, 10, refer=False, code="S-AGE-1")
    younger = AgeBand(12, 20, refer=True, code="S-AGE-2")
    with pytest.raises(InvalidInputError, match="ascend"):
        replace(POLICY, age=(older, younger))


def test_points_are_never_negative() -> None:
    with pytest.raises(InvalidInputError, match="points"):
        AgeBand(36, -1, refer=False, code="S-AGE-1")
    with pytest.raises(InvalidInputError, match="points"):
        replace(POLICY.finances, grey_points=-1)
    with pytest.raises(InvalidInputError, match="points"):
        replace(POLICY.own_history, points=-1)


def test_distress_lies_below_the_grey_zone() -> None:
    with pytest.raises(InvalidInputError, match="grey_through_z"):
        replace(POLICY.finances, distress_below_z=3.0)


def test_only_fields_of_a_customer_can_screen_again() -> None:
    with pytest.raises(InvalidInputError, match="rescreen_on"):
        replace(POLICY, rescreen_on=("shoe_size",))


def test_only_checks_that_exist_can_be_mandatory() -> None:
    with pytest.raises(InvalidInputError, match="mandatory_checks"):
        replace(POLICY, mandatory_checks=("C99",))
