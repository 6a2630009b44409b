"""From published events to ledger facts, and from rows back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.monitoring.domain.receivables.facts import Deduction, FactKind, Particulars
from services.monitoring.storage.reading import NotAFactError, fact_of, fact_row, stored_fact
from shared.contracts import bills, catalogue
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
    (
        tx.DeliveryMade(delivery_id="L", amount=Decimal(1), currency="EUR", date=DATED),
        FactKind.DELIVERY_MADE,
        "L",
        DATED,
    ),
    (
        tx.GoodsReturned(return_id="R", amount=Decimal(1), currency="EUR", invoice_id="I"),
        FactKind.GOODS_RETURNED,
        "R",
        TOLD,
    ),
    (
        tx.DebitNoteIssued(debit_note_id="N", invoice_id="I", amount=Decimal(1), currency="EUR"),
        FactKind.DEBIT_NOTE_ISSUED,
        "N",
        TOLD,
    ),
    (
        tx.PaymentAllocated(
            allocation_id="A",
            payment_id="P",
            allocations=(tx.Allocation(invoice_id="I", amount=Decimal(1)),),
        ),
        FactKind.PAYMENT_ALLOCATED,
        "A",
        TOLD,
    ),
    (
        tx.PaymentUnallocated(allocation_id="A", payment_id="P"),
        FactKind.PAYMENT_UNALLOCATED,
        "A",
        TOLD,
    ),
    (
        tx.PaymentUnallocated(allocation_id="A", payment_id="P", invoice_id="I", date=DATED),
        FactKind.PAYMENT_UNALLOCATED,
        "A/I",
        DATED,
    ),
    (
        tx.PromiseMade(promise_id="M", amount=Decimal(1), currency="EUR", due_on=TOLD),
        FactKind.PROMISE_MADE,
        "M",
        TOLD,
    ),
    (
        tx.TermsChanged(change_id="T", invoice_id="I", due_date=DATED, reason="difficulty"),
        FactKind.TERMS_CHANGED,
        "T",
        TOLD,
    ),
    (
        bills.BillReceived(
            bill_id="B",
            kind="bank",
            amount=Decimal(1),
            currency="CNY",
            due_date=TOLD,
            acceptor="Bank of Examples",
            date=DATED,
        ),
        FactKind.BILL_RECEIVED,
        "B",
        DATED,
    ),
    (bills.BillSettled(bill_id="B"), FactKind.BILL_SETTLED, "B", TOLD),
    (bills.BillTransferred(bill_id="B", with_recourse=True), FactKind.BILL_TRANSFERRED, "B", TOLD),
    (bills.BillDishonoured(bill_id="B", reason="no cover"), FactKind.BILL_DISHONOURED, "B", TOLD),
    (
        tx.ReceivableWrittenOff(
            write_off_id="W", invoice_id="I", amount=Decimal(1), currency="EUR"
        ),
        FactKind.WRITTEN_OFF,
        "W",
        TOLD,
    ),
    (
        tx.ReceivableRecovered(recovery_id="Y", amount=Decimal(1), currency="EUR"),
        FactKind.RECOVERED,
        "Y",
        TOLD,
    ),
    (
        tx.ReliefRequested(request_id="Q", kind="instalments"),
        FactKind.RELIEF_REQUESTED,
        "Q",
        TOLD,
    ),
    (
        tx.ContactAttempted(attempt_id="X", channel="phone", outcome="unanswered"),
        FactKind.CONTACT_ATTEMPTED,
        "X",
        TOLD,
    ),
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
    ("event", "kind", "document", "on"),
    EVENTS,
    ids=[f"{k.value}/{name}" for _, k, name, _ in EVENTS],
)
def test_every_transaction_is_a_fact_of_its_kind_and_day(
    event: Event, kind: FactKind, document: str, on: date
) -> None:
    fact = fact_of(event, day=TOLD, source="erp")
    assert (fact.kind, fact.document, fact.on, fact.source) == (kind, document, on, "erp")


@pytest.mark.parametrize(
    ("event", "kind", "document", "on"),
    EVENTS,
    ids=[f"{k.value}/{name}" for _, k, name, _ in EVENTS],
)
def test_a_stored_fact_comes_back_the_same(
    event: Event, kind: FactKind, document: str, on: date
) -> None:
    fact = fact_of(event, day=TOLD, source="erp")
    cause, payload = an_envelope(event), catalogue.encode(event)
    row = fact_row(fact, payload, cause, partition=3, recorded_at=cause.time)
    assert stored_fact(row) == fact
    assert row.payload is payload
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
    cause = an_envelope(event, customer="")
    with pytest.raises(InvalidInputError, match="customer_id"):
        fact_row(fact, b"{}", cause, partition=0, recorded_at=cause.time)


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


def test_what_a_document_says_besides_is_kept_apart() -> None:
    order = tx.OrderPlaced(
        order_id="O", amount=Decimal(5), currency="EUR", liquid_amount=Decimal(2)
    )
    invoice = tx.InvoiceIssued(
        invoice_id="I",
        amount=Decimal(100),
        currency="EUR",
        invoice_date=DATED,
        due_date=TOLD,
        discount_until=DATED,
        discount_amount=Decimal(2),
    )
    assert particulars_of(order) == Particulars(liquid=Decimal(2))
    assert particulars_of(invoice) == Particulars(discount=Decimal(2), discount_until=DATED)


def test_a_payment_says_who_sent_it_and_what_was_kept_back() -> None:
    event = tx.PaymentReceived(
        payment_id="P",
        amount=Decimal(95),
        currency="EUR",
        value_date=DATED,
        method="transfer",
        payer_account="DE1",
        discount_taken=Decimal(2),
        deductions=(tx.Deduction(invoice_id="I", amount=Decimal(3), claim_code="QTY"),),
        payer=tx.Payer(relation="unrelated", name="Somebody Else", country="CY"),
    )
    assert particulars_of(event) == Particulars(
        discount=Decimal(2),
        deductions=(Deduction(invoice_id="I", amount=Decimal(3), claim="QTY"),),
        party="Somebody Else",
        relation="unrelated",
        country="CY",
        account="DE1",
    )


def test_a_plain_document_says_nothing_besides() -> None:
    assert all(particulars_of(event) is None for event, *_ in EVENTS[:10])


@pytest.mark.parametrize(
    "event",
    [
        tx.OrderPlaced(order_id="O", amount=Decimal(5), currency="EUR", liquid_amount=Decimal(-1)),
        tx.DeliveryMade(delivery_id="", amount=Decimal(1), currency="EUR"),
        tx.DeliveryMade(delivery_id="L", amount=Decimal(0), currency="EUR"),
        tx.PromiseMade(
            promise_id="M",
            amount=Decimal(1),
            currency="EUR",
            due_on=TOLD,
            invoice_ids=("I\x00",),
        ),
        tx.ContactAttempted(attempt_id="X", channel="\x00", outcome="answered"),
        tx.TermsChanged(
            change_id="T", invoice_id="I", due_date=date(9999, 1, 1), reason="commercial"
        ),
    ],
)
def test_figures_that_make_no_sense_are_refused(event: Event) -> None:
    with pytest.raises(InvalidInputError):
        fact_of(event, day=TOLD, source="erp")


def particulars_of(event: Event) -> Particulars | None:
    return fact_of(event, day=TOLD, source="erp").particulars
