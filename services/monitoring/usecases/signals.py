"""The outside speaks: keep what was said of a customer, and see at once what it means."""

from datetime import date

from services.monitoring.domain.conduct.payers import (
    FROM_ELSEWHERE,
    NAME_MISMATCH,
    NEW,
    USUAL_BANK,
    AccountChange,
)
from services.monitoring.domain.conduct.receipts import note_account_change
from services.monitoring.domain.conduct.tally import Noted
from services.monitoring.domain.indicator_facts.external import AgencyRating
from services.monitoring.domain.outside.external_standing import (
    bill_listing,
    note_rating,
    note_sign,
)
from services.monitoring.domain.receivables.knowledge import learned_at
from services.monitoring.storage.book import Book
from services.monitoring.usecases.figures import view_of
from services.monitoring.usecases.observing import MonitoringWork, watch_news
from services.monitoring.usecases.posting import WAITING
from services.monitoring.usecases.sectors import note_index
from services.monitoring.usecases.sign_checks import check_day, check_name
from services.monitoring.usecases.sign_reading import check_account, index_of, sign_of
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.contracts.financials import ExternalRatingPublished
from shared.contracts.signals import BankAccountChanged
from shared.kernel.errors import InvalidInputError

WATCH_NEGATIVE = "watch_negative"
ISSUE = "issue"
UNSOLICITED = "unsolicited"


def note_signal(event: Event, book: Book, work: MonitoringWork) -> None:
    """Keep a signal as it came, and what it says of its customer; measure it once its day has come.

    Raises `InvalidInputError` before anything changes.
    """
    published = index_of(event)
    if published is not None:
        _keep(event, book, work)
        note_index(*published, book, work)
        return
    if isinstance(event, BankAccountChanged):
        note_bank_account(event, book, work)
        return
    sign = sign_of(event)
    customer_id = "" if sign is None else _about(work)
    _keep(event, book, work)
    if sign is None:
        return
    standing = book.profile(customer_id).external
    note_sign(standing, sign, as_of=work.business_day)
    listing = bill_listing(standing)
    book.customer(customer_id).watch.conduct.bill_listing = (
        None if listing is None else Noted(on=listing.on, document=listing.document)
    )
    look_at_news(customer_id, book, work, on=sign.on)


def note_bank_account(event: BankAccountChanged, book: Book, work: MonitoringWork) -> None:
    """Keep that the customer's account has changed; a name that is not its own is fraud at work."""
    check_account(event)
    customer_id = _about(work)
    _keep(event, book, work)
    mismatch = event.name_matches is False
    other_bank = event.bank_type not in {None, USUAL_BANK}
    level = NAME_MISMATCH if mismatch else FROM_ELSEWHERE if other_bank else NEW
    change = AccountChange(on=event.date, level=level, account=event.account, country=event.country)
    note_account_change(book.customer(customer_id).watch.conduct, change)
    look_at_news(customer_id, book, work, on=event.date)


def note_external_rating(event: ExternalRatingPublished, book: Book, work: MonitoringWork) -> None:
    """Keep an agency's grade, and measure it against those before.

    That of a single issue says more about the claim than about the customer, and is left out.
    """
    check_day("data.affirmed_on", event.affirmed_on)
    check_name("data.agency", event.agency)
    check_name("data.grade", event.grade)
    customer_id = _about(work)
    if event.kind == ISSUE:
        return
    rating = AgencyRating(
        agency=event.agency,
        grade=event.grade,
        on=event.affirmed_on,
        watch_negative=event.outlook == WATCH_NEGATIVE,
        unsolicited=event.kind == UNSOLICITED,
    )
    _keep(event, book, work)
    note_rating(book.profile(customer_id).external, rating)
    look_at_news(customer_id, book, work, on=event.affirmed_on)


def look_at_news(customer_id: str, book: Book, work: MonitoringWork, *, on: date) -> None:
    """Measure a customer's indicators after news of a day; what lies ahead waits for its close."""
    customer, today = book.customer(customer_id), work.business_day
    if work.closed_on is None or on > today:
        customer.wake_by(max(on, today))
        work.status = WAITING
        return
    rules = work.policy.ledger
    view = view_of(customer.ledger.unfold(rules), rules, as_of=today)
    watch_news(customer, view, book, work)
    customer.wake_by(today)


def _about(work: MonitoringWork) -> str:
    """Whom it is about: a signal about nobody helps nobody."""
    customer_id = work.cause.subject
    if not customer_id:
        raise InvalidInputError(field="customer_id", value="", rule="must name the customer")
    return customer_id


def _keep(event: Event, book: Book, work: MonitoringWork) -> None:
    cause = work.cause
    told = cause.time
    if work.closed_on is not None:
        told = learned_at(told, business_day=work.business_day)
    book.signals.append(
        {
            "source": cause.source,
            "event_id": cause.id,
            "partition": book.partition,
            "customer_id": cause.subject,
            "kind": cause.type,
            "recorded_at": told,
            "payload": catalogue.encode(event),
        }
    )
