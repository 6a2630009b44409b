"""A small ledger in a CSV file, and what is owed on any day, computed without the platform."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

FIRST_DAY = date(2025, 1, 6)
CUSTOMERS = ("Alder", "Birch", "Cedar", "杭州测试", "Elm")
INVOICES = 12
_COLUMNS = (
    "type", "customer_id", "name", "country", "invoice_id", "invoice_date", "due_date",
    "value_date", "payment_id", "amount", "currency", "method", "date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owed:
    """One invoice and what was paid on it, when."""

    customer_id: str
    invoice_id: str
    invoice_date: date
    due_date: date
    amount: Decimal
    paid: tuple[tuple[date, Decimal], ...]

    def open_on(self, day: date) -> Decimal:
        """What is open at the end of a day; nothing before the invoice."""
        if day < self.invoice_date:
            return Decimal(0)
        return self.amount - sum((part for when, part in self.paid if when <= day), Decimal(0))


def owed(seed: int = 4) -> list[Owed]:
    """The ledger: every customer later than the one before, the last one stops paying."""
    dice = Random(seed)
    return [
        _one(dice, customer, lateness, number)
        for lateness, customer in enumerate(CUSTOMERS)
        for number in range(INVOICES)
    ]


def _one(dice: Random, customer: str, lateness: int, number: int) -> Owed:
    issued = FIRST_DAY + timedelta(days=number * 7 + dice.randint(0, 2))
    due = issued + timedelta(days=14)
    amount = Decimal(dice.randint(10_000, 900_000)) / 100
    paid_on = due + timedelta(days=dice.randint(-5, 0) + lateness * 8)
    half = (amount / 2).quantize(Decimal("0.01"))
    parts: tuple[tuple[date, Decimal], ...] = ((paid_on, amount),)
    if number % 4 == 1:
        parts = ((paid_on, half), (paid_on + timedelta(days=9), amount - half))
    if lateness == len(CUSTOMERS) - 1 and number > INVOICES // 3:
        parts = ()
    return Owed(customer, f"{customer}-{number}", issued, due, amount, parts)


def write_ledger(path: Path) -> Path:
    """The ledger as a file of the `plain` preset."""
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, _COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(_rows())
    return path


def _rows() -> Iterator[dict[str, object]]:
    for customer in CUSTOMERS:
        yield {"type": "customer", "customer_id": customer, "name": customer, "country": "DE"}
    for each in owed():
        known = {"customer_id": each.customer_id, "invoice_id": each.invoice_id, "currency": "EUR"}
        yield known | {
            "type": "invoice.issued",
            "invoice_date": each.invoice_date,
            "due_date": each.due_date,
            "amount": each.amount,
        }
        for number, (when, part) in enumerate(each.paid):
            yield known | {
                "type": "payment.received",
                "payment_id": f"{each.invoice_id}/{number}",
                "value_date": when,
                "amount": part,
                "method": "transfer",
            }


def last_day() -> date:
    """The day of the last fact."""
    return max(when for each in owed() for when in (each.invoice_date, *(d for d, _ in each.paid)))


def expected(customer_id: str, day: date) -> dict[str, str | int]:
    """Open, overdue and the oldest days past due of one customer, from the file alone."""
    mine = [each for each in owed() if each.customer_id == customer_id]
    opened = {each: each.open_on(day) for each in mine}
    late = {each: amount for each, amount in opened.items() if amount and each.due_date < day}
    return {
        "open_amount": f"{sum(opened.values(), Decimal(0)):.2f}",
        "overdue_amount": f"{sum(late.values(), Decimal(0)):.2f}",
        "max_days_past_due": max(((day - each.due_date).days for each in late), default=0),
    }
