"""A worker remembers customers between its batches, but only while nobody else has worked on them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.monitoring.handlers import SERVICE
from services.monitoring.storage.questions import account_of
from shared.contracts import catalogue
from shared.contracts import transactions as tx
from shared.log.append import Entry
from shared.testing.database import TestServer
from shared.testing.workers import Bench, bench, running
from tests.component.publishing import stand_in

DAY = date(2026, 4, 1)


async def a_desk(postgres: TestServer) -> Bench:
    neighbours = [
        stand_in("screening", catalogue.SCREENING),
        stand_in("tiering", catalogue.TIERING),
        stand_in("rating", catalogue.RATING),
    ]
    url = await postgres.fresh([SERVICE, *neighbours], partitions=1)
    return bench(SERVICE, url, partitions=1)


def invoice(desk: Bench, name: str) -> Entry:
    issued = tx.InvoiceIssued(
        invoice_id=name, amount=Decimal(10), currency="EUR", invoice_date=DAY, due_date=DAY
    )
    return desk.entry(issued, customer_id="C1", event_id=name)


async def forget(desk: Bench) -> None:
    """Behind the worker's back the customer is as if nothing had ever been told of it."""
    for table in ("account", "fact"):
        await desk.fetch(f"DELETE FROM monitoring.{table} RETURNING 1")  # our own tables


@pytest.mark.parametrize(
    ("size", "others", "known"),
    [
        (1, False, {"I1", "I2"}),
        (1, True, {"I2"}),
        (0, False, {"I2"}),
    ],
)
async def test_memory_is_true_only_for_the_version_it_was_made_at(
    postgres: TestServer, size: int, known: set[str], *, others: bool
) -> None:
    desk = await a_desk(postgres)
    closed = tx.DayClosed(date=DAY - timedelta(days=1))
    begin = desk.entry(closed, customer_id="", event_id="day/0", partition=0)
    transport = desk.transport()
    async with running(desk.worker(transport, remember_at_most=size)):
        await desk.append(begin, invoice(desk, "I1"))
        transport.wake()
        await desk.at_rest()
        await forget(desk)
        if others:
            await desk.fetch("UPDATE monitoring.partition_state SET version = 99 RETURNING 1")
        await desk.append(invoice(desk, "I2"))
        transport.wake()
        await desk.at_rest()
    async with desk.database.reading() as conn:
        kept = await account_of(conn, "C1")
    await desk.database.close()
    assert kept is not None
    assert {fact.document for fact in kept.ledger.recent} == known
