"""How much room a credit limit leaves for an order, and what to offer when it is too little."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from services.tiering.domain.model import Tier
from services.tiering.domain.order import Condition, OrderFacts
from services.tiering.domain.policy import LimitCheck, TieringPolicy
from shared.kernel.money import Money
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True)
class LimitRoom:
    """The limit with its tolerance, and what would stand against it with this order.

    `static` counts all open orders, `dynamic` those due within the horizon; `counted` is the one
    that the policy goes by. None where there is no limit in the order's currency.
    """

    ceiling: Money | None
    exposure: Money
    static: Money
    dynamic: Money
    counted: Money
    headroom: Money | None

    @property
    def static_fits(self) -> bool:
        """Whether the order fits when every open order counts."""
        return self.ceiling is not None and self.static <= self.ceiling

    @property
    def dynamic_fits(self) -> bool:
        """Whether the order fits when only open orders within the horizon count."""
        return self.ceiling is not None and self.dynamic <= self.ceiling

    @property
    def fits(self) -> bool:
        """Whether the order fits by the count that the policy goes by."""
        return self.ceiling is not None and self.counted <= self.ceiling


def room_for(facts: OrderFacts, tier: Tier, policy: TieringPolicy, *, as_of: date) -> LimitRoom:
    """Measure an order against the limit of a tier; 30 days of horizon end on `as_of` + 30."""
    horizon = as_of + timedelta(days=policy.order.horizon_days)
    all_orders, orders_due = facts.exposure(), facts.exposure(through=horizon)
    this_one = facts.reserved + facts.amount
    static, dynamic = all_orders + this_one, orders_due + this_one
    is_dynamic = policy.order.limit_check is LimitCheck.DYNAMIC
    counted = dynamic if is_dynamic else static
    ceiling = _ceiling(facts, tier, policy)
    return LimitRoom(
        ceiling=ceiling,
        exposure=orders_due if is_dynamic else all_orders,
        static=static,
        dynamic=dynamic,
        counted=counted,
        headroom=None if ceiling is None else ceiling - (counted - facts.amount),
    )


def _ceiling(facts: OrderFacts, tier: Tier, policy: TieringPolicy) -> Money | None:
    """The limit plus what the tier tolerates, rounded down so that it is never exceeded."""
    limit = facts.limit
    if limit is None or limit.currency != facts.amount.currency:
        return None
    tolerated = Fraction(str(policy.tiers[tier].order_tolerance)) * limit.minor
    return Money(limit.minor + int(tolerated), limit.currency)


def offers(facts: OrderFacts, room: LimitRoom, *, step: float) -> tuple[Condition, ...]:
    """What would let the order go all the same: prepay a share, or take a part.

    None when the limit is exceeded without it: prepaying a new order does not cure an old excess.
    """
    if room.headroom is None or room.headroom.minor <= 0 or room.fits:
        return ()
    share = prepayment_share(facts.amount, room.headroom, step=step)
    return (
        Condition("prepay_share", float(share)),
        Condition("prepay_amount", str(_share_of(facts.amount, share).amount)),
        Condition("partial_amount", str(room.headroom.amount)),
    )


def prepayment_share(order: Money, headroom: Money, *, step: float) -> Fraction:
    """The part of an order that exceeds the headroom, rounded up to whole steps, at most all of it."""
    excess = Fraction(max(0, (order - headroom).minor), order.minor)
    exact_step = Fraction(str(step))
    return min(Fraction(1), ceil(excess / exact_step) * exact_step)


def _share_of(amount: Money, share: Fraction) -> Money:
    return Money(ceil(amount.minor * share), amount.currency)
