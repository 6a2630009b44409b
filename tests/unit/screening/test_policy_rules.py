"""Each rule of the policy broken once, from the shipped one that keeps them all."""

from dataclasses import replace
from typing import Final

import pytest

from services.screening.domain.policy import CHECKS, AgeBand
from shared.kernel.errors import InvalidInputError
from tests.unit.screening.builders import POLICY

OUTCOMES: Final = ("pass", "refer", "reject_credit", "reject")
BAND: Final = AgeBand(below_months=12, points=20, refer=True, code="S-AGE-2")


@pytest.mark.parametrize(("refer", "reject"), [(0, 60), (-1, 60), (60, 60), (61, 60)])
def test_referral_lies_above_nothing_and_below_rejection(refer: int, reject: int) -> None:
    with pytest.raises(InvalidInputError, match="below reject_from_points"):
        replace(POLICY, refer_from_points=refer, reject_from_points=reject)


@pytest.mark.parametrize(("refer", "reject"), [(1, 2), (59, 60)])
def test_referral_may_lie_just_below_rejection(refer: int, reject: int) -> None:
    policy = replace(POLICY, refer_from_points=refer, reject_from_points=reject)

    assert policy.refer_from_points < policy.reject_from_points


@pytest.mark.parametrize("missing", OUTCOMES)
def test_an_outcome_without_a_validity_is_refused(missing: str) -> None:
    months = {outcome: 12 for outcome in OUTCOMES if outcome != missing}

    with pytest.raises(InvalidInputError, match="at least 1 month for each"):
        replace(POLICY, valid_months=months)


def test_a_validity_for_an_outcome_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="at least 1 month for each"):
        replace(POLICY, valid_months={**POLICY.valid_months, "maybe": 12})


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("months", [0, -1])
def test_a_verdict_counts_for_at_least_a_month(outcome: str, months: int) -> None:
    with pytest.raises(InvalidInputError, match="at least 1 month"):
        replace(POLICY, valid_months={**POLICY.valid_months, outcome: months})


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_may_be_mandatory(check: str) -> None:
    assert replace(POLICY, mandatory_checks=(check,)).mandatory_checks == (check,)


@pytest.mark.parametrize("check", ["C00", "C22", "c01", ""])
def test_what_is_no_check_cannot_be_mandatory(check: str) -> None:
    with pytest.raises(InvalidInputError, match="mandatory_checks"):
        replace(POLICY, mandatory_checks=(check,))


@pytest.mark.parametrize("field", ["name", "points", "legal_name", ""])
def test_what_is_no_fact_cannot_screen_again(field: str) -> None:
    with pytest.raises(InvalidInputError, match="rescreen_on"):
        replace(POLICY, rescreen_on=(field,))


def test_there_are_twenty_one_checks() -> None:
    assert CHECKS[0] == "C01"
    assert CHECKS[-1] == "C21"
    assert len(CHECKS) == 21


@pytest.mark.parametrize("bounds", [(36, 12), (12, 12)])
def test_ages_ascend_without_repeats(bounds: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInputError, match="must ascend"):
        replace(POLICY, age=tuple(replace(BAND, below_months=bound) for bound in bounds))


def test_age_need_not_count_at_all() -> None:
    assert replace(POLICY, age=()).age == ()


def test_an_age_never_earns_points() -> None:
    with pytest.raises(InvalidInputError, match="must not be negative"):
        replace(BAND, points=-1)


def test_an_age_may_cost_nothing() -> None:
    assert replace(BAND, points=0).points == 0


@pytest.mark.parametrize(
    "name",
    [
        "distress_points",
        "grey_points",
        "negative_equity_points",
        "unaudited_points",
        "qualified_points",
    ],
)
def test_a_weakness_never_earns_points(name: str) -> None:
    values = {name: -1}

    with pytest.raises(InvalidInputError, match=f"finances.{name}"):
        replace(POLICY.finances, **values)  # type: ignore[arg-type]  # fields by name


def test_distress_above_the_grey_zone_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="must not exceed grey_through_z"):
        replace(POLICY.finances, distress_below_z=2.7, grey_through_z=2.6)


def test_there_may_be_no_grey_zone() -> None:
    finances = replace(POLICY.finances, distress_below_z=2.6, grey_through_z=2.6)

    assert finances.distress_below_z == finances.grey_through_z


def test_arrears_with_us_never_earn_points() -> None:
    with pytest.raises(InvalidInputError, match=r"own_history\.points"):
        replace(POLICY.own_history, points=-1)


@pytest.mark.parametrize(
    ("blocked", "refer"), [(0.5, 0.0), (0.5, -0.1), (0.5, 0.51), (1.01, 0.25), (0.2, 0.25)]
)
def test_ownership_s_bounds_are_shares_in_order(blocked: float, refer: float) -> None:
    with pytest.raises(InvalidInputError, match=r"ownership\.refer_from_share"):
        replace(POLICY.ownership, blocked_from_share=blocked, refer_from_share=refer)


@pytest.mark.parametrize("depth", [0, -1])
def test_a_chain_of_owners_has_a_first_link(depth: int) -> None:
    with pytest.raises(InvalidInputError, match=r"ownership\.max_depth"):
        replace(POLICY.ownership, max_depth=depth)
