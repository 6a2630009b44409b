"""Builders for tiering's tests: each names only what matters, the rest is harmless."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import services.tiering
from services.tiering.domain.credit_limit import CreditLimitFacts
from services.tiering.domain.model import Band, Confidence, Tier
from services.tiering.domain.order import OpenOrders, OrderFacts
from services.tiering.domain.policy import TieringPolicy
from services.tiering.domain.tier import TierFacts
from shared.kernel.money import Money
from shared.policies.book import PolicyVersion, shipped

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PartT = TypeVar("PartT", bound="DataclassInstance")
POLICY_FILE = Path(services.tiering.__path__[0]) / "policy.yaml"
SHIPPED: PolicyVersion[TieringPolicy] = shipped(POLICY_FILE, TieringPolicy)
POLICY = SHIPPED.policy
DAY = date(2025, 6, 2)
GOLDEN: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "golden" / "tiering.json").read_text()
)
TIERS = {"L": Tier.LOW, "M": Tier.MEDIUM, "H": Tier.HIGH}
SCALE = "AAA AA+ AA AA- A+ A A- BBB+ BBB BBB- BB+ BB BB- B+ B B- CCC+ CCC CCC- CC C D"
GRADES = tuple(SCALE.split())


def changed(policy: PartT, field: str, value: Any) -> PartT:
    """The same part of a policy, with one field changed."""
    return replace(policy, **{field: value})


def eur(amount: float | str) -> Money:
    return Money.parse(str(amount), "EUR")


def tier_facts(grade: str = "BBB", **more: Any) -> TierFacts:
    usual: dict[str, Any] = {
        "grade": grade,
        "pd": 0.001,
        "band": Band.GREEN,
        "confidence": Confidence.HIGH,
        "month_end": True,
    }
    return TierFacts(**usual | more)


def large(facts: TierFacts) -> TierFacts:
    """The same customer, holding 6 % of our receivables."""
    return replace(facts, exposure=eur(60_000), own_receivables=eur(1_000_000), own_customers=100)


def limit_facts(**more: Any) -> CreditLimitFacts:
    usual: dict[str, Any] = {
        "currency": "EUR",
        "grade": "BBB",
        "pd": 0.0014,
        "tier": Tier.LOW,
        "verdict": "pass",
        "purchases_12m": eur(3_650_000),
        "largest_month_paid_on_time": eur(400_000),
        "terms_days": 30,
    }
    return CreditLimitFacts(**usual | more)


def order_facts(amount: float = 1_000, **more: Any) -> OrderFacts:
    zero = Money.zero("EUR")
    usual: dict[str, Any] = {
        "order_id": "O-1",
        "amount": eur(amount),
        "terms_days": 30,
        "reserved": zero,
        "receivables": zero,
        "deposits": zero,
        "delivered_not_invoiced": zero,
        "tier": Tier.MEDIUM,
        "limit": eur(100_000),
        "verdict": "pass",
        "band": Band.GREEN,
        "rating_valid_to": date(2026, 1, 1),
    }
    return OrderFacts(**usual | more)


def golden_order(case: dict[str, Any]) -> OrderFacts:
    given = case["in"]
    orders = (
        OpenOrders(eur(given["open_orders_within_60d"]), date(2025, 7, 1)),
        OpenOrders(eur(given["beyond"]), date(2025, 12, 1)),
    )
    return order_facts(
        given["order"],
        limit=eur(given["limit"]),
        receivables=eur(given["AR"]),
        delivered_not_invoiced=eur(given["DNI"]),
        open_orders=orders,
        tier=TIERS[given["tier"]],
    )
