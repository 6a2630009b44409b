"""Each rule of the policy broken once, from the shipped one that keeps them all."""

from dataclasses import replace

import pytest

from services.recovery.domain.model import CaseState, Tier
from services.recovery.domain.policy import DunningStep
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money
from tests.unit.recovery.builders import POLICY


def _ladder(*days: int) -> tuple[DunningStep, ...]:
    return tuple(
        DunningStep(f"L{number}", day, "call", CaseState.REMINDED)
        for number, day in enumerate(days, start=1)
    )


@pytest.mark.parametrize("missing", list(Tier))
def test_a_tier_without_a_ladder_is_refused(missing: Tier) -> None:
    ladders = {tier: steps for tier, steps in POLICY.ladders.items() if tier != missing}

    with pytest.raises(InvalidInputError, match="one ladder for each"):
        replace(POLICY, ladders=ladders)


def test_a_ladder_for_a_tier_that_nobody_has_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="one ladder for each"):
        replace(POLICY, ladders={**POLICY.ladders, "vip": POLICY.ladders["low"]})


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("days", [(), (0, 3), (-1, 3), (3, 3), (9, 3)])
def test_a_ladder_that_does_not_ascend_is_refused_by_its_tier(
    tier: Tier, days: tuple[int, ...]
) -> None:
    with pytest.raises(InvalidInputError, match=rf"ladders\.{tier.value}"):
        replace(POLICY, ladders={**POLICY.ladders, tier.value: _ladder(*days)})


def test_a_ladder_may_have_one_step_on_the_first_day() -> None:
    ladders = dict.fromkeys(POLICY.ladders, _ladder(1))

    assert replace(POLICY, ladders=ladders).ladder("high") == _ladder(1)


@pytest.mark.parametrize("tier", list(Tier))
def test_a_ladder_of_other_steps_than_the_rest_is_refused(tier: Tier) -> None:
    with pytest.raises(InvalidInputError, match="same distinct steps"):
        replace(POLICY, ladders={**POLICY.ladders, tier.value: _ladder(3, 10)})


@pytest.mark.parametrize("untiered", ["", "vip", "LOW"])
def test_customers_without_a_tier_climb_a_ladder_there_is(untiered: str) -> None:
    with pytest.raises(InvalidInputError, match="must be a tier"):
        replace(POLICY, untiered=untiered)


@pytest.mark.parametrize("tier", list(Tier))
def test_any_tier_s_ladder_may_be_that_of_customers_without_one(tier: Tier) -> None:
    policy = replace(POLICY, untiered=tier.value)

    assert policy.ladder(None) == POLICY.ladders[tier.value]


@pytest.mark.parametrize("days", [0, -1])
def test_a_call_on_tier_high_is_due_tomorrow_at_the_earliest(days: int) -> None:
    with pytest.raises(InvalidInputError, match="high_tier_action_days"):
        replace(POLICY, high_tier_action_days=days)


@pytest.mark.parametrize("days", [0, -1])
def test_a_dispute_is_looked_at_tomorrow_at_the_earliest(days: int) -> None:
    with pytest.raises(InvalidInputError, match="dispute_review_days"):
        replace(POLICY, dispute_review_days=days)


@pytest.mark.parametrize("days", [0, -1])
def test_a_case_is_reviewed_tomorrow_at_the_earliest(days: int) -> None:
    with pytest.raises(InvalidInputError, match="must be at least 1"):
        replace(POLICY, review_days=days)


@pytest.mark.parametrize("days", [0, -1])
def test_a_person_may_plan_for_tomorrow_at_least(days: int) -> None:
    with pytest.raises(InvalidInputError, match="longest_plan_days"):
        replace(POLICY, longest_plan_days=days)


@pytest.mark.parametrize(
    ("amount", "currency", "worth"),
    [
        ("24.99", "EUR", False),
        ("25.00", "EUR", True),
        ("19.99", "GBP", False),
        ("20.00", "GBP", True),
        ("199.99", "CNY", False),
        ("200.00", "CNY", True),
        ("2999", "JPY", False),
        ("3000", "JPY", True),
        ("0.01", "CHF", True),
        ("0.00", "CHF", False),
    ],
)
def test_an_amount_is_worth_dunning_from_its_currency_s_minimum(
    amount: str, currency: str, *, worth: bool
) -> None:
    assert POLICY.is_worth_dunning(Money.parse(amount, currency)) is worth
