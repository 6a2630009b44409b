"""From published events to ledger facts, and from stored facts back."""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from services.monitoring.domain.facts import Fact, FactKind, Portion, checked
from shared.contracts import catalogue
from shared.contracts import transactions as tx
from shared.contracts.envelope import Envelope, Event
from shared.kernel.errors import InvalidInputError, PoisonError


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


def _order_placed(event: tx.OrderPlaced, day: date, source: str) -> Fact:
    return Fact(
        on=day,
        kind=FactKind.ORDER_PLACED,
        document=event.order_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        delivery=event.planned_delivery,
    )


def _order_changed(event: tx.OrderChanged, day: date, source: str) -> Fact:
    return Fact(
        on=day,
        kind=FactKind.ORDER_CHANGED,
        document=event.order_id,
        version=event.version,
        source=source,
        amount=event.amount,
        delivery=event.planned_delivery,
        refers_to=event.order_id,
    )


def _order_cancelled(event: tx.OrderCancelled, day: date, source: str) -> Fact:
    return Fact(
        on=day,
        kind=FactKind.ORDER_CANCELLED,
        document=event.order_id,
        source=source,
        refers_to=event.order_id,
        reason=event.reason,
    )


def _invoice_issued(event: tx.InvoiceIssued, day: date, source: str) -> Fact:
    del day
    return Fact(
        on=event.invoice_date,
        kind=FactKind.INVOICE_ISSUED,
        document=event.invoice_id,
        version=event.version,
        source=source,
        amount=event.amount,
        currency=event.currency,
        due=event.due_date,
        refers_to=event.order_id,
    )


def _invoice_cancelled(event: tx.InvoiceCancelled, day: date, source: str) -> Fact:
    return Fact(
        on=day,
        kind=FactKind.INVOICE_CANCELLED,
        document=event.invoice_id,
        source=source,
        refers_to=event.invoice_id,
        reason=event.reason,
    )


def _credit_note(event: tx.CreditNoteIssued, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.CREDIT_NOTE_ISSUED,
        document=event.credit_note_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        refers_to=event.invoice_id,
        reason=event.reason,
    )


def _payment_received(event: tx.PaymentReceived, day: date, source: str) -> Fact:
    del day
    return Fact(
        on=event.value_date,
        kind=FactKind.PAYMENT_RECEIVED,
        document=event.payment_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        portions=tuple(
            Portion(invoice_id=each.invoice_id, amount=each.amount) for each in event.allocations
        ),
        reason=event.method,
    )


def _payment_bounced(event: tx.PaymentBounced, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.PAYMENT_BOUNCED,
        document=event.payment_id,
        source=source,
        refers_to=event.payment_id,
        reason=event.reason,
    )


def _dispute_opened(event: tx.DisputeOpened, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.DISPUTE_OPENED,
        document=event.dispute_id,
        source=source,
        amount=event.amount,
        refers_to=event.invoice_id,
        reason=event.code,
    )


def _dispute_resolved(event: tx.DisputeResolved, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.DISPUTE_RESOLVED,
        document=event.dispute_id,
        source=source,
        amount=event.amount,
        refers_to=event.dispute_id,
        reason=event.outcome,
    )


_READERS: Final[dict[type[Event], Callable[..., Fact]]] = {
    tx.OrderPlaced: _order_placed,
    tx.OrderChanged: _order_changed,
    tx.OrderCancelled: _order_cancelled,
    tx.InvoiceIssued: _invoice_issued,
    tx.InvoiceCancelled: _invoice_cancelled,
    tx.CreditNoteIssued: _credit_note,
    tx.PaymentReceived: _payment_received,
    tx.PaymentBounced: _payment_bounced,
    tx.DisputeOpened: _dispute_opened,
    tx.DisputeResolved: _dispute_resolved,
}
