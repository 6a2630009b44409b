"""From a row to the facts it states."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import msgspec

from obligor.facts import Registration, Transaction
from obligor.importing.by_fields import Read, allocations, reader_of
from obligor.importing.cells import Row
from obligor.importing.mapping import RowKind
from shared.contracts import bills
from shared.contracts import transactions as facts
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Event
from shared.contracts.screening import LegalName
from shared.kernel.errors import InvalidInputError

CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Stated:
    """What one row states: who the customer is, and what happened."""

    customer: Registration
    transactions: tuple[Transaction, ...]


def read_row(row: Row) -> Stated:
    """The facts of one row; raises `InvalidInputError` for the first cell that is wrong."""
    customer_id = row.required("customer_id")
    name = LegalName(name=row.text("name") or customer_id)
    customer = Registration(customer_id=customer_id, legal_names=(name,), country=row.country)
    read = _invoice_row if row.mapping.rows is RowKind.INVOICES else _fact_row
    return Stated(customer, tuple(read(row, customer_id)))


def _invoice_row(row: Row, customer_id: str) -> Iterator[Transaction]:
    invoice = _invoice(row)
    yield _transaction(row, customer_id, invoice, (invoice.invoice_date, invoice.invoice_id))
    settled_on = row.perhaps_day("settled_date")
    if settled_on is None:
        return
    paid = row.perhaps_amount("settled_amount", currency=invoice.currency) or invoice.amount
    payment = facts.PaymentReceived(
        payment_id=f"settlement-{invoice.invoice_id}",
        amount=paid,
        currency=invoice.currency,
        value_date=settled_on,
        method="transfer",
        allocations=(facts.Allocation(invoice_id=invoice.invoice_id, amount=paid),),
    )
    yield _transaction(row, customer_id, payment, (settled_on, payment.payment_id))


def _fact_row(row: Row, customer_id: str) -> Iterator[Transaction]:
    written = row.required("type")
    kind = row.mapping.types.get(written, written)
    if kind == CUSTOMER:
        return
    read = _READERS.get(kind)
    if read is None:
        rule = f"must be one of {CUSTOMER}, {', '.join(_READERS)}"
        raise InvalidInputError(field="type", value=written, rule=rule)
    try:
        event, day, document = read(row)
    except msgspec.ValidationError as error:
        raise InvalidInputError(field="row", value=kind, rule=str(error)) from error
    yield _transaction(row, customer_id, event, (day, document))


def _transaction(
    row: Row, customer_id: str, event: Event, document: tuple[date, str]
) -> Transaction:
    day, name = document
    return Transaction(
        id=f"{EVENT_TYPES[type(event)]}:{name}",
        source=row.mapping.source,
        customer_id=customer_id,
        day=day,
        event=event,
    )


def _invoice(row: Row) -> facts.InvoiceIssued:
    issued_on, due_on = row.day("invoice_date", "date"), row.day("due_date")
    if due_on < issued_on:
        rule = "must not lie before the invoice date"
        raise InvalidInputError(field="due_date", value=due_on.isoformat(), rule=rule)
    return facts.InvoiceIssued(
        invoice_id=row.required("invoice_id"),
        amount=row.amount(currency=row.currency),
        currency=row.currency,
        invoice_date=issued_on,
        due_date=due_on,
        order_id=row.text("order_id"),
        version=row.number("version") or 1,
    )


def _invoice_issued(row: Row) -> Read:
    invoice = _invoice(row)
    version = "" if invoice.version == 1 else f"/{invoice.version}"
    return invoice, invoice.invoice_date, invoice.invoice_id + version


def _order_placed(row: Row) -> Read:
    order = facts.OrderPlaced(
        order_id=row.required("order_id"),
        amount=row.amount(currency=row.currency),
        currency=row.currency,
        planned_delivery=row.perhaps_day("planned_delivery"),
        terms_days=row.number("terms_days"),
    )
    return order, row.day("date"), order.order_id


def _order_changed(row: Row) -> Read:
    changed = facts.OrderChanged(
        order_id=row.required("order_id"),
        version=row.number("version") or 2,
        amount=row.amount(currency=row.currency),
        planned_delivery=row.perhaps_day("planned_delivery"),
    )
    return changed, row.day("date"), f"{changed.order_id}/{changed.version}"


def _order_cancelled(row: Row) -> Read:
    order_id = row.required("order_id")
    return (
        facts.OrderCancelled(order_id=order_id, reason=row.text("reason")),
        row.day("date"),
        order_id,
    )


def _invoice_cancelled(row: Row) -> Read:
    invoice_id = row.required("invoice_id")
    cancelled = facts.InvoiceCancelled(invoice_id=invoice_id, reason=row.text("reason"))
    return cancelled, row.day("date"), invoice_id


def _credit_note(row: Row) -> Read:
    note = msgspec.convert(
        {
            "credit_note_id": row.required("credit_note_id"),
            "invoice_id": row.required("invoice_id"),
            "amount": row.amount(currency=row.currency),
            "currency": row.currency,
            "reason": row.required("reason"),
            "date": row.day("date"),
        },
        facts.CreditNoteIssued,
    )
    return note, row.day("date"), note.credit_note_id


def _payment(row: Row) -> Read:
    amount = row.amount(currency=row.currency)
    payment = msgspec.convert(
        {
            "payment_id": row.required("payment_id"),
            "amount": amount,
            "currency": row.currency,
            "value_date": row.day("value_date", "date"),
            "method": row.text("method") or "transfer",
            "allocations": tuple(allocations(row)),
            "payer_account": row.text("payer_account"),
        },
        facts.PaymentReceived,
    )
    return payment, payment.value_date, payment.payment_id


def _bounce(row: Row) -> Read:
    bounced = msgspec.convert(
        {
            "payment_id": row.required("payment_id"),
            "reason": row.required("reason"),
            "date": row.day("date"),
        },
        facts.PaymentBounced,
    )
    return bounced, row.day("date"), bounced.payment_id


def _dispute_opened(row: Row) -> Read:
    opened = facts.DisputeOpened(
        dispute_id=row.required("dispute_id"),
        invoice_id=row.required("invoice_id"),
        amount=row.amount(currency=row.currency),
        code=row.required("code"),
        date=row.day("date"),
    )
    return opened, row.day("date"), opened.dispute_id


def _dispute_resolved(row: Row) -> Read:
    resolved = msgspec.convert(
        {
            "dispute_id": row.required("dispute_id"),
            "outcome": row.required("outcome"),
            "amount": row.perhaps_amount("amount", currency=row.currency),
            "date": row.day("date"),
        },
        facts.DisputeResolved,
    )
    return resolved, row.day("date"), resolved.dispute_id


_READERS: Mapping[str, Callable[[Row], Read]] = MappingProxyType(
    {
        "order.placed": _order_placed,
        "order.changed": _order_changed,
        "order.cancelled": _order_cancelled,
        "invoice.issued": _invoice_issued,
        "invoice.cancelled": _invoice_cancelled,
        "credit_note.issued": _credit_note,
        "payment.received": _payment,
        "payment.bounced": _bounce,
        "dispute.opened": _dispute_opened,
        "dispute.resolved": _dispute_resolved,
        **{
            EVENT_TYPES[kind]: reader_of(kind)
            for kind in (
                facts.DeliveryMade,
                facts.GoodsReturned,
                facts.DebitNoteIssued,
                facts.PaymentAllocated,
                facts.PaymentUnallocated,
                facts.PromiseMade,
                facts.TermsChanged,
                bills.BillReceived,
                bills.BillSettled,
                bills.BillTransferred,
                bills.BillDishonoured,
                facts.ReceivableWrittenOff,
                facts.ReceivableRecovered,
                facts.ReliefRequested,
                facts.ContactAttempted,
            )
        },
    }
)
