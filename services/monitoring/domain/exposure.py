"""What could be lost on a customer (domain.md §1.6)."""

from dataclasses import dataclass

from services.monitoring.domain.account import Account
from services.monitoring.domain.ageing import Ageing
from services.monitoring.domain.policy import LedgerPolicy
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Exposure in one currency, in minor units.

    `total` is open invoices, and open orders at their conversion factor, less cash and credits that no
    invoice has taken yet; never below zero. `orders` counts the open orders behind `open_orders`.
    """

    currency: str
    open: int
    overdue: int
    disputed: int
    open_orders: int
    orders: int
    unapplied: int
    total: int


def exposure_of(account: Account, ageing: Ageing, policy: LedgerPolicy) -> Exposure:
    """What could be lost in the currency that was aged."""
    currency = ageing.currency
    orders = [o.open for o in account.orders.values() if o.currency == currency]
    mine = [owed for owed in orders if owed]
    unapplied = unapplied_cash(account, currency)
    converted = Money(sum(mine), currency).times(policy.order_conversion_factor).minor
    return Exposure(
        currency=currency,
        open=ageing.open,
        overdue=ageing.overdue,
        disputed=ageing.disputed,
        open_orders=sum(mine),
        orders=len(mine),
        unapplied=unapplied,
        total=max(0, ageing.open + converted - unapplied),
    )


def unapplied_cash(account: Account, currency: str) -> int:
    """Money and credits of the customer that no invoice has taken, in minor units."""
    cash = sum([p.unapplied for p in account.payments.values() if p.currency == currency])
    return cash + account.credits.get(currency, 0)
