"""Facts about orders, invoices and payments, as upstream systems publish them.

Topic `obligor.transactions`, key = customer id. Amounts are decimal strings in major units.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from shared.contracts.envelope import Event
from shared.kernel.dates import check_day


class OrderPlaced(Event, frozen=True, kw_only=True):
    """The customer ordered goods on credit; `liquid_amount` of it is easily resold."""

    order_id: str
    amount: Decimal
    currency: str
    planned_delivery: dt.date | None = None
    terms_days: int | None = None
    liquid_amount: Decimal | None = None


class OrderChanged(Event, frozen=True, kw_only=True):
    """An order's value or delivery changed; the highest version counts."""

    order_id: str
    version: int
    amount: Decimal
    planned_delivery: dt.date | None = None


class OrderCancelled(Event, frozen=True, kw_only=True):
    """An order will not be delivered."""

    order_id: str
    reason: str | None = None


class InvoiceIssued(Event, frozen=True, kw_only=True):
    """The customer owes `amount` (gross) from `invoice_date`, payable by `due_date`.

    A higher version of the same invoice is a correction of the lower ones. Paid by `discount_until`,
    `discount_amount` may be taken off.
    """

    invoice_id: str
    amount: Decimal
    currency: str
    invoice_date: dt.date
    due_date: dt.date
    order_id: str | None = None
    version: int = 1
    discount_until: dt.date | None = None
    discount_amount: Decimal | None = None


class InvoiceCancelled(Event, frozen=True, kw_only=True):
    """An invoice was issued in error; nothing is owed on it."""

    invoice_id: str
    reason: str | None = None


class CreditNoteIssued(Event, frozen=True, kw_only=True):
    """Part of an invoice is given back."""

    credit_note_id: str
    invoice_id: str
    amount: Decimal
    currency: str
    reason: Literal["return", "price", "rebate", "cancel", "goodwill"]
    date: dt.date | None = None


class Allocation(Struct, frozen=True, kw_only=True):
    """The part of a payment that settles one invoice."""

    invoice_id: str
    amount: Decimal


class Deduction(Struct, frozen=True, kw_only=True):
    """What the customer kept back from an invoice; without `claim_code`, without a word."""

    invoice_id: str
    amount: Decimal
    claim_code: str | None = None


class Payer(Struct, frozen=True, kw_only=True):
    """Who sent the money. `country`: ISO 3166-1 alpha-2."""

    relation: Literal["customer", "affiliate", "unrelated"]
    name: str | None = None
    country: str | None = None


class PaymentReceived(Event, frozen=True, kw_only=True):
    """Money came in. Without allocations it pays the oldest due first (policy).

    `discount_taken` and `deductions` say what was kept back of the invoices paid; they stay owed until
    a credit note takes them off.
    """

    payment_id: str
    amount: Decimal
    currency: str
    value_date: dt.date
    method: Literal["transfer", "cheque", "card", "cash", "bank_bill", "trade_bill", "set_off"]
    allocations: tuple[Allocation, ...] = ()
    payer_account: str | None = None
    discount_taken: Decimal | None = None
    deductions: tuple[Deduction, ...] = ()
    payer: Payer | None = None


class PaymentBounced(Event, frozen=True, kw_only=True):
    """A payment was dishonoured: what it settled is open again, with its old due dates."""

    payment_id: str
    reason: Literal["insufficient_funds", "account_closed", "technical"]
    date: dt.date | None = None


class DisputeOpened(Event, frozen=True, kw_only=True):
    """The customer contests part of an invoice."""

    dispute_id: str
    invoice_id: str
    amount: Decimal
    code: str
    date: dt.date | None = None


class DisputeResolved(Event, frozen=True, kw_only=True):
    """A dispute ended: upheld (the customer was right), rejected, or settled for `amount`."""

    dispute_id: str
    outcome: Literal["upheld", "rejected", "settled"]
    amount: Decimal | None = None
    date: dt.date | None = None


class DeliveryMade(Event, frozen=True, kw_only=True):
    """Goods left for the customer; of their order, that much waits for its invoice."""

    delivery_id: str
    amount: Decimal
    currency: str
    order_id: str | None = None
    date: dt.date | None = None


class GoodsReturned(Event, frozen=True, kw_only=True):
    """Goods came back. What was invoiced stays owed until a credit note takes it off."""

    return_id: str
    amount: Decimal
    currency: str
    order_id: str | None = None
    invoice_id: str | None = None
    date: dt.date | None = None


class DebitNoteIssued(Event, frozen=True, kw_only=True):
    """More is owed on an invoice than it said."""

    debit_note_id: str
    invoice_id: str
    amount: Decimal
    currency: str
    reason: str | None = None
    date: dt.date | None = None


class PaymentAllocated(Event, frozen=True, kw_only=True):
    """Money received before is meant for these invoices."""

    allocation_id: str
    payment_id: str
    allocations: tuple[Allocation, ...]
    date: dt.date | None = None


class PaymentUnallocated(Event, frozen=True, kw_only=True):
    """An allocation is taken back, wholly or (`invoice_id`) from one invoice; the money is free again.

    What a payment settled on receipt is the allocation with the payment's own number.
    """

    allocation_id: str
    payment_id: str
    invoice_id: str | None = None
    date: dt.date | None = None


class PromiseMade(Event, frozen=True, kw_only=True):
    """The customer promised to pay by a day: these invoices or, none named, anything."""

    promise_id: str
    amount: Decimal
    currency: str
    due_on: dt.date
    invoice_ids: tuple[str, ...] = ()
    date: dt.date | None = None


class TermsChanged(Event, frozen=True, kw_only=True):
    """An invoice has another due date; for a customer in difficulty, days past due count on."""

    change_id: str
    invoice_id: str
    due_date: dt.date
    reason: Literal["commercial", "difficulty"]
    date: dt.date | None = None


class ReceivableWrittenOff(Event, frozen=True, kw_only=True):
    """We gave up (part of) an invoice in our books; the customer is not told."""

    write_off_id: str
    invoice_id: str
    amount: Decimal
    currency: str
    date: dt.date | None = None


class ReceivableRecovered(Event, frozen=True, kw_only=True):
    """Money came in for what had been written off."""

    recovery_id: str
    amount: Decimal
    currency: str
    invoice_id: str | None = None
    date: dt.date | None = None


class ReliefRequested(Event, frozen=True, kw_only=True):
    """The customer asked for easier terms."""

    request_id: str
    kind: Literal["longer_terms", "instalments", "higher_limit"]
    date: dt.date | None = None


class ContactAttempted(Event, frozen=True, kw_only=True):
    """We tried to reach the customer (`channel`: phone, visit, letter …)."""

    attempt_id: str
    channel: str
    outcome: Literal["answered", "unanswered", "premises_closed"]
    date: dt.date | None = None


class DayClosed(Event, frozen=True, kw_only=True):
    """Nothing more happens on `date`, as far as this partition knows. Id `day/<date>/<partition>`."""

    date: dt.date

    def __post_init__(self) -> None:
        """Refuse a day after which no other could come."""
        check_day(self.date)
