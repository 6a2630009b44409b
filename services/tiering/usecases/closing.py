"""What the end of a day, and any batch, brings: reservations end, checks at the door are published."""

from datetime import date

from services.tiering.domain.policy import TieringPolicy
from services.tiering.storage.book import Book, UnannouncedCheck
from shared.chassis.work import Work
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Envelope
from shared.contracts.tiering import OrderDecided, TieringDayClosed

SOURCE = "/obligor/tiering"


def close_day(day: date, book: Book, work: Work[TieringPolicy]) -> TieringDayClosed:
    """End the day: what was reserved through it is over once it has closed."""
    announce_checks(book, work)
    book.closed_on = day
    return TieringDayClosed(date=day)


def announce_checks(book: Book, work: Work[TieringPolicy]) -> None:
    """Publish the order checks that the door has answered since the last batch.

    Each is a chain of its own, begun by the check: nothing in this batch has caused it.
    """
    for check in book.checks:
        work.announced.append((_envelope(check), _order_decided(check)))
    book.announced += book.checks
    book.checks = []


def _envelope(check: UnannouncedCheck) -> Envelope:
    return Envelope(
        id=check.decision_id,
        source=SOURCE,
        type=EVENT_TYPES[OrderDecided],
        time=check.decided_at,
        subject=check.customer_id,
        correlation_id=check.check_id,
        causation_id=check.check_id,
    )


def _order_decided(check: UnannouncedCheck) -> OrderDecided:
    return OrderDecided(
        customer_id=check.customer_id,
        check_id=check.check_id,
        order_id=check.order_id,
        decision=check.action,
        amount=check.amount.amount,
        currency=check.amount.currency,
        reasons=check.reasons,
    )
