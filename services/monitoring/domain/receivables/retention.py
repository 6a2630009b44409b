"""What an account lets go of, so that its size follows the trade of months, not of years."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

from services.monitoring.domain.receivables.account import Account, Payment
from services.monitoring.domain.receivables.bills import bill_is_done
from services.monitoring.domain.receivables.history import days_before
from services.monitoring.domain.receivables.orders import KEPT_DAYS, is_done
from services.monitoring.domain.receivables.references import Name

HISTORY_DAYS = 800
DOCUMENT_DAYS = 200
UNDERTAKING_DAYS = 400
Needed = Callable[[], AbstractSet[Name]]
"""Says which documents have to stay, however old they are."""
ValueT = TypeVar("ValueT")


def let_go(account: Account, *, month: date, needed: Needed = frozenset) -> None:
    """Drop what was over and done with well before a month, except for the documents needed.

    No figure from that month on rests on it. What is left follows from the facts, the month and the need,
    whatever was let go of before. What is needed is asked only where something is old enough to go.
    """
    days = _days_of(month)
    settled = [
        name
        for name, closed in account.closed.items()
        if (closed.settled_on or month) < days.kept_from
    ]
    _drop("invoice", account.closed, settled, needed)
    _let_go_of_money(account, days, needed)
    done = [name for name, each in account.orders.items() if is_done(each, before=days.kept_from)]
    _drop("order", account.orders, done, needed)
    over = [name for name, about in account.disputes.items() if not account.receivable(about)]
    _drop("dispute", account.disputes, over, needed)
    _let_go_of_talks(account, since=days.talks_from)
    for history in account.histories.values():
        history.forget_before(days.history_from, documents_from=days.documents_from)


class _Days(NamedTuple):
    """The first days of what is kept whatever it is, when a month's turn has come."""

    kept_from: date
    talks_from: date
    documents_from: date
    history_from: date


@lru_cache(maxsize=64)
def _days_of(month: date) -> _Days:
    spans = (KEPT_DAYS, UNDERTAKING_DAYS, DOCUMENT_DAYS, HISTORY_DAYS)
    return _Days(*(days_before(month, span) for span in spans))


def _drop(family: str, table: dict[str, ValueT], old: Sequence[str], needed: Needed) -> None:
    kept = needed() if old else ()
    for name in old:
        if (family, name) not in kept:
            del table[name]


def _let_go_of_money(account: Account, days: _Days, needed: Needed) -> None:
    cutoff, long_ago = days.kept_from, days.talks_from
    done = [
        name
        for name, bill in account.bills.items()
        if bill_is_done(bill, before=cutoff, long_before=long_ago)
    ]
    _drop("bill", account.bills, done, needed)
    old = [each for each in account.payments.values() if each.on < cutoff]
    if not old:
        return
    held = {bill.payment_id for bill in account.bills.values()}
    spent = [each.payment_id for each in old if not _matters(account, each, held)]
    _drop("payment", account.payments, spent, needed)
    for name in [name for name, of in account.allocations.items() if of not in account.payments]:
        del account.allocations[name]


def _matters(account: Account, payment: Payment, held: AbstractSet[str]) -> bool:
    """Whether an old payment still bears on what is kept."""
    if payment.unapplied or payment.payment_id in held:
        return True
    return any(account.receivable(share.invoice_id) for share in payment.shares)


def _let_go_of_talks(account: Account, *, since: date) -> None:
    over = [
        name
        for name, promise in account.promises.items()
        if promise.due_on < since and promise.counts_until < since
    ]
    for name in over:
        del account.promises[name]
    account.reliefs = tuple(each for each in account.reliefs if each.on >= since)
    account.contacts = tuple(each for each in account.contacts if each.on >= since)
