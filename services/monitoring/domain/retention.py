"""What an account lets go of, so that its size follows the trade of months, not of years."""

from collections.abc import Set as AbstractSet
from datetime import date

from services.monitoring.domain.account import Account
from services.monitoring.domain.history import days_before
from services.monitoring.domain.orders import KEPT_DAYS
from services.monitoring.domain.references import Name

HISTORY_DAYS = 800
DOCUMENT_DAYS = 200


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
    account.payments = {
        name: payment
        for name, payment in account.payments.items()
        if payment.on >= cutoff
        or payment.unapplied
        or ("payment", name) in needed
        or any(account.receivable(share.invoice_id) for share in payment.shares)
    }
    account.orders = {
        name: order
        for name, order in account.orders.items()
        if order.placed_on >= cutoff or order.open or ("order", name) in needed
    }
    account.disputes = {
        name: invoice_id
        for name, invoice_id in account.disputes.items()
        if account.receivable(invoice_id) or ("dispute", name) in needed
    }
    for history in account.histories.values():
        history.forget_before(
            days_before(month, HISTORY_DAYS), documents_from=days_before(month, DOCUMENT_DAYS)
        )
