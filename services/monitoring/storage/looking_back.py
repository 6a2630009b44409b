"""Which customers' earlier facts a batch has to look at: decided from the state, before any handler."""

from collections.abc import Iterable

from services.monitoring.domain.account import Account
from services.monitoring.domain.facts import Fact, FactKind
from services.monitoring.domain.ledger import needs_history
from services.monitoring.storage.book import Customer, DocumentKey, document_key

_FAMILY = {
    FactKind.ORDER_PLACED: "order",
    FactKind.INVOICE_ISSUED: "invoice",
    FactKind.PAYMENT_RECEIVED: "payment",
    FactKind.DISPUTE_OPENED: "dispute",
}
_ABOUT = {
    FactKind.ORDER_CHANGED: "order",
    FactKind.ORDER_CANCELLED: "order",
    FactKind.CREDIT_NOTE_ISSUED: "invoice",
    FactKind.INVOICE_CANCELLED: "invoice",
    FactKind.DISPUTE_OPENED: "invoice",
    FactKind.PAYMENT_BOUNCED: "payment",
    FactKind.DISPUTE_RESOLVED: "dispute",
}
Name = tuple[str, str]


def looks_back(customer: Customer, facts: Iterable[Fact]) -> bool:
    """Whether any of a batch's facts, in their order, may need the customer's earlier ones.

    It errs on the side of looking: one that is late, corrects, or is about a document that neither the
    state nor the batch holds.
    """
    if customer.waiting:
        return True
    latest = customer.ledger.day
    new = _births(customer.ledger.recent)
    met: dict[DocumentKey, tuple[str, int]] = {}
    for fact in facts:
        if customer.knows(fact):
            continue
        if latest is not None and fact.on < latest:
            return True
        if customer.corrects(fact) or _strange(customer.ledger.earlier, fact, new):
            return True
        told = (fact.source, fact.version)
        if met.setdefault(document_key(fact.kind, fact.document, fact.version), told) != told:
            return True
        latest = fact.on
        new |= _births([fact])
    return False


def _births(facts: Iterable[Fact]) -> set[Name]:
    return {(_FAMILY[fact.kind], fact.document) for fact in facts if fact.kind in _FAMILY}


def _strange(earlier: Account, fact: Fact, new: set[Name]) -> bool:
    """Whether the fact is about a document that is neither in the state nor new in the batch."""
    if not needs_history(earlier, fact):
        return False
    if fact.kind is FactKind.INVOICE_ISSUED:
        return True
    about = {("invoice", each.invoice_id) for each in fact.portions}
    about = {name for name in about if earlier.receivable(name[1]) is None}
    if fact.kind in _ABOUT:
        about.add((_ABOUT[fact.kind], fact.refers_to or ""))
    return not about <= new
