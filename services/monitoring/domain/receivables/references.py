"""Which documents a fact is about, and whether an account still holds them."""

from typing import Final

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.payments import payment_of

Name = tuple[str, str]
"""A document by its family (order, invoice, payment, allocation, bill, dispute) and its number."""

BEGINS: Final = {
    FactKind.ORDER_PLACED: "order",
    FactKind.INVOICE_ISSUED: "invoice",
    FactKind.PAYMENT_RECEIVED: "payment",
    FactKind.PAYMENT_ALLOCATED: "allocation",
    FactKind.BILL_RECEIVED: "bill",
    FactKind.DISPUTE_OPENED: "dispute",
}
"""The facts that begin a document's life."""

ABOUT: Final = {
    FactKind.ORDER_CHANGED: "order",
    FactKind.ORDER_CANCELLED: "order",
    FactKind.TERMS_CHANGED: "invoice",
    FactKind.DEBIT_NOTE_ISSUED: "invoice",
    FactKind.DISPUTE_OPENED: "invoice",
    FactKind.CREDIT_NOTE_ISSUED: "invoice",
    FactKind.WRITTEN_OFF: "invoice",
    FactKind.INVOICE_CANCELLED: "invoice",
    FactKind.PAYMENT_ALLOCATED: "payment",
    FactKind.PAYMENT_UNALLOCATED: "allocation",
    FactKind.PAYMENT_BOUNCED: "payment",
    FactKind.BILL_TRANSFERRED: "bill",
    FactKind.BILL_SETTLED: "bill",
    FactKind.BILL_DISHONOURED: "bill",
    FactKind.DISPUTE_RESOLVED: "dispute",
}
"""The facts that make no sense without a document that came before."""

_OF_MONEY: Final = frozenset(
    {
        FactKind.PAYMENT_ALLOCATED,
        FactKind.PAYMENT_UNALLOCATED,
        FactKind.PAYMENT_BOUNCED,
        FactKind.BILL_DISHONOURED,
    }
)
"""The facts that take shares of money back from invoices."""


def begun_by(fact: Fact) -> tuple[Name, ...]:
    """The document that a fact begins, if any."""
    family = BEGINS.get(fact.kind)
    return () if family is None else ((family, fact.document),)


def pending_name(name: Name) -> str:
    """The name under which facts wait for a document."""
    return "/".join(name)


def about(fact: Fact) -> Name | None:
    """The document that a fact makes no sense without; None if it stands for itself."""
    family, number = ABOUT.get(fact.kind), fact.refers_to or ""
    if family is None:
        return None
    if family == "allocation" and number == fact.reason:
        return ("payment", number)
    return (family, number)


def missing(account: Account, fact: Fact) -> Name | None:
    """The document a fact is about and that the account does not hold."""
    name = about(fact)
    return None if name is None or holds(account, name) else name


def holds(account: Account, name: Name) -> bool:
    """Whether the account knows a document; a placeholder for an order to come is no order."""
    family, number = name
    match family:
        case "invoice":
            return account.receivable(number) is not None
        case "order":
            order = account.orders.get(number)
            return order is not None and order.version > 0
        case "payment":
            return number in account.payments
        case "allocation":
            return number in account.allocations
        case "bill":
            return number in account.bills
        case _:
            return number in account.disputes


def mentions(account: Account, fact: Fact) -> set[Name]:
    """The documents that have to be at hand to post a fact."""
    named = {("invoice", portion.invoice_id) for portion in fact.portions}
    document = about(fact)
    if document is not None:
        named.add(document)
    if fact.kind in _OF_MONEY:
        named |= _money_of(account, fact)
    if fact.kind is FactKind.DISPUTE_RESOLVED and fact.refers_to in account.disputes:
        named.add(("invoice", account.disputes[fact.refers_to]))
    return named


def needs_history(account: Account, fact: Fact) -> bool:
    """Whether a fact is about documents that the state may have let go: look at all facts then."""
    if fact.kind is FactKind.INVOICE_ISSUED and fact.version > 1:
        return True
    return not all(holds(account, name) for name in mentions(account, fact))


def _money_of(account: Account, fact: Fact) -> set[Name]:
    """The payment behind a fact, as far as it is known, and the invoices that have shares of it."""
    number = fact.refers_to or ""
    if fact.kind is FactKind.BILL_DISHONOURED:
        bill = account.bills.get(number)
        if bill is None:
            return set()
        number = bill.payment_id
    elif fact.kind is FactKind.PAYMENT_UNALLOCATED:
        number = payment_of(fact)
    payment = account.payments.get(number)
    shares = () if payment is None else payment.shares
    return {("payment", number), *(("invoice", share.invoice_id) for share in shares)}
