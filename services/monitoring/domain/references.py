"""Which documents a fact is about, and whether an account still holds them."""

from typing import Final

from services.monitoring.domain.account import Account
from services.monitoring.domain.facts import Fact, FactKind

Name = tuple[str, str]
"""A document by its family (order, invoice, payment, dispute) and its number."""

BEGINS: Final = {
    FactKind.ORDER_PLACED: "order",
    FactKind.INVOICE_ISSUED: "invoice",
    FactKind.PAYMENT_RECEIVED: "payment",
    FactKind.DISPUTE_OPENED: "dispute",
}
"""The facts that begin a document's life."""

ABOUT: Final = {
    FactKind.ORDER_CHANGED: "order",
    FactKind.ORDER_CANCELLED: "order",
    FactKind.DISPUTE_OPENED: "invoice",
    FactKind.CREDIT_NOTE_ISSUED: "invoice",
    FactKind.INVOICE_CANCELLED: "invoice",
    FactKind.PAYMENT_BOUNCED: "payment",
    FactKind.DISPUTE_RESOLVED: "dispute",
}
"""The facts that make no sense without a document that came before."""


def pending_name(name: Name) -> str:
    """The name under which facts wait for a document."""
    return "/".join(name)


def missing(account: Account, fact: Fact) -> Name | None:
    """The document a fact is about and that the account does not hold."""
    family = ABOUT.get(fact.kind)
    if family is None:
        return None
    name = (family, fact.refers_to or "")
    return None if holds(account, name) else name


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
        case _:
            return number in account.disputes


def mentions(account: Account, fact: Fact) -> set[Name]:
    """The documents that have to be at hand to post a fact."""
    named = {("invoice", portion.invoice_id) for portion in fact.portions}
    about = fact.refers_to or ""
    if fact.kind in ABOUT:
        named.add((ABOUT[fact.kind], about))
    if fact.kind is FactKind.PAYMENT_BOUNCED and about in account.payments:
        named |= {("invoice", share.invoice_id) for share in account.payments[about].shares}
    if fact.kind is FactKind.DISPUTE_RESOLVED and about in account.disputes:
        named.add(("invoice", account.disputes[about]))
    return named


def needs_history(account: Account, fact: Fact) -> bool:
    """Whether a fact is about documents that the state may have let go: look at all facts then."""
    if fact.kind is FactKind.INVOICE_ISSUED and fact.version > 1:
        return True
    return not all(holds(account, name) for name in mentions(account, fact))
