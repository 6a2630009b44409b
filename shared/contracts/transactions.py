"""Facts about orders, invoices and payments, as upstream systems publish them.

Topic `obligor.transactions`, key = customer id. Amounts are decimal strings in major units.
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from shared.contracts.envelope import Event


class OrderPlaced(Event, frozen=True, kw_only=True):
    """The customer ordered goods on credit."""

    order_id: str
    amount: Decimal
    currency: str
    planned_delivery: dt.date | None = None
    terms_days: int | None = None


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

    A higher version of the same invoice is a correction of the lower ones.
    """

    invoice_id: str
    amount: Decimal
    currency: str
    invoice_date: dt.date
    due_date: dt.date
    order_id: str | None = None
    version: int = 1


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


class PaymentReceived(Event, frozen=True, kw_only=True):
    """Money came in. Without allocations it pays the oldest due first (policy)."""

    payment_id: str
    amount: Decimal
    currency: str
    value_date: dt.date
    method: Literal["transfer", "cheque", "card", "cash", "bank_bill", "trade_bill", "set_off"]
    allocations: tuple[Allocation, ...] = ()
    payer_account: str | None = None


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


class DayClosed(Event, frozen=True, kw_only=True):
    """Nothing more happens on `date`, as far as this partition knows. Id `day/<date>/<partition>`."""

    date: dt.date
