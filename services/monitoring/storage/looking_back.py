"""Which customers' earlier facts a batch has to look at: decided from the state, before any handler."""

from collections.abc import Iterable

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.references import (
    Name,
    about,
    begun_by,
    holds,
    mentions,
    needs_history,
)
from services.monitoring.storage.book import Customer, DocumentKey, document_key


def looks_back(customer: Customer, facts: Iterable[Fact]) -> bool:
    """Whether any of a batch's facts, in their order, may need the customer's earlier ones.

    It errs on the side of looking: one that is late, corrects, or is about a document that neither the
    state nor the batch holds.
    """
    if customer.waiting:
        return True
    latest, earlier = customer.ledger.day, customer.ledger.earlier
    met: dict[DocumentKey, tuple[str, int]] = {}
    new: list[Fact] = [*customer.ledger.recent]
    for fact in facts:
        if customer.knows(fact):
            continue
        if latest is not None and fact.on < latest:
            return True
        if customer.corrects(fact) or _strange(earlier, fact, new):
            return True
        told = (fact.source, fact.version)
        if met.setdefault(document_key(fact.kind, fact.document, fact.version), told) != told:
            return True
        latest = fact.on
        new.append(fact)
    return False


def _births(facts: Iterable[Fact]) -> set[Name]:
    """The documents that facts begin for sure: one about another may have to wait for that."""
    return {name for fact in facts if about(fact) is None for name in begun_by(fact)}


def _strange(earlier: Account, fact: Fact, new: Iterable[Fact]) -> bool:
    """Whether the fact is about a document that is neither in the state nor begun by the new facts."""
    if fact.kind is FactKind.INVOICE_ISSUED:
        return needs_history(earlier, fact)
    absent = [name for name in mentions(earlier, fact) if not holds(earlier, name)]
    return bool(absent) and not _births(new).issuperset(absent)
