"""A day that concerns many is closed in parts: nothing comes between them, and they add up."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.handlers import SERVICE
from shared.chassis.idempotency.commands import Answer
from shared.chassis.runtime import ServiceKeeping
from shared.chassis.tables import chassis_tables
from shared.chassis.waking import CLOSE_AT_MOST
from shared.contracts import catalogue
from shared.contracts import transactions as tx
from shared.kernel.errors import TransientError
from shared.log.append import Entry
from shared.testing.database import TestServer
from shared.testing.equality import Story, differences, story_of
from shared.testing.workers import Bench, bench, running
from tests.component.publishing import stand_in

BEGIN = date(2026, 4, 29)
DAYS = 3
CUSTOMERS = [f"C{number}" for number in range(7)]


def closes(desk: Bench, day: date) -> Entry:
    return desk.entry(tx.DayClosed(date=day), customer_id="", event_id=f"day/{day}/0", partition=0)


def invoice(desk: Bench, customer: str, day: date) -> Entry:
    issued = tx.InvoiceIssued(
        invoice_id=f"{customer}/{day}",
        amount=Decimal(100),
        currency="EUR",
        invoice_date=day,
        due_date=day + timedelta(days=1),
    )
    return desk.entry(issued, customer_id=customer, event_id=f"{customer}/{day}")


def history(desk: Bench) -> list[list[Entry]]:
    """Everybody buys on the first days, nobody pays; a month ends among them. Portion by portion."""
    portions = [[closes(desk, BEGIN - timedelta(days=1))]]
    for number in range(DAYS):
        day = BEGIN + timedelta(days=number)
        buyers = CUSTOMERS if number < 2 else CUSTOMERS[:1]
        portions += [[invoice(desk, each, day) for each in buyers], [closes(desk, day)]]
    return portions


async def a_desk(postgres: TestServer) -> Bench:
    neighbours = [
        stand_in("screening", catalogue.SCREENING),
        stand_in("tiering", catalogue.TIERING),
        stand_in("rating", catalogue.RATING),
    ]
    url = await postgres.fresh([SERVICE, *neighbours], partitions=1)
    return bench(SERVICE, url, partitions=1)


class Breaking(ServiceKeeping[MonitoringPolicy]):
    """Loses the connection before every commit but the first few."""

    def __init__(self, good: int) -> None:
        super().__init__(SERVICE, chassis_tables("monitoring", SERVICE.metadata))
        self.good = good
        self.broken = asyncio.Event()

    @override
    async def save_answers(self, conn: AsyncConnection, answers: Sequence[Answer]) -> None:
        self.good -= 1
        if self.good < 0:
            self.broken.set()
            message = "scripted: the connection broke before the commit"
            raise TransientError(message)


async def tell(desk: Bench, portions: Sequence[Sequence[Entry]], *, size: int) -> None:
    """Have portions worked off one after the other, with parts of a size."""
    transport = desk.transport()
    async with running(desk.worker(transport, close_at_most=size)):
        for portion in portions:
            await desk.append(*portion)
            transport.wake()
            await desk.at_rest()


async def ends(desk: Bench) -> Story:
    """How it ended, exposures aside: how many of a day are said depends on the batch."""
    story = await story_of(desk.database, SERVICE)
    await desk.database.close()
    said = [each for each in story["announced"] if "exposure_changed" not in each]
    return story | {"announced": [each.split(", ", 2)[2] for each in said]}


async def at_once(postgres: TestServer) -> Story:
    desk = await a_desk(postgres)
    await tell(desk, history(desk), size=CLOSE_AT_MOST)
    return await ends(desk)


async def cursor(desk: Bench) -> str | None:
    rows = await desk.fetch(
        "SELECT cursor FROM monitoring.checkpoint WHERE topic = 'obligor.transactions'"
    )
    return rows[0].cursor if rows else None


@pytest.mark.parametrize("size", [1, 3, len(CUSTOMERS)])
async def test_parts_of_any_size_add_up_to_the_same_day(postgres: TestServer, size: int) -> None:
    desk = await a_desk(postgres)
    await tell(desk, history(desk), size=size)
    assert await cursor(desk) is None
    assert differences(await at_once(postgres), await ends(desk)) == []


@pytest.mark.parametrize("good", [1, 4, len(CUSTOMERS)])
async def test_a_close_goes_on_where_a_broken_worker_left_it(
    postgres: TestServer, good: int
) -> None:
    desk = await a_desk(postgres)
    begun, bought, first_close, *rest = history(desk)
    await tell(desk, [begun, bought], size=CLOSE_AT_MOST)
    await desk.append(*first_close)
    breaking = Breaking(good)
    async with running(desk.worker(keeping=breaking, close_at_most=1)):
        await asyncio.wait_for(breaking.broken.wait(), 20)
    assert await cursor(desk) == ["", *CUSTOMERS][good - 1]
    await desk.append(invoice(desk, CUSTOMERS[0], BEGIN + timedelta(days=30)))  # must wait
    await tell(desk, [[], *rest], size=2)
    quiet = await a_desk(postgres)
    late = invoice(quiet, CUSTOMERS[0], BEGIN + timedelta(days=30))
    begun, bought, first_close, *rest = history(quiet)
    await tell(quiet, [begun, bought, first_close, [late], *rest], size=CLOSE_AT_MOST)
    assert differences(await ends(quiet), await ends(desk)) == []


async def test_a_day_is_said_to_be_closed_behind_everything_of_it(postgres: TestServer) -> None:
    desk = await a_desk(postgres)
    await tell(desk, history(desk), size=2)
    rows = await desk.fetch(
        "SELECT headers->>'ce_type' AS type, convert_from(value, 'UTF8')::json AS body "
        "FROM monitoring_log.log WHERE topic = 'obligor.monitoring' ORDER BY \"offset\""
    )
    days = [date.fromisoformat(row.body.get("as_of") or row.body["date"]) for row in rows]
    assert all(earlier <= later for earlier, later in pairwise(days))
    closed = [row.body["date"] for row in rows if row.type == "monitoring.day_closed.v1"]
    assert len(closed) == DAYS + 1
    await desk.database.close()
