"""An order that asks for credit: what is known about it, and what is answered (domain.md §5.5)."""

from dataclasses import dataclass
from datetime import date

from services.tiering.domain.model import Action, Band, Lifecycle, Tier
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money, total
from shared.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """Orders placed and not yet invoiced; without a planned delivery they count as due now."""

    amount: Money
    planned_delivery: date | None = None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order against one customer's account, all amounts in the order's currency.

    `receivables` are open invoices, `delivered_not_invoiced` goods gone but not billed, `deposits`
    money received but not applied, `reserved` live reservations of other orders. `overdue_share` 0..1
    of open receivables. `rating_valid_to` is the last day of the rating. `released_by` names the
    person who frees the order, None when nobody does. Other Nones mean "not known".
    """

    order_id: str
    amount: Money
    terms_days: int | None
    reserved: Money
    receivables: Money
    deposits: Money
    delivered_not_invoiced: Money
    open_orders: tuple[OpenOrders, ...] = ()
    accepts_partial: bool = False
    tier: Tier | None = None
    limit: Money | None = None
    verdict: str | None = None
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    band: Band | None = None
    hard_triggers: tuple[str, ...] = ()
    rating_valid_to: date | None = None
    oldest_days_past_due: int | None = None
    overdue_share: float | None = None
    released_by: str | None = None

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            rule = "an order's amount must be above zero"
            raise InvalidInputError(field="amount", value=str(self.amount.amount), rule=rule)

    def exposure(self, *, through: date | None = None) -> Money:
        """What counts against the limit before this order and its rivals, never below zero.

        Open orders count in full (the order check's conversion factor is 1); those planned for
        delivery after `through` are left out, None leaves none out.
        """
        due = [
            orders.amount
            for orders in self.open_orders
            if through is None
            or orders.planned_delivery is None
            or orders.planned_delivery <= through
        ]
        owed = self.receivables + self.delivered_not_invoiced + total(due, self.amount.currency)
        return Money(max(0, (owed - self.deposits).minor), self.amount.currency)


@dataclass(frozen=True, slots=True)
class Condition:
    """What would let the order go: a share or amount to prepay, an amount to deliver, a term in days."""

    code: str
    value: str | float | int


@dataclass(frozen=True, slots=True)
class OrderDecision:
    """The answer, why, and under what conditions; `granted` is what is now reserved for the order.

    `exposure` counts against the limit before the order and the reservations; `headroom` is what the
    limit (with its tolerance) leaves for this order, negative when the limit is exceeded already.
    `static_total` and `dynamic_total` include the order and the reservations.
    """

    action: Action
    reasons: tuple[Reason, ...]
    conditions: tuple[Condition, ...]
    exposure: Money
    static_total: Money
    dynamic_total: Money
    headroom: Money | None
    granted: Money | None
    reserved_until: date | None
