"""What other services tell monitoring: the register and limits."""

from services.monitoring.domain.standing import note_limit
from services.monitoring.storage.book import Book
from services.monitoring.usecases.affiliates import (
    FROM_THE_FIRST,
    note_links,
    note_membership,
)
from services.monitoring.usecases.observing import MonitoringWork
from shared.contracts.screening import CustomerRegistered
from shared.contracts.tiering import CreditLimitSet
from shared.kernel.dates import next_day
from shared.kernel.money import Money


def note_customer(event: CustomerRegistered, book: Book, work: MonitoringWork) -> None:
    """Keep what the register says; it decides nothing by itself."""
    standing = book.customer(event.customer_id).standing
    standing.registered = True
    standing.country = event.country
    standing.segment = event.segment
    industry = event.industry
    standing.industry = None if industry is None else f"{industry.scheme}/{industry.code}"
    note_links(event, book, on=FROM_THE_FIRST if work.closed_on is None else work.business_day)
    note_membership(book.customer(event.customer_id), book)


def note_credit_limit(event: CreditLimitSet, book: Book, work: MonitoringWork) -> None:
    """Keep a credit limit; it counts from the day after the one it was set for."""
    customer = book.customer(event.customer_id)
    effective_from = next_day(event.as_of)
    note_limit(
        customer.standing,
        event.currency,
        Money.parse(event.amount, event.currency).minor,
        effective_from=effective_from,
        policy=work.policy.ledger,
    )
    customer.wake_by(max(effective_from, work.business_day))
