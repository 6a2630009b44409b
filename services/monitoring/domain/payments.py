"""What payments and bounces do to an account: which invoice takes which part of the money."""

from dataclasses import replace
from datetime import date

from services.monitoring.domain.account import Account, Dishonour, Payment, Receivable, Share
from services.monitoring.domain.facts import Fact, minor_of
from services.monitoring.domain.invoices import reopen, settle


def receive_payment(account: Account, fact: Fact, *, oldest_first: bool) -> None:
    """Money settles what the customer said it is for; if nothing was said, the oldest due first.

    What exceeds that stays unapplied. A portion for an invoice not known yet is promised to it: it
    is unapplied until the invoice comes. A portion never takes more than the invoice's open amount.
    """
    if fact.document in account.payments:
        return
    currency = fact.currency or ""
    payment = Payment(
        payment_id=fact.document,
        on=fact.on,
        amount=minor_of(fact.amount, currency),
        currency=currency,
    )
    account.payments[fact.document] = payment
    account.history(currency)
    if fact.portions:
        for portion in fact.portions:
            share = Share(invoice_id=portion.invoice_id, amount=minor_of(portion.amount, currency))
            _apply_portion(account, fact.document, share, on=fact.on)
    elif oldest_first:
        for receivable in oldest_due(account, currency):
            take(account, fact.document, receivable, limit=receivable.open, on=fact.on)


def oldest_due(account: Account, currency: str) -> list[Receivable]:
    """The open invoices in one currency, in the order in which unallocated money pays them."""
    mine = (each for each in account.receivables.values() if each.currency == currency)
    return sorted(mine, key=lambda each: (each.due_date, each.invoice_date, each.invoice_id))


def _apply_portion(account: Account, payment_id: str, share: Share, *, on: date) -> None:
    receivable = account.receivable(share.invoice_id)
    payment = account.payments[payment_id]
    if receivable is None:
        account.payments[payment_id] = replace(payment, promised=(*payment.promised, share))
    elif receivable.currency != payment.currency:
        account.unmatched = (*account.unmatched, f"{payment_id}/{share.invoice_id}")
    else:
        take(account, payment_id, receivable, limit=share.amount, on=on)


def keep_promise(account: Account, payment_id: str, invoice_id: str, *, on: date) -> None:
    """An invoice has come that a payment had been meant for: it takes its portion now."""
    payment = account.payments.get(payment_id)
    if payment is None:
        return
    due = [share for share in payment.promised if share.invoice_id == invoice_id]
    rest = tuple(share for share in payment.promised if share.invoice_id != invoice_id)
    account.payments[payment_id] = replace(payment, promised=rest)
    for share in due:
        _apply_portion(account, payment_id, share, on=on)


def take(
    account: Account, payment_id: str, receivable: Receivable, *, limit: int, on: date
) -> None:
    """Let an invoice take up to `limit` minor units of a payment's unapplied rest."""
    payment = account.payments[payment_id]
    amount = min(limit, receivable.open, payment.unapplied)
    if amount <= 0:
        return
    share = Share(invoice_id=receivable.invoice_id, amount=amount)
    account.payments[payment_id] = replace(
        payment, shares=(*payment.shares, share), applied=payment.applied + amount
    )
    known = payment_id in receivable.paid_by
    paid = replace(
        receivable,
        paid=receivable.paid + amount,
        paid_by=receivable.paid_by if known else (*receivable.paid_by, payment_id),
    )
    if paid.open == 0:
        settle(account, replace(paid, settled_on=on))
    else:
        account.put(paid)


def bounce_payment(account: Account, fact: Fact, payment: Payment) -> None:
    """What the payment had settled is owed again, with its old due dates."""
    if payment.bounced:
        return
    for share in payment.shares:
        _give_back(account, payment.payment_id, share)
    account.payments[payment.payment_id] = replace(
        payment, shares=(), applied=0, promised=(), bounced=True
    )
    bounced = Dishonour(payment_id=payment.payment_id, on=fact.on, reason=fact.reason or "")
    account.dishonours = (*account.dishonours, bounced)


def _give_back(account: Account, payment_id: str, share: Share) -> None:
    receivable = account.receivable(share.invoice_id)
    if receivable is None:
        return
    reopen(account, receivable)
    account.put(
        replace(
            receivable,
            paid=receivable.paid - share.amount,
            paid_by=tuple(each for each in receivable.paid_by if each != payment_id),
            settled_on=None,
        )
    )
