"""From published events to ledger facts, and from stored facts back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from services.monitoring.domain.receivables.facts import Fact, FactKind, checked
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


def fact_row(
    fact: Fact, payload: bytes, cause: Envelope, *, partition: int, recorded_at: datetime
) -> FactRow:
    """A fact as a row to be stored: its payload are the bytes it came in."""
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
        recorded_at=recorded_at,
        payload=payload,
    )


def stored_fact(row: FactRow) -> Fact:
    """The fact in a stored row."""
    event = catalogue.decode(row.kind, row.payload)
    if event is None:
        raise NotAFactError(row.kind)
    return as_told(fact_of(event, day=row.event_date, source=row.source), row)


def as_told(fact: Fact, row: FactRow) -> Fact:
    """The fact with the day (UTC) it was told, where that matters: for a corrected invoice."""
    told = row.recorded_at
    if fact.kind is not FactKind.INVOICE_ISSUED or fact.version == 1:
        return fact
    return replace(fact, told=told.astimezone(UTC).date() if isinstance(told, datetime) else None)
