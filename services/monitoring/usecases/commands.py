"""What people tell monitoring about a customer's warnings, carried out by the worker."""

from services.monitoring.storage.book import Book
from services.monitoring.usecases import verdicts
from services.monitoring.usecases.figures import view_of
from services.monitoring.usecases.observing import MonitoringWork, watched
from services.monitoring.usecases.watched import Watched
from shared.chassis.service import CommandAnswer


def acknowledge_warning(
    wish: verdicts.AcknowledgeWarning, book: Book, work: MonitoringWork
) -> CommandAnswer:
    """A person has seen a warning."""
    return verdicts.acknowledge(_watched(book, work), wish, work)


def resolve_warning(
    wish: verdicts.ResolveWarning, book: Book, work: MonitoringWork
) -> CommandAnswer:
    """A person says what a warning was, and ends it."""
    return verdicts.resolve(_watched(book, work), wish, work)


def _watched(book: Book, work: MonitoringWork) -> Watched:
    customer, policy = book.customer(work.cause.subject), work.policy.ledger
    account = customer.ledger.unfold(policy)
    view = view_of(account, policy, as_of=work.business_day)
    customer.wake_by(work.business_day)
    return watched(customer, view, book, work)
