"""Builders of the further ledger facts: goods, notes, terms, allocations, promises, bills, losses."""

from dataclasses import replace
from decimal import Decimal
from typing import TypedDict, Unpack

from services.monitoring.domain.receivables.facts import Fact, FactKind, Particulars, Portion
from tests.unit.monitoring.ledger_builders import a_payment, day


def _of(kind: FactKind, name: str, on: int, amount: str | None = None) -> Fact:
    money = None if amount is None else Decimal(amount)
    currency = None if amount is None else "EUR"
    return Fact(on=day(on), kind=kind, document=name, amount=money, currency=currency)


def a_delivery(name: str = "L1", amount: str = "60", on: int = 3, order: str | None = "O1") -> Fact:
    return replace(_of(FactKind.DELIVERY_MADE, name, on, amount), refers_to=order)


def a_return(
    name: str = "R1",
    amount: str = "20",
    on: int = 6,
    order: str | None = "O1",
    *,
    invoice: str | None = None,
) -> Fact:
    invoices = () if invoice is None else (invoice,)
    plain = _of(FactKind.GOODS_RETURNED, name, on, amount)
    return replace(plain, refers_to=order, invoices=invoices)


def a_debit(
    invoice: str = "I1", amount: str = "15", on: int = 5, name: str = "N1", currency: str = "EUR"
) -> Fact:
    plain = _of(FactKind.DEBIT_NOTE_ISSUED, name, on, amount)
    return replace(plain, refers_to=invoice, currency=currency)


def a_terms_change(
    invoice: str = "I1", due: int = 60, on: int = 20, reason: str = "commercial", name: str = "T1"
) -> Fact:
    plain = _of(FactKind.TERMS_CHANGED, name, on)
    return replace(plain, refers_to=invoice, due=day(due), reason=reason)


def an_allocation(to: dict[str, str], payment: str = "P1", on: int = 12, name: str = "A1") -> Fact:
    portions = tuple(
        Portion(invoice_id=invoice, amount=Decimal(part)) for invoice, part in to.items()
    )
    plain = _of(FactKind.PAYMENT_ALLOCATED, name, on)
    return replace(plain, refers_to=payment, portions=portions)


def an_unallocation(
    allocation: str = "A1", payment: str = "P1", on: int = 15, invoice: str | None = None
) -> Fact:
    name = allocation if invoice is None else f"{allocation}/{invoice}"
    invoices = () if invoice is None else (invoice,)
    plain = _of(FactKind.PAYMENT_UNALLOCATED, name, on)
    return replace(plain, refers_to=allocation, reason=payment, invoices=invoices)


def a_write_off(
    invoice: str = "I1", amount: str = "30", on: int = 50, name: str = "W1", currency: str = "EUR"
) -> Fact:
    plain = _of(FactKind.WRITTEN_OFF, name, on, amount)
    return replace(plain, refers_to=invoice, currency=currency)


def a_recovery(amount: str = "10", on: int = 70, name: str = "Y1") -> Fact:
    return _of(FactKind.RECOVERED, name, on, amount)


def a_promise(
    name: str = "M1", amount: str = "100", on: int = 35, due: int = 42, *invoices: str
) -> Fact:
    plain = _of(FactKind.PROMISE_MADE, name, on, amount)
    return replace(plain, due=day(due), invoices=invoices)


class BillMore(TypedDict, total=False):
    """What a bill may have besides."""

    kind: str
    to: dict[str, str]


def a_bill(
    name: str = "B1", amount: str = "100", on: int = 10, due: int = 100, **more: Unpack[BillMore]
) -> Fact:
    return replace(
        a_payment(name, amount, on, to=more.get("to")),
        kind=FactKind.BILL_RECEIVED,
        reason=more.get("kind", "commercial"),
        due=day(due),
        particulars=Particulars(party="Acceptor"),
    )


def a_bill_settled(bill: str = "B1", on: int = 100) -> Fact:
    return replace(_of(FactKind.BILL_SETTLED, bill, on), refers_to=bill)


def a_bill_passed_on(bill: str = "B1", on: int = 20, how: str = "with_recourse") -> Fact:
    return replace(_of(FactKind.BILL_TRANSFERRED, bill, on), refers_to=bill, reason=how)


def a_bill_dishonoured(bill: str = "B1", on: int = 101, reason: str | None = None) -> Fact:
    return replace(_of(FactKind.BILL_DISHONOURED, bill, on), refers_to=bill, reason=reason)


def a_request(name: str = "Q1", kind: str = "instalments", on: int = 30) -> Fact:
    return replace(_of(FactKind.RELIEF_REQUESTED, name, on), reason=kind)


def a_contact(name: str = "X1", outcome: str = "unanswered", on: int = 30) -> Fact:
    plain = _of(FactKind.CONTACT_ATTEMPTED, name, on)
    return replace(plain, reason=outcome, particulars=Particulars(channel="phone"))
