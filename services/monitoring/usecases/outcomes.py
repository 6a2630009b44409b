"""Noting what becomes of customers, so that the warnings about them can be judged."""

from collections.abc import Iterable

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.learning.outcomes import Outcome, OutcomeKind
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.storage.book import Book, Customer
from services.monitoring.usecases.figures import View
from shared.kernel.money import Money


def note_outcome(customer: Customer, kind: OutcomeKind, view: View, book: Book) -> None:
    """Note what happened to a customer."""
    book.outcomes.append(
        Outcome(
            customer_id=customer.customer_id,
            kind=kind,
            on=view.as_of,
            exposure=tuple(Money(each.total, each.currency) for each in view.exposures),
        )
    )


def note_write_offs(customer_id: str, facts: Iterable[Fact], book: Book) -> None:
    """Note what facts say was given up, on the day it was."""
    book.outcomes += [
        Outcome(
            customer_id=customer_id,
            kind=OutcomeKind.WRITE_OFF,
            on=fact.on,
            exposure=(_given_up(fact, fact.currency),) if fact.currency else (),
        )
        for fact in facts
        if fact.kind is FactKind.WRITTEN_OFF
    ]


def note_long_overdue(customer: Customer, view: View, book: Book, policy: MonitoringPolicy) -> None:
    """Note, once, that something has been past due for longer than the days of a default.

    Be it material or not: that decides the default flag, not whether a warning was right.
    """
    is_long = view.oldest_days_past_due > policy.ledger.default.days_past_due
    if is_long and not customer.watch.long_overdue:
        note_outcome(customer, OutcomeKind.LONG_OVERDUE, view, book)
    customer.watch.long_overdue = is_long


def _given_up(fact: Fact, currency: str) -> Money:
    return Money(minor_of(fact.amount, currency), currency)
