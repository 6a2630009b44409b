"""The further upstream events, made of a few random numbers and names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shared.contracts import bills
from shared.contracts import transactions as tx
from shared.contracts.envelope import Event


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a random event is made of."""

    name: str
    about: str
    amount: Decimal
    on: date
    number: int

    @property
    def later(self) -> date:
        return self.on + timedelta(days=self.number * 7)

    @property
    def odd(self) -> bool:
        return bool(self.number % 2)

    @property
    def portions(self) -> tuple[tx.Allocation, ...]:
        return (tx.Allocation(invoice_id=self.about, amount=self.amount),)


def _delivery(of: Ingredients) -> Event:
    order = of.about if of.odd else None
    return tx.DeliveryMade(
        delivery_id=of.name, amount=of.amount, currency="EUR", order_id=order, date=of.on
    )


def _return(of: Ingredients) -> Event:
    return tx.GoodsReturned(
        return_id=of.name,
        amount=of.amount,
        currency="EUR",
        order_id=of.about,
        invoice_id=of.about if of.odd else None,
    )


def _debit(of: Ingredients) -> Event:
    return tx.DebitNoteIssued(
        debit_note_id=of.name, invoice_id=of.about, amount=of.amount, currency="EUR", date=of.on
    )


def _allocation(of: Ingredients) -> Event:
    return tx.PaymentAllocated(
        allocation_id=of.name, payment_id=of.name, allocations=of.portions, date=of.on
    )


def _unallocation(of: Ingredients) -> Event:
    one = of.about if of.odd else None
    return tx.PaymentUnallocated(
        allocation_id=of.name, payment_id=of.name, invoice_id=one, date=of.on
    )


def _promise(of: Ingredients) -> Event:
    named = (of.about,) if of.odd else ()
    return tx.PromiseMade(
        promise_id=of.name,
        amount=of.amount,
        currency="EUR",
        due_on=of.later,
        invoice_ids=named,
        date=of.on,
    )


def _terms(of: Ingredients) -> Event:
    return tx.TermsChanged(
        change_id=of.name,
        invoice_id=of.about,
        due_date=of.later,
        reason="difficulty" if of.odd else "commercial",
        date=of.on,
    )


def _bill(of: Ingredients) -> Event:
    return bills.BillReceived(
        bill_id=of.name,
        kind="commercial" if of.odd else "bank",
        amount=of.amount,
        currency="EUR",
        due_date=of.later,
        allocations=of.portions if of.number > 2 else (),
        date=of.on,
    )


def _paid_by_bill(of: Ingredients) -> Event:
    return tx.PaymentReceived(
        payment_id=of.name,
        amount=of.amount,
        currency="EUR",
        value_date=of.on,
        method="trade_bill",
    )


def _write_off(of: Ingredients) -> Event:
    return tx.ReceivableWrittenOff(
        write_off_id=of.name, invoice_id=of.about, amount=of.amount, currency="EUR", date=of.on
    )


FURTHER: tuple[Callable[[Ingredients], Event], ...] = (
    _delivery,
    _return,
    _debit,
    _allocation,
    _unallocation,
    _promise,
    _terms,
    _bill,
    _paid_by_bill,
    _write_off,
    lambda of: bills.BillSettled(bill_id=of.about, date=of.on),
    lambda of: bills.BillTransferred(bill_id=of.about, with_recourse=of.odd, date=of.on),
    lambda of: bills.BillDishonoured(bill_id=of.about, date=of.on),
    lambda of: tx.ReceivableRecovered(
        recovery_id=of.name, amount=of.amount, currency="EUR", date=of.on
    ),
    lambda of: tx.ReliefRequested(request_id=of.name, kind="instalments", date=of.on),
    lambda of: tx.ContactAttempted(
        attempt_id=of.name, channel="phone", outcome="unanswered", date=of.on
    ),
)


def further(kind: int, of: Ingredients) -> Event:
    """The event of a kind, counted from nothing."""
    return FURTHER[kind](of)
