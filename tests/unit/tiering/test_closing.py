"""The end of a day, and the publication of what the door has answered."""

from datetime import UTC, datetime

from services.tiering.handlers import SERVICE
from services.tiering.storage.book import Book, UnannouncedCheck
from services.tiering.usecases.closing import announce_checks, close_day
from shared.contracts.figures import ReasonGiven
from shared.contracts.tiering import OrderDecided, TieringDayClosed
from tests.unit.tiering.building import DAY, eur
from tests.unit.tiering.events import CUSTOMER, a_book, a_work, grade_answer

ANSWERED = datetime(2025, 6, 1, 15, 30, tzinfo=UTC)
CHECK = UnannouncedCheck(
    check_id="c-1",
    decision_id="d-1",
    customer_id=CUSTOMER,
    order_id="O-1",
    action="hold",
    amount=eur(100),
    reasons=(ReasonGiven(code="O-OVD", value=0.4, threshold=0.3),),
    decided_at=ANSWERED,
)


def a_book_with_a_check() -> Book:
    book = a_book()
    book.checks = [CHECK]
    return book


def test_a_closed_day_is_said_and_kept() -> None:
    book = a_book()
    assert close_day(DAY, book, a_work()) == TieringDayClosed(date=DAY)
    assert book.closed_on == DAY


def test_a_check_is_published_as_it_was_answered() -> None:
    book, work = a_book_with_a_check(), a_work()
    announce_checks(book, work)
    [(envelope, event)] = work.announced
    assert isinstance(event, OrderDecided)
    assert (event.check_id, event.order_id, event.decision) == ("c-1", "O-1", "hold")
    assert (str(event.amount), event.currency) == ("100.00", "EUR")
    assert event.reasons == CHECK.reasons
    assert envelope.time == ANSWERED


def test_a_check_begins_a_chain_of_its_own() -> None:
    book, work = a_book_with_a_check(), a_work()
    announce_checks(book, work)
    envelope, _ = work.announced[0]
    assert (envelope.causation_id, envelope.correlation_id) == ("c-1", "c-1")
    assert (envelope.id, envelope.subject) == ("d-1", CUSTOMER)


def test_a_check_is_published_once() -> None:
    book, work = a_book_with_a_check(), a_work()
    announce_checks(book, work)
    announce_checks(book, work)
    assert len(work.announced) == 1
    assert book.announced == [CHECK]


def test_whatever_a_batch_holds_publishes_the_checks_first() -> None:
    book, work = a_book_with_a_check(), a_work()
    SERVICE.handlers["rating.grade_assigned.v1"](grade_answer(), book, work)
    assert isinstance(work.announced[0][1], OrderDecided)


def test_closing_a_day_publishes_the_checks_too() -> None:
    book, work = a_book_with_a_check(), a_work()
    close_day(DAY, book, work)
    assert len(work.announced) == 1
