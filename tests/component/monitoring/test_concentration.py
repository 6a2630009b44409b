"""One customer among many, on a real database: what it owes of all that is owed to us."""

from collections.abc import AsyncIterator
from decimal import Decimal

import msgspec
import pytest

from shared.contracts import transactions as tx
from shared.contracts.monitoring import WarningRaised
from shared.log.append import Entry
from shared.testing.database import TestServer
from tests.component.monitoring.test_ledger_worker import Desk, a_desk, close, on_day

MANY = 60
MONTH_END = 58
"""The end of February: those who owe, with nothing due, are looked at then."""


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    made = await a_desk(postgres)
    yield made
    await close(made)


def owes(desk: Desk, number: int, amount: int) -> Entry:
    issued = tx.InvoiceIssued(
        invoice_id=f"I{number}",
        amount=Decimal(amount),
        currency="EUR",
        invoice_date=on_day(1),
        due_date=on_day(300),
    )
    return desk.fact(issued, f"e{number}", customer=f"C{number}")


async def raised(desk: Desk) -> list[tuple[str, WarningRaised]]:
    return [
        (about, msgspec.json.decode(value, type=WarningRaised))
        for about, kind, value in await desk.said()
        if kind == "monitoring.warning_raised.v1"
    ]


async def test_a_customer_that_is_a_fifth_of_all_receivables_is_warned_of(desk: Desk) -> None:
    """Every partition sees the same whole, and says of which day it is."""
    await desk.work(*desk.closes(0, 0))
    await desk.work(*[owes(desk, number, 100) for number in range(MANY)])
    await desk.work(owes(desk, MANY, 1500))
    await desk.work(*desk.closes(1, MONTH_END - 1))
    await desk.work(*desk.closes(MONTH_END, MONTH_END))
    [(about, warning)] = [each for each in await raised(desk) if each[1].indicator == "L06"]
    assert (about, warning.severity) == (f"C{MANY}", "red")
    figures = warning.evidence.figures
    assert figures["our_receivables"] == "7500.00"
    assert figures["our_customers"] == MANY + 1
    assert figures["totals_of"] == on_day(MONTH_END - 1).isoformat()


async def test_what_is_owed_today_is_not_held_against_totals_of_weeks_ago(desk: Desk) -> None:
    """One partition is far ahead of the others: their part of today's whole is not known yet."""
    await desk.work(*desk.closes(0, 0))
    await desk.work(*[owes(desk, number, 100) for number in range(MANY)])
    await desk.work(owes(desk, MANY, 1500))
    await desk.work(*desk.closes(1, MONTH_END - 10))
    ahead = owes(desk, MANY, 1).partition
    last = desk.closes(MONTH_END - 9, MONTH_END)
    await desk.work(*[each for each in last if each.partition == ahead])
    assert not [each for each in await raised(desk) if each[1].indicator == "L06"]


async def test_a_partition_that_closes_its_first_days_last_counts_what_the_others_owe(
    desk: Desk,
) -> None:
    """All its days close in one batch, when the others have closed theirs long ago."""
    late = owes(desk, MANY, 1).partition
    names = [*[owes(desk, number, 100) for number in range(MANY)], owes(desk, MANY, 1500)]
    story = [*desk.closes(0, 0), *names, *desk.closes(1, MONTH_END)]
    await desk.work(*[each for each in story if each.partition != late])
    await desk.work(*[each for each in story if each.partition == late])
    [(_, warning)] = [each for each in await raised(desk) if each[1].indicator == "L06"]
    assert warning.evidence.figures["our_receivables"] == "7500.00"
