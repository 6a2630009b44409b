"""What payments and bounces do to an account: which invoice takes which part of the money."""

from datetime import date
from operator import attrgetter

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.receivables.account import (
    Account,
    Dishonour,
    Payment,
    Receivable,
    Share,
)
from services.monitoring.domain.receivables.allocations import (
    apply_portions,
    apply_share,
    take,
    take_back,
)
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.promises import count_back, count_received
from services.monitoring.domain.receivables.undertakings import Bill, BillKind, BillState

due_order = attrgetter("due_date", "invoice_date", "invoice_id")
"""By what invoices stand in the order in which unallocated money pays them."""

BY_BILL = {"bank_bill": BillKind.BANK, "trade_bill": BillKind.COMMERCIAL}
"""The methods of payment that are bills of exchange, by who accepts them."""


def receive_payment(account: Account, fact: Fact, *, oldest_first: bool) -> None:
    """Money settles what the customer said it is for; if nothing was said, the oldest due first.

    What exceeds that stays unapplied. A portion for an invoice not known yet is promised to it: it
    is unapplied until the invoice comes. A portion never takes more than the invoice's open amount.
    A bill settles like money; whether it ends the exposure depends on who accepted it.
    """
    name, kind, currency = payment_of(fact), bill_kind(fact), fact.currency or ""
    if name in account.payments:
        return
    payment = Payment(
        payment_id=name,
        on=fact.on,
        amount=minor_of(fact.amount, currency),
        currency=currency,
        automatic=oldest_first and not fact.portions,
        on_credit=kind is BillKind.COMMERCIAL,
    )
    account.put_payment(payment._replace(kept=count_received(account, payment)))
    account.history(currency)
    if kind is not None:
        account.bills[_bill_of(fact)] = _bill(fact, payment, kind)
    apply_portions(account, name, fact.portions, on=fact.on)
    if payment.automatic:
        for receivable in oldest_due(account, currency):
            share = Share(invoice_id=receivable.invoice_id, amount=receivable.open)
            take(account, name, receivable, share, on=fact.on)


def oldest_due(account: Account, currency: str) -> list[Receivable]:
    """The open invoices in one currency, in the order in which unallocated money pays them."""
    mine = (each for each in account.receivables.values() if each.currency == currency)
    return sorted(mine, key=due_order)


def keep_promise(account: Account, payment_id: str, invoice_id: str, *, on: date) -> None:
    """An invoice has come that a payment had been meant for: it takes its portion now."""
    payment = account.payments.get(payment_id)
    if payment is None:
        return
    due = [share for share in payment.promised if share.invoice_id == invoice_id]
    rest = tuple(share for share in payment.promised if share.invoice_id != invoice_id)
    account.put_payment(payment._replace(promised=rest))
    for share in due:
        apply_share(account, payment_id, share, on=on)


def bounce_payment(account: Account, fact: Fact, payment: Payment) -> None:
    """What the payment had settled is owed again, with its old due dates."""
    if payment.bounced:
        return
    take_back(account, payment, payment.shares, on=max(fact.on, payment.on))
    count_back(account, payment.kept)
    held = account.payments[payment.payment_id]
    gave_back = tuple(share.invoice_id for share in payment.shares)
    account.put_payment(held._replace(promised=(), bounced=True, gave_back=gave_back, kept=()))
    bill = account.bills.get(_of_payment(payment.payment_id))
    if bill is not None:
        account.bills[_of_payment(payment.payment_id)] = bill.become(
            BillState.DISHONOURED, on=fact.on
        )
    bounced = Dishonour(payment_id=payment.payment_id, on=fact.on, reason=fact.reason or "")
    account.dishonours = (*account.dishonours, bounced)


def payment_of(fact: Fact) -> str:
    """The payment that money, a bill or an allocation is in the account."""
    match fact.kind:
        case FactKind.BILL_RECEIVED:
            return f"bill/{fact.document}"
        case FactKind.PAYMENT_ALLOCATED:
            return fact.refers_to or ""
        case FactKind.PAYMENT_UNALLOCATED:
            return fact.reason or ""
        case _:
            return fact.document


def bill_kind(fact: Fact) -> BillKind | None:
    """Who accepted the bill that came in; None if it was no bill."""
    if fact.kind is FactKind.BILL_RECEIVED:
        return BillKind(fact.reason or BillKind.COMMERCIAL)
    return BY_BILL.get(fact.reason or "")


def _bill_of(fact: Fact) -> str:
    """The name of a bill in the account; one that is only a way of paying has its payment's."""
    return fact.document if fact.kind is FactKind.BILL_RECEIVED else _of_payment(fact.document)


def _of_payment(payment_id: str) -> str:
    return f"payment/{payment_id}"


def _bill(fact: Fact, payment: Payment, kind: BillKind) -> Bill:
    extra = fact.particulars
    return Bill(
        bill_id=fact.document,
        payment_id=payment.payment_id,
        kind=kind,
        amount=payment.amount,
        currency=payment.currency,
        received_on=fact.on,
        changed_on=fact.on,
        due=fact.due,
        acceptor=None if extra is None else extra.party,
    )
