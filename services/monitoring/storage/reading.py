"""From published events to ledger facts, and from stored facts back."""

from datetime import date
from typing import NamedTuple

from services.monitoring.domain.facts import Fact, checked
from services.monitoring.storage.money_facts import MONEY
from services.monitoring.storage.trade_facts import TRADE
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event
from shared.kernel.errors import InvalidInputError, PoisonError

_READERS = {**TRADE, **MONEY}


class NotAFactError(PoisonError):
    """An event of a type that the ledger does not post."""

    code = "not_a_fact"

    def __init__(self, event_type: str) -> None:
        super().__init__(f"{event_type} is not a fact of the ledger")


class FactRow(NamedTuple):
    """A fact as it is stored, verbatim."""

    customer_id: str
    kind: str
    document: str
    version: int
    source: str
    event_id: str
    partition: int
    event_date: date
    recorded_at: object
    payload: bytes


def fact_of(event: Event, *, day: date, source: str) -> Fact:
    """The ledger fact in an event; `day` dates it if it has no date of its own.

    Raises `InvalidInputError` for figures that make no sense.
    """
    reader = _READERS.get(type(event))
    if reader is None:
        raise NotAFactError(type(event).__name__)
    return checked(reader(event, day, source))


def fact_row(fact: Fact, event: Event, cause: Envelope, *, partition: int) -> FactRow:
    """A fact as a row to be stored."""
    if not cause.subject:
        raise InvalidInputError(field="customer_id", value="", rule="must not be empty")
    return FactRow(
        customer_id=cause.subject,
        kind=fact.kind.value,
        document=fact.document,
        version=fact.version,
        source=fact.source,
        event_id=cause.id,
        partition=partition,
        event_date=fact.on,
        recorded_at=cause.time,
        payload=catalogue.encode(event),
    )


def stored_fact(row: FactRow) -> Fact:
    """The fact in a stored row."""
    event = catalogue.decode(row.kind, row.payload)
    if event is None:
        raise NotAFactError(row.kind)
    return fact_of(event, day=row.event_date, source=row.source)
