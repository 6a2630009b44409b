"""From what upstream systems publish of orders, goods, invoices and talks to ledger facts."""

from collections.abc import Callable
from datetime import date
from typing import Final

from services.monitoring.domain.receivables.facts import Fact, FactKind, Particulars
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event


def _order_placed(event: tx.OrderPlaced, day: date, source: str) -> Fact:
    return Fact(
        on=day,
        kind=FactKind.ORDER_PLACED,
        document=event.order_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        delivery=event.planned_delivery,
        particulars=None
        if event.liquid_amount is None
        else Particulars(liquid=event.liquid_amount),
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


def _delivery_made(event: tx.DeliveryMade, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.DELIVERY_MADE,
        document=event.delivery_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        refers_to=event.order_id,
    )


def _goods_returned(event: tx.GoodsReturned, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.GOODS_RETURNED,
        document=event.return_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        refers_to=event.order_id,
        invoices=() if event.invoice_id is None else (event.invoice_id,),
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
        particulars=_discount(event),
    )


def _discount(event: tx.InvoiceIssued) -> Particulars | None:
    if event.discount_until is None and event.discount_amount is None:
        return None
    return Particulars(discount=event.discount_amount, discount_until=event.discount_until)


def _invoice_cancelled(event: tx.InvoiceCancelled, day: date, source: str) -> Fact:
    return Fact(
        on=day,
        kind=FactKind.INVOICE_CANCELLED,
        document=event.invoice_id,
        source=source,
        refers_to=event.invoice_id,
        reason=event.reason,
    )


def _terms_changed(event: tx.TermsChanged, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.TERMS_CHANGED,
        document=event.change_id,
        source=source,
        due=event.due_date,
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


def _debit_note(event: tx.DebitNoteIssued, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.DEBIT_NOTE_ISSUED,
        document=event.debit_note_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        refers_to=event.invoice_id,
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


def _relief_requested(event: tx.ReliefRequested, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.RELIEF_REQUESTED,
        document=event.request_id,
        source=source,
        reason=event.kind,
    )


def _contact_attempted(event: tx.ContactAttempted, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.CONTACT_ATTEMPTED,
        document=event.attempt_id,
        source=source,
        reason=event.outcome,
        particulars=Particulars(channel=event.channel),
    )


TRADE: Final[dict[type[Event], Callable[..., Fact]]] = {
    tx.OrderPlaced: _order_placed,
    tx.OrderChanged: _order_changed,
    tx.OrderCancelled: _order_cancelled,
    tx.DeliveryMade: _delivery_made,
    tx.GoodsReturned: _goods_returned,
    tx.InvoiceIssued: _invoice_issued,
    tx.InvoiceCancelled: _invoice_cancelled,
    tx.TermsChanged: _terms_changed,
    tx.CreditNoteIssued: _credit_note,
    tx.DebitNoteIssued: _debit_note,
    tx.DisputeOpened: _dispute_opened,
    tx.DisputeResolved: _dispute_resolved,
    tx.ReliefRequested: _relief_requested,
    tx.ContactAttempted: _contact_attempted,
}
"""How each of these events is read, by its struct."""
