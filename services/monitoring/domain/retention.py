"""What an account lets go of, so that its size follows the trade of months, not of years."""

from collections.abc import Set as AbstractSet
from datetime import date

from services.monitoring.domain.account import Account, Payment
from services.monitoring.domain.bills import bill_is_done
from services.monitoring.domain.history import days_before
from services.monitoring.domain.orders import KEPT_DAYS, is_done
from services.monitoring.domain.references import Name

HISTORY_DAYS = 800
DOCUMENT_DAYS = 200
UNDERTAKING_DAYS = 400


def let_go(account: Account, *, month: date, needed: AbstractSet[Name] = frozenset()) -> None:
    """Drop what was over and done with well before a month, except for the documents needed.

    No figure from that month on rests on it. What is left follows from the facts, the month and the need,
    whatever was let go of before.
    """
    cutoff = days_before(month, KEPT_DAYS)
    account.closed = {
        name: closed
        for name, closed in account.closed.items()
        if (closed.settled_on or month) >= cutoff or ("invoice", name) in needed
    }
    _let_go_of_money(account, month=month, needed=needed)
    account.orders = {
        name: order
        for name, order in account.orders.items()
        if not is_done(order, before=cutoff) or ("order", name) in needed
    }
    account.disputes = {
        name: invoice_id
        for name, invoice_id in account.disputes.items()
        if account.receivable(invoice_id) or ("dispute", name) in needed
    }
    _let_go_of_talks(account, month=month)
    for history in account.histories.values():
        history.forget_before(
            days_before(month, HISTORY_DAYS), documents_from=days_before(month, DOCUMENT_DAYS)
        )


def _let_go_of_money(account: Account, *, month: date, needed: AbstractSet[Name]) -> None:
    cutoff, long_ago = days_before(month, KEPT_DAYS), days_before(month, UNDERTAKING_DAYS)
    account.bills = {
        name: bill
        for name, bill in account.bills.items()
        if not bill_is_done(bill, before=cutoff, long_before=long_ago) or ("bill", name) in needed
    }
    held = {bill.payment_id for bill in account.bills.values()}

    def _matters(payment: Payment) -> bool:
        if payment.on >= cutoff or payment.unapplied or payment.payment_id in held:
            return True
        return any(account.receivable(share.invoice_id) for share in payment.shares)

    account.payments = {
        name: payment
        for name, payment in account.payments.items()
        if ("payment", name) in needed or _matters(payment)
    }
    account.allocations = {
        name: payment_id
        for name, payment_id in account.allocations.items()
        if payment_id in account.payments
    }


def _let_go_of_talks(account: Account, *, month: date) -> None:
    since = days_before(month, UNDERTAKING_DAYS)
    account.promises = {
        name: promise
        for name, promise in account.promises.items()
        if max(promise.counts_until, promise.due_on) >= since
    }
    account.reliefs = tuple(each for each in account.reliefs if each.on >= since)
    account.contacts = tuple(each for each in account.contacts if each.on >= since)
