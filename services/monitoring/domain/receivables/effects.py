"""What each kind of fact does to an account that holds the document it is about."""

from collections.abc import Callable
from typing import Final

from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.receivables.account import Account, Order, Payment, Receivable
from services.monitoring.domain.receivables.adjustments import (
    change_terms,
    debit_invoice,
    recover,
    write_off,
)
from services.monitoring.domain.receivables.allocations import allocate, unallocate
from services.monitoring.domain.receivables.approaches import ask_relief, note_contact
from services.monitoring.domain.receivables.bills import dishonour_bill, settle_bill, transfer_bill
from services.monitoring.domain.receivables.disputes import open_dispute, resolve_dispute
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.invoices import (
    cancel_invoice,
    credit_invoice,
    issue_invoice,
)
from services.monitoring.domain.receivables.orders import (
    cancel_order,
    change_order,
    deliver_goods,
    place_order,
    return_goods,
)
from services.monitoring.domain.receivables.payments import bounce_payment, receive_payment
from services.monitoring.domain.receivables.promises import make_promise
from services.monitoring.domain.receivables.undertakings import Bill

Effect = Callable[[Account, Fact, LedgerPolicy], None]


def post(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
    """Let a fact have its effect."""
    _EFFECTS[fact.kind](account, fact, policy)


def _plain(verb: Callable[[Account, Fact], None]) -> Effect:
    def _effect(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
        del policy
        verb(account, fact)

    return _effect


def _on_invoice(verb: Callable[[Account, Fact, Receivable], None]) -> Effect:
    def _effect(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
        del policy
        receivable = account.receivable(fact.refers_to or "")
        if receivable is not None:
            verb(account, fact, receivable)

    return _effect


def _on_order(verb: Callable[[Account, Fact, Order], None]) -> Effect:
    def _effect(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
        del policy
        order = account.orders.get(fact.refers_to or "")
        if order is not None:
            verb(account, fact, order)

    return _effect


def _on_payment(verb: Callable[[Account, Fact, Payment], None]) -> Effect:
    def _effect(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
        del policy
        name = fact.refers_to or ""
        if fact.kind is FactKind.PAYMENT_UNALLOCATED:
            name = account.allocations.get(name, name)
        payment = account.payments.get(name)
        if payment is not None:
            verb(account, fact, payment)

    return _effect


def _on_bill(verb: Callable[[Account, Fact, Bill], None]) -> Effect:
    def _effect(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
        del policy
        bill = account.bills.get(fact.refers_to or "")
        if bill is not None:
            verb(account, fact, bill)

    return _effect


def _receive(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
    receive_payment(account, fact, oldest_first=policy.oldest_due_first)


def _change_terms(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
    receivable = account.receivable(fact.refers_to or "")
    if receivable is not None:
        within = policy.terms_change_moves_within_days
        change_terms(account, fact, receivable, moves_within_days=within)


def _resolve_dispute(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
    del policy
    receivable = account.receivable(account.disputes.get(fact.refers_to or "", ""))
    if receivable is not None:
        resolve_dispute(account, fact, receivable)


def _make_promise(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
    make_promise(account, fact, policy.promises)


_EFFECTS: Final[dict[FactKind, Effect]] = {
    FactKind.ORDER_PLACED: _plain(place_order),
    FactKind.ORDER_CHANGED: _on_order(change_order),
    FactKind.ORDER_CANCELLED: _on_order(cancel_order),
    FactKind.DELIVERY_MADE: _plain(deliver_goods),
    FactKind.GOODS_RETURNED: _plain(return_goods),
    FactKind.INVOICE_ISSUED: _plain(issue_invoice),
    FactKind.INVOICE_CANCELLED: _on_invoice(cancel_invoice),
    FactKind.TERMS_CHANGED: _change_terms,
    FactKind.DEBIT_NOTE_ISSUED: _on_invoice(debit_invoice),
    FactKind.CREDIT_NOTE_ISSUED: _on_invoice(credit_invoice),
    FactKind.DISPUTE_OPENED: _on_invoice(open_dispute),
    FactKind.DISPUTE_RESOLVED: _resolve_dispute,
    FactKind.PAYMENT_RECEIVED: _receive,
    FactKind.BILL_RECEIVED: _receive,
    FactKind.PAYMENT_ALLOCATED: _on_payment(allocate),
    FactKind.PAYMENT_UNALLOCATED: _on_payment(unallocate),
    FactKind.PAYMENT_BOUNCED: _on_payment(bounce_payment),
    FactKind.PROMISE_MADE: _make_promise,
    FactKind.BILL_TRANSFERRED: _on_bill(transfer_bill),
    FactKind.BILL_SETTLED: _on_bill(settle_bill),
    FactKind.BILL_DISHONOURED: _on_bill(dishonour_bill),
    FactKind.WRITTEN_OFF: _on_invoice(write_off),
    FactKind.RECOVERED: _plain(recover),
    FactKind.RELIEF_REQUESTED: ask_relief,
    FactKind.CONTACT_ATTEMPTED: _plain(note_contact),
}
