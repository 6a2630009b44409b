"""The IBM late-payment histories: 2,466 invoices of 100 customers, as ledger facts."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from services.monitoring.domain.facts import Fact, FactKind, Portion
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


def facts_of(invoices: Iterable[PaidInvoice]) -> list[Fact]:
    """What the ledger learns, in its canonical order."""
    facts = [fact for invoice in invoices for fact in (_issued(invoice), _settled(invoice))]
    return sorted(facts, key=lambda fact: fact.key)


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


def _issued(invoice: PaidInvoice) -> Fact:
    return Fact(
        on=invoice.invoice_date,
        kind=FactKind.INVOICE_ISSUED,
        document=invoice.invoice_id,
        amount=invoice.amount,
        currency=CURRENCY,
        due=invoice.due_date,
    )


def _settled(invoice: PaidInvoice) -> Fact:
    return Fact(
        on=invoice.settled_on,
        kind=FactKind.PAYMENT_RECEIVED,
        document=f"P-{invoice.invoice_id}",
        amount=invoice.amount,
        currency=CURRENCY,
        portions=(Portion(invoice_id=invoice.invoice_id, amount=invoice.amount),),
    )
