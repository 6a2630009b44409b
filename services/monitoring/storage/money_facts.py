"""From what upstream systems publish of payments, promises and bills to ledger facts."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from services.monitoring.domain.receivables.facts import (
    Deduction,
    Fact,
    FactKind,
    Particulars,
    Portion,
)
from shared.contracts import bills
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event


def _payment_received(event: tx.PaymentReceived, day: date, source: str) -> Fact:
    del day
    return Fact(
        on=event.value_date,
        kind=FactKind.PAYMENT_RECEIVED,
        document=event.payment_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        portions=_portions(event.allocations),
        reason=event.method,
        particulars=_of_payment(event),
    )


def _of_payment(event: tx.PaymentReceived) -> Particulars | None:
    payer = event.payer
    told = (event.payer_account, event.discount_taken, payer)
    if not event.deductions and all(each is None for each in told):
        return None
    return Particulars(
        discount=event.discount_taken,
        deductions=tuple(
            Deduction(invoice_id=each.invoice_id, amount=each.amount, claim=each.claim_code)
            for each in event.deductions
        ),
        party=None if payer is None else payer.name,
        relation=None if payer is None else payer.relation,
        country=None if payer is None else payer.country,
        account=event.payer_account,
    )


def _portions(allocations: Iterable[tx.Allocation]) -> tuple[Portion, ...]:
    return tuple(Portion(invoice_id=each.invoice_id, amount=each.amount) for each in allocations)


def _payment_bounced(event: tx.PaymentBounced, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.PAYMENT_BOUNCED,
        document=event.payment_id,
        source=source,
        refers_to=event.payment_id,
        reason=event.reason,
    )


def _payment_allocated(event: tx.PaymentAllocated, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.PAYMENT_ALLOCATED,
        document=event.allocation_id,
        source=source,
        refers_to=event.payment_id,
        portions=_portions(event.allocations),
    )


def _payment_unallocated(event: tx.PaymentUnallocated, day: date, source: str) -> Fact:
    """Each invoice's part can be taken back by itself, so its number is part of the document's."""
    one, name = event.invoice_id, event.allocation_id
    return Fact(
        on=event.date or day,
        kind=FactKind.PAYMENT_UNALLOCATED,
        document=name if one is None else f"{name}/{one}",
        source=source,
        refers_to=name,
        invoices=() if one is None else (one,),
        reason=event.payment_id,
    )


def _promise_made(event: tx.PromiseMade, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.PROMISE_MADE,
        document=event.promise_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        due=event.due_on,
        invoices=event.invoice_ids,
    )


def _bill_received(event: bills.BillReceived, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.BILL_RECEIVED,
        document=event.bill_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        due=event.due_date,
        portions=_portions(event.allocations),
        reason=event.kind,
        particulars=None if event.acceptor is None else Particulars(party=event.acceptor),
    )


def _bill_settled(event: bills.BillSettled, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.BILL_SETTLED,
        document=event.bill_id,
        source=source,
        refers_to=event.bill_id,
    )


def _bill_transferred(event: bills.BillTransferred, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.BILL_TRANSFERRED,
        document=event.bill_id,
        source=source,
        refers_to=event.bill_id,
        reason="with_recourse" if event.with_recourse else "without_recourse",
    )


def _bill_dishonoured(event: bills.BillDishonoured, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.BILL_DISHONOURED,
        document=event.bill_id,
        source=source,
        refers_to=event.bill_id,
        reason=event.reason,
    )


def _written_off(event: tx.ReceivableWrittenOff, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.WRITTEN_OFF,
        document=event.write_off_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        refers_to=event.invoice_id,
    )


def _recovered(event: tx.ReceivableRecovered, day: date, source: str) -> Fact:
    return Fact(
        on=event.date or day,
        kind=FactKind.RECOVERED,
        document=event.recovery_id,
        source=source,
        amount=event.amount,
        currency=event.currency,
        refers_to=event.invoice_id,
    )


MONEY: Final[dict[type[Event], Callable[..., Fact]]] = {
    tx.PaymentReceived: _payment_received,
    tx.PaymentBounced: _payment_bounced,
    tx.PaymentAllocated: _payment_allocated,
    tx.PaymentUnallocated: _payment_unallocated,
    tx.PromiseMade: _promise_made,
    bills.BillReceived: _bill_received,
    bills.BillSettled: _bill_settled,
    bills.BillTransferred: _bill_transferred,
    bills.BillDishonoured: _bill_dishonoured,
    tx.ReceivableWrittenOff: _written_off,
    tx.ReceivableRecovered: _recovered,
}
"""How each of these events is read, by its struct."""
