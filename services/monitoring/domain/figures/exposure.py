"""What could be lost on a customer (domain.md §1.6)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.figures.cash import unapplied_cash
from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.bills import bills_outstanding
from services.monitoring.domain.receivables.orders import uninvoiced
from services.monitoring.domain.receivables.outstanding import Outstanding
from services.monitoring.domain.receivables.undertakings import BillState
from shared.kernel.money import Money
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Exposure in one currency, in minor units.

    `total` is open invoices, what was delivered and not invoiced (`uninvoiced`), open orders within the
    policy's horizon at their conversion factor, and bills that only the customer's side answers for, less cash and credits that no
    invoice has taken yet; never below zero. `orders` counts the open orders behind `open_orders`, those
    beyond the horizon among them.
    `recourse` is the part of `bills` that we have passed on and that may come back.
    """

    currency: str
    open: int
    overdue: int
    disputed: int
    open_orders: int
    orders: int
    unapplied: int
    total: int
    uninvoiced: int = 0
    bills: int = 0
    recourse: int = 0


def exposure_of(account: Account, ageing: Ageing, policy: LedgerPolicy) -> Exposure:
    """What could be lost in the currency that was aged."""
    currency = ageing.currency
    sums = account.outstanding.get(currency, Outstanding())
    unapplied = unapplied_cash(account, currency)
    waiting = uninvoiced(account, currency)
    bills = (
        bills_outstanding(account, currency, policy.bills, as_of=ageing.as_of)
        if account.bills
        else []
    )
    billed = sum([bill.amount for bill in bills])
    near = sums.open_orders - _beyond_horizon(sums, policy, ageing.as_of)
    converted = converted_orders(near, currency, policy.order_conversion_factor)
    return Exposure(
        currency=currency,
        open=ageing.open,
        overdue=ageing.overdue,
        disputed=ageing.disputed,
        open_orders=sums.open_orders,
        orders=sums.orders,
        unapplied=unapplied,
        total=max(0, ageing.open + waiting + converted + billed - unapplied),
        uninvoiced=waiting,
        bills=billed,
        recourse=sum([b.amount for b in bills if b.state is BillState.WITH_RECOURSE]),
    )


def horizon_days(account: Account, policy: LedgerPolicy, *, after: date) -> list[date]:
    """The days after a day on which an open order comes within the horizon."""
    if policy.order_horizon_days is None:
        return []
    horizon = timedelta(days=policy.order_horizon_days)
    planned = (day for sums in account.outstanding.values() for day, _ in sums.ahead)
    return [day - horizon for day in planned if day - horizon > after]


def _beyond_horizon(sums: Outstanding, policy: LedgerPolicy, as_of: date) -> int:
    if not sums.ahead or policy.order_horizon_days is None:
        return 0
    return sums.planned_after(as_of + timedelta(days=policy.order_horizon_days))


@lru_cache(maxsize=4096)
def converted_orders(open_orders: int, currency: str, factor: float) -> int:
    """Open orders at their conversion factor, in minor units."""
    return Money(open_orders, currency).times(factor).minor
