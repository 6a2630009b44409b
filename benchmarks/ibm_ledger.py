"""The IBM late-payment histories: 2,466 invoices of 100 customers, as transactions."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from shared.contracts.envelope import Event
from shared.contracts.transactions import Allocation, InvoiceIssued, PaymentReceived
from shared.testing.reference import reference_path

FILE = "data/ar_ibm/WA_Fn-UseC_-Accounts-Receivable.csv"
CURRENCY = "USD"
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidInvoice:
    """One invoice and the day it was paid in full."""

    customer_id: str
    invoice_id: str
    invoice_date: date
    due_date: date
    settled_on: date
    amount: Decimal

    @property
    def days_late(self) -> int:
        """Days between due date and payment; negative when paid early."""
        return (self.settled_on - self.due_date).days

    def is_late(self, day: date) -> bool:
        """Whether it is past due and unpaid at the end of a day."""
        return self.due_date < day < self.settled_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Every customer's invoices."""

    customers: dict[str, tuple[PaidInvoice, ...]]

    @property
    def invoices(self) -> list[PaidInvoice]:
        """All of them."""
        return [invoice for invoices in self.customers.values() for invoice in invoices]

    @property
    def customer_months(self) -> float:
        """Months from each customer's first invoice to its last payment, added up."""
        spans = [lifetime(invoices) for invoices in self.customers.values()]
        return sum((last - first).days + 1 for first, last in spans) / DAYS_A_MONTH


def lifetime(invoices: Iterable[PaidInvoice]) -> tuple[date, date]:
    """The days of the first invoice and the last payment."""
    listed = list(invoices)
    first = min(invoice.invoice_date for invoice in listed)
    return first, max(invoice.settled_on for invoice in listed)


def read_portfolio(path: Path | None = None) -> Portfolio | None:
    """The portfolio, None where the file is absent."""
    found = path or reference_path(FILE)
    if found is None:
        return None
    customers: dict[str, list[PaidInvoice]] = {}
    with found.open(newline="") as lines:
        for row in csv.DictReader(lines):
            customers.setdefault(row["customerID"], []).append(_paid(row))
    return Portfolio(customers={name: tuple(customers[name]) for name in sorted(customers)})


def transactions_of(invoices: Iterable[PaidInvoice]) -> dict[date, list[Event]]:
    """What monitoring learns of a customer, by day: each day's invoices, then its payments."""
    days: dict[date, list[Event]] = {}
    listed = sorted(invoices, key=lambda invoice: invoice.invoice_id)
    for invoice in listed:
        days.setdefault(invoice.invoice_date, []).append(_issued(invoice))
    for invoice in listed:
        days.setdefault(invoice.settled_on, []).append(_settled(invoice))
    return days


def days_from(first: date, last: date) -> list[date]:
    """Every day from one to another."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _paid(row: dict[str, str]) -> PaidInvoice:
    return PaidInvoice(
        customer_id=row["customerID"],
        invoice_id=row["invoiceNumber"],
        invoice_date=_day(row["InvoiceDate"]),
        due_date=_day(row["DueDate"]),
        settled_on=_day(row["SettledDate"]),
        amount=Decimal(row["InvoiceAmount"]),
    )


def _day(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


def _issued(invoice: PaidInvoice) -> Event:
    return InvoiceIssued(
        invoice_id=invoice.invoice_id,
        amount=invoice.amount,
        currency=CURRENCY,
        invoice_date=invoice.invoice_date,
        due_date=invoice.due_date,
    )


def _settled(invoice: PaidInvoice) -> Event:
    return PaymentReceived(
        payment_id=f"P-{invoice.invoice_id}",
        amount=invoice.amount,
        currency=CURRENCY,
        value_date=invoice.settled_on,
        method="transfer",
        allocations=(Allocation(invoice_id=invoice.invoice_id, amount=invoice.amount),),
    )
