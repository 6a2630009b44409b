"""A recovery policy that cannot be right is refused on the way in."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from services.recovery.domain.model import CaseState
from services.recovery.domain.policy import DunningStep
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money
from tests.unit.recovery.builders import POLICY, SHIPPED, eur


def a_step(code: str, late: int) -> DunningStep:
    return DunningStep(code, late, "call", CaseState.REMINDED)


def test_the_shipped_policy_names_its_version() -> None:
    assert SHIPPED.version == "recovery-2026.1"


def test_every_tier_has_a_ladder() -> None:
    with pytest.raises(InvalidInputError, match="ladder"):
        replace(POLICY, ladders={"low": POLICY.ladders["low"]})


def test_customers_without_a_tier_have_a_ladder() -> None:
    with pytest.raises(InvalidInputError, match="untiered"):
        replace(POLICY, untiered="vip")


@pytest.mark.parametrize("late", [(3, 3), (5, 3), (0, 3), ()])
def test_a_ladder_climbs_from_the_first_day(late: tuple[int, ...]) -> None:
    ladder = tuple(a_step(f"L{index}", day) for index, day in enumerate(late))
    with pytest.raises(InvalidInputError, match="ascend"):
        replace(POLICY, ladders=dict.fromkeys(POLICY.ladders, ladder))


def test_all_tiers_climb_the_same_steps() -> None:
    other = (a_step("X1", 3),)
    with pytest.raises(InvalidInputError, match="same distinct steps"):
        replace(POLICY, ladders={**POLICY.ladders, "low": other})


def test_no_step_stands_twice_on_a_ladder() -> None:
    twice = (a_step("L1", 3), a_step("L1", 5))
    with pytest.raises(InvalidInputError, match="same distinct steps"):
        replace(POLICY, ladders=dict.fromkeys(POLICY.ladders, twice))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: replace(POLICY, high_tier_action_days=0),
        lambda: replace(POLICY, dispute_review_days=0),
        lambda: replace(POLICY, review_days=0),
        lambda: replace(POLICY, longest_plan_days=0),
    ],
    ids=["high_tier", "dispute", "review", "longest_plan"],
)
def test_what_comes_next_comes_tomorrow_at_the_earliest(wrong: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError, match="at least 1"):
        wrong()


@pytest.mark.parametrize(("amount", "worth"), [("24.99", []), ("25.00", [1]), ("0.00", [])])
def test_the_minimum_itself_is_worth_dunning(amount: str, worth: list[int]) -> None:
    assert POLICY.is_worth_dunning(eur(amount)) is bool(worth)


def test_yen_have_a_minimum_of_their_own() -> None:
    assert not POLICY.is_worth_dunning(Money.parse("2999", "JPY"))
    assert POLICY.is_worth_dunning(Money.parse("3000", "JPY"))


def test_other_currencies_share_a_minimum() -> None:
    stricter = replace(POLICY, minimum_amount_elsewhere=Decimal(10))
    assert not stricter.is_worth_dunning(Money.parse("9.99", "CHF"))
    assert stricter.is_worth_dunning(Money.parse("10.00", "CHF"))
