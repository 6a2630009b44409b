"""What people tell monitoring about a customer's warnings, carried out by the worker."""

from services.monitoring.storage.book import Book
from services.monitoring.usecases import snoozing, verdicts
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


def label_warning(wish: verdicts.LabelWarning, book: Book, work: MonitoringWork) -> CommandAnswer:
    """A person says what a warning was that is over already."""
    customer = _watched(book, work)
    warning = book.recalled.get(wish.warning_id)
    if warning is None or warning.customer_id != customer.customer_id:
        raise verdicts.WarningNotOpenError(wish.warning_id)
    return verdicts.label(customer, book.warnings.get(wish.warning_id, warning), wish, work)


def snooze_warning(wish: snoozing.SnoozeWarning, book: Book, work: MonitoringWork) -> CommandAnswer:
    """A person puts a warning off, or asks to."""
    return snoozing.snooze(_watched(book, work), wish, work)


def decide_snooze(wish: snoozing.DecideSnooze, book: Book, work: MonitoringWork) -> CommandAnswer:
    """A second person says whether a red warning may be put off."""
    return snoozing.decide_snooze(_watched(book, work), wish, work)


def _watched(book: Book, work: MonitoringWork) -> Watched:
    customer, policy = book.customer(work.cause.subject), work.policy.ledger
    account = customer.ledger.unfold(policy)
    view = view_of(account, policy, as_of=work.business_day)
    customer.wake_by(work.business_day)
    return watched(customer, view, book, work)
