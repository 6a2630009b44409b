"""The ledger against the IBM receivables: every figure to the cent, computed straight from the file."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.monitoring.domain.figures.ageing import AgeingBucket, age
from services.monitoring.domain.receivables.facts import Fact, FactKind, Portion
from services.monitoring.domain.receivables.ledger import account_as_of
from shared.testing import reference_path
from tests.unit.monitoring.in_memory import POLICIES

IBM = "data/ar_ibm/WA_Fn-UseC_-Accounts-Receivable.csv"
FOLDER = reference_path(IBM)
POLICY = POLICIES.in_force(date.max).policy.ledger
EVERY_DAYS = 17

pytestmark = pytest.mark.skipif(FOLDER is None, reason=f"{IBM} is not beside this checkout")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file."""

    invoice: str
    customer: str
    issued: date
    due: date
    settled: date
    cents: int


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007  # a calendar day of the file


def lines_of(path: Path | None) -> list[Line]:
    if path is None:
        return []
    with path.open(encoding="utf-8") as file:
        return [
            Line(
                invoice=row["invoiceNumber"],
                customer=row["customerID"],
                issued=_day(row["InvoiceDate"]),
                due=_day(row["DueDate"]),
                settled=_day(row["SettledDate"]),
                cents=round(float(row["InvoiceAmount"]) * 100),
            )
            for row in csv.DictReader(file)
        ]


LINES = lines_of(FOLDER)
CUSTOMERS = sorted({line.customer for line in LINES})


def facts_of(lines: list[Line]) -> list[Fact]:
    facts = []
    for line in lines:
        amount = Decimal(line.cents) / 100
        issued = Fact(
            on=line.issued,
            kind=FactKind.INVOICE_ISSUED,
            document=line.invoice,
            amount=amount,
            currency="USD",
            due=line.due,
        )
        paid = Fact(
            on=line.settled,
            kind=FactKind.PAYMENT_RECEIVED,
            document=f"P{line.invoice}",
            amount=amount,
            currency="USD",
            portions=(Portion(invoice_id=line.invoice, amount=amount),),
        )
        facts += [paid, issued]
    return facts


def expected(lines: list[Line], day: date) -> tuple[int, int, int, dict[str, int]]:
    """Open, overdue, most days past due and buckets, straight from the lines."""
    open_lines = [line for line in lines if line.issued <= day < line.settled]
    buckets = {"current": 0, "1-30": 0, "31-60": 0, "61-90": 0, "91+": 0}
    for line in open_lines:
        late = (day - line.due).days
        steps = [(0, "current"), (30, "1-30"), (60, "31-60"), (90, "61-90"), (10_000, "91+")]
        buckets[next(name for most, name in steps if late <= most)] += line.cents
    late_lines = [line for line in open_lines if line.due < day]
    return (
        sum(line.cents for line in open_lines),
        sum(line.cents for line in late_lines),
        max(((day - line.due).days for line in late_lines), default=0),
        buckets,
    )


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_open_overdue_buckets_and_days_past_due_equal_the_file(customer: str) -> None:
    lines = [line for line in LINES if line.customer == customer]
    facts = facts_of(lines)
    first, last = min(line.issued for line in lines), max(line.settled for line in lines)
    telling = {first - timedelta(days=1), last, last - timedelta(days=1)}
    telling |= {first + timedelta(days=step) for step in range(0, (last - first).days, EVERY_DAYS)}
    for day in telling:
        account = account_as_of(facts, day, POLICY)
        ageing = age(account, "USD", as_of=day, policy=POLICY)
        buckets = {bucket.value: ageing.buckets[bucket] for bucket in AgeingBucket}
        found = (ageing.open, ageing.overdue, ageing.max_days_past_due, buckets)
        assert found == expected(lines, day)
