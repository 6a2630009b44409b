"""From published events to ledger facts, and from rows back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.monitoring.domain.facts import FactKind
from services.monitoring.storage.reading import NotAFactError, fact_of, fact_row, stored_fact
from shared.contracts import catalogue
from shared.contracts import transactions as tx
from shared.contracts.envelope import Envelope, Event, first_of_chain
from shared.kernel.errors import InvalidInputError

TOLD = date(2025, 3, 9)
DATED = date(2025, 3, 5)

EVENTS: list[tuple[Event, FactKind, str, date]] = [
    (
        tx.OrderPlaced(order_id="O", amount=Decimal(1), currency="EUR"),
        FactKind.ORDER_PLACED,
        "O",
        TOLD,
    ),
    (
        tx.OrderChanged(order_id="O", version=2, amount=Decimal(1)),
        FactKind.ORDER_CHANGED,
        "O",
        TOLD,
    ),
    (tx.OrderCancelled(order_id="O"), FactKind.ORDER_CANCELLED, "O", TOLD),
    (
        tx.InvoiceIssued(
            invoice_id="I",
            amount=Decimal(1),
            currency="EUR",
            invoice_date=DATED,
            due_date=TOLD,
        ),
        FactKind.INVOICE_ISSUED,
        "I",
        DATED,
    ),
    (tx.InvoiceCancelled(invoice_id="I"), FactKind.INVOICE_CANCELLED, "I", TOLD),
    (
        tx.CreditNoteIssued(
            credit_note_id="C", invoice_id="I", amount=Decimal(1), currency="EUR", reason="price"
        ),
        FactKind.CREDIT_NOTE_ISSUED,
        "C",
        TOLD,
    ),
    (
        tx.PaymentReceived(
            payment_id="P", amount=Decimal(1), currency="EUR", value_date=DATED, method="cash"
        ),
        FactKind.PAYMENT_RECEIVED,
        "P",
        DATED,
    ),
    (
        tx.PaymentBounced(payment_id="P", reason="technical", date=DATED),
        FactKind.PAYMENT_BOUNCED,
        "P",
        DATED,
    ),
    (
        tx.DisputeOpened(dispute_id="D", invoice_id="I", amount=Decimal(1), code="QTY", date=DATED),
        FactKind.DISPUTE_OPENED,
        "D",
        DATED,
    ),
    (tx.DisputeResolved(dispute_id="D", outcome="upheld"), FactKind.DISPUTE_RESOLVED, "D", TOLD),
]


def an_envelope(event: Event, customer: str = "C1") -> Envelope:
    return first_of_chain(
        event_id="e1",
        source="erp",
        event_type=catalogue.EVENT_TYPES[type(event)],
        time=datetime(2025, 3, 9, 8, tzinfo=UTC),
        subject=customer,
    )


@pytest.mark.parametrize(
    ("event", "kind", "document", "on"), EVENTS, ids=[k for _, k, _, _ in EVENTS]
)
def test_every_transaction_is_a_fact_of_its_kind_and_day(
    event: Event, kind: FactKind, document: str, on: date
) -> None:
    fact = fact_of(event, day=TOLD, source="erp")
    assert (fact.kind, fact.document, fact.on, fact.source) == (kind, document, on, "erp")


@pytest.mark.parametrize(
    ("event", "kind", "document", "on"), EVENTS, ids=[k for _, k, _, _ in EVENTS]
)
def test_a_stored_fact_comes_back_the_same(
    event: Event, kind: FactKind, document: str, on: date
) -> None:
    fact = fact_of(event, day=TOLD, source="erp")
    row = fact_row(fact, event, an_envelope(event), partition=3)
    assert stored_fact(row) == fact
    assert (row.kind, row.document, row.event_date, row.partition) == (kind.value, document, on, 3)


def test_every_transaction_but_the_close_is_a_fact() -> None:
    kinds = {catalogue.EVENT_TYPES[type(event)] for event, *_ in EVENTS}
    assert kinds | {catalogue.DAY_CLOSED} == set(catalogue.EVENTS[catalogue.TRANSACTIONS])


def test_the_close_of_a_day_is_no_fact() -> None:
    with pytest.raises(NotAFactError):
        fact_of(tx.DayClosed(date=TOLD), day=TOLD, source="erp")


def test_a_fact_about_nobody_is_refused() -> None:
    event = EVENTS[0][0]
    fact = fact_of(event, day=TOLD, source="erp")
    with pytest.raises(InvalidInputError, match="customer_id"):
        fact_row(fact, event, an_envelope(event, customer=""), partition=0)


def test_allocations_become_portions() -> None:
    event = tx.PaymentReceived(
        payment_id="P",
        amount=Decimal(5),
        currency="EUR",
        value_date=DATED,
        method="transfer",
        allocations=(tx.Allocation(invoice_id="I", amount=Decimal(4)),),
    )
    portion = fact_of(event, day=TOLD, source="erp").portions[0]
    assert (portion.invoice_id, portion.amount) == ("I", Decimal(4))
