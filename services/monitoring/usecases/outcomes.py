"""Noting what becomes of customers, so that the warnings about them can be judged."""

from datetime import date

from services.monitoring.domain.outcomes import Outcome, OutcomeKind
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.book import Book, Customer
from services.monitoring.usecases.figures import View
from shared.kernel.money import Money


def note_outcome(
    customer: Customer, kind: OutcomeKind, view: View, book: Book, *, on: date | None = None
) -> None:
    """Note what happened to a customer."""
    book.outcomes.append(
        Outcome(
            customer_id=customer.customer_id,
            kind=kind,
            on=on or view.as_of,
            exposure=tuple(Money(each.total, each.currency) for each in view.exposures),
        )
    )


def note_long_overdue(customer: Customer, view: View, book: Book, policy: MonitoringPolicy) -> None:
    """Note, once, that something has been past due for longer than the days of a default.

    Be it material or not: that decides the default flag, not whether a warning was right.
    """
    is_long = view.oldest_days_past_due > policy.ledger.default.days_past_due
    if is_long and not customer.watch.long_overdue:
        note_outcome(customer, OutcomeKind.LONG_OVERDUE, view, book)
    customer.watch.long_overdue = is_long
