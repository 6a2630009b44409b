"""Which signs a fact can move, by its kind; the others wait for the close of its day.

A sign that only time moves, or a month's end, is moved by no fact. What a fact is not about keeps its
value until then, so nobody need measure it in between.
"""

from collections.abc import Iterable
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.receivables.facts import FactKind

_USE: Final = (
    Indicator.LIMIT_UTILISATION,
    Indicator.UTILISATION_TREND,
    Indicator.OVER_LIMIT_DURATION,
)
_OWED: Final = (
    Indicator.MAX_DAYS_PAST_DUE,
    Indicator.OVERDUE_RATIO,
    Indicator.LATENESS_LEVEL,
    Indicator.AVERAGE_DAYS_DELINQUENT,
    Indicator.PARTIAL_PAYMENTS,
    Indicator.SHORT_PAYMENTS,
    Indicator.BROKEN_PROMISES,
    *_USE,
)
_SHARES_OF_INVOICED: Final = (
    Indicator.RETURNS,
    Indicator.DILUTION,
    Indicator.DISPUTE_RATE,
)
_INVOICED: Final = (*_OWED, *_SHARES_OF_INVOICED)
_MONEY: Final = (
    *_OWED,
    Indicator.ROUND_SUMS,
    Indicator.DISCOUNT_LOST,
    Indicator.BILL_QUALITY,
    Indicator.BANK_ACCOUNT_CHANGE,
    Indicator.THIRD_PARTY_PAYER,
    Indicator.METHOD_DOWNGRADE,
)
_TOUCHED: Final[dict[FactKind, tuple[Indicator, ...]]] = {
    FactKind.ORDER_PLACED: (
        Indicator.ORDER_SURGE,
        Indicator.ORDER_VOLATILITY,
        Indicator.CANCELLATIONS,
        Indicator.SILENCE,
        *_USE,
    ),
    FactKind.ORDER_CHANGED: _USE,
    FactKind.ORDER_CANCELLED: (Indicator.CANCELLATIONS, *_USE),
    FactKind.DELIVERY_MADE: (Indicator.RETURNS, *_USE),
    FactKind.GOODS_RETURNED: (Indicator.RETURNS, *_USE),
    FactKind.INVOICE_ISSUED: (*_INVOICED, Indicator.SILENCE),
    FactKind.TERMS_CHANGED: _OWED,
    FactKind.DEBIT_NOTE_ISSUED: _INVOICED,
    FactKind.CREDIT_NOTE_ISSUED: _INVOICED,
    FactKind.DISPUTE_OPENED: _INVOICED,
    FactKind.DISPUTE_RESOLVED: _INVOICED,
    FactKind.INVOICE_CANCELLED: _INVOICED,
    FactKind.WRITTEN_OFF: _OWED,
    FactKind.RECOVERED: _OWED,
    FactKind.PROMISE_MADE: (Indicator.BROKEN_PROMISES,),
    FactKind.RELIEF_REQUESTED: (Indicator.RELIEF_REQUESTS,),
    FactKind.CONTACT_ATTEMPTED: (Indicator.CONTACT_LOSS,),
    FactKind.PAYMENT_RECEIVED: _MONEY,
    FactKind.BILL_RECEIVED: _MONEY,
    FactKind.PAYMENT_ALLOCATED: _MONEY,
    FactKind.PAYMENT_UNALLOCATED: _MONEY,
    FactKind.BILL_TRANSFERRED: _MONEY,
    FactKind.BILL_SETTLED: _MONEY,
    FactKind.BILL_DISHONOURED: (*_MONEY, Indicator.DISHONOURS),
    FactKind.PAYMENT_BOUNCED: (*_MONEY, Indicator.DISHONOURS),
}
TOUCHED: Final = {kind: tuple(sorted(_TOUCHED[kind])) for kind in FactKind}
"""The signs that each kind of fact can move, in the order of their ids."""


def touched_by(kinds: Iterable[FactKind]) -> tuple[Indicator, ...]:
    """The signs that facts of these kinds can move, in the order of their ids."""
    several = set(kinds)
    if len(several) == 1:
        return TOUCHED[several.pop()]
    return tuple(sorted({name for kind in several for name in TOUCHED[kind]}))
