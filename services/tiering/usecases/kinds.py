"""The three kinds of decision tiering takes; a version changes when the same facts may end otherwise."""

from services.tiering.domain.credit_limit import (
    CreditLimitDecision,
    CreditLimitFacts,
    decide_credit_limit,
)
from services.tiering.domain.order import OrderDecision, OrderFacts
from services.tiering.domain.order_check import decide_order
from services.tiering.domain.policy import TieringPolicy
from services.tiering.domain.tier import TierDecision, TierFacts, decide_tier
from shared.decisions.kinds import DecisionKind

TIER: DecisionKind[TierFacts, TieringPolicy, TierDecision] = DecisionKind(
    "tier", decide_tier, TierFacts, TierDecision, "tier-1"
)
LIMIT: DecisionKind[CreditLimitFacts, TieringPolicy, CreditLimitDecision] = DecisionKind(
    "credit_limit", decide_credit_limit, CreditLimitFacts, CreditLimitDecision, "credit-limit-1"
)
ORDER: DecisionKind[OrderFacts, TieringPolicy, OrderDecision] = DecisionKind(
    "order", decide_order, OrderFacts, OrderDecision, "order-1"
)
