"""The words tiering decides in."""

import pytest

from services.tiering.domain.model import Action, Tier


def test_high_is_worse_than_medium_and_medium_than_low() -> None:
    assert Tier.HIGH.is_worse_than(Tier.MEDIUM)
    assert Tier.MEDIUM.is_worse_than(Tier.LOW)


def test_no_tier_is_worse_than_itself() -> None:
    assert not any(tier.is_worse_than(tier) for tier in Tier)


@pytest.mark.parametrize(
    ("tier", "better"),
    [(Tier.HIGH, Tier.MEDIUM), (Tier.MEDIUM, Tier.LOW), (Tier.LOW, Tier.LOW)],
)
def test_a_tier_gets_better_one_step_at_a_time(tier: Tier, better: Tier) -> None:
    assert tier.one_step_better() is better


def test_only_a_clean_order_is_released() -> None:
    assert min(Action, key=lambda action: action.severity) is Action.RELEASE


def test_holding_is_more_severe_than_any_offer() -> None:
    offers = (Action.PARTIAL, Action.REPRICE, Action.PREPAY)
    assert all(Action.HOLD.severity > offer.severity for offer in offers)


def test_a_partial_delivery_yields_to_everything_but_release() -> None:
    severer = set(Action) - {Action.RELEASE, Action.PARTIAL}
    assert all(action.severity > Action.PARTIAL.severity for action in severer)
