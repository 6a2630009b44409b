"""The live clock closes what is over: in order, once, and not before there is a ledger."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fastapi import FastAPI

from services.monitoring.api import router
from services.monitoring.api.live_clock import close_what_is_over
from services.monitoring.handlers import SERVICE
from shared.chassis.app import build_app
from shared.chassis.doors import Doors
from shared.contracts.catalogue import decode
from shared.contracts.transactions import DayClosed
from shared.testing.database import TestServer
from shared.testing.http import settings_for
from shared.testing.workers import Bench, bench

At = Callable[[datetime], Doors]
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
async def url(postgres: TestServer) -> str:
    return await postgres.fresh([SERVICE])


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[Bench]:
    made = bench(SERVICE, url)
    yield made
    await made.database.close()


@pytest.fixture
def at(url: str, ledger: Bench) -> At:
    app: FastAPI = build_app(
        SERVICE, router, settings_for(url, clock="live"), database=ledger.database
    )
    doors: Doors = app.state.doors
    return lambda moment: replace(doors, clock=lambda: moment)


async def closed_days(ledger: Bench) -> list[date]:
    rows = await ledger.fetch(
        "SELECT value FROM monitoring_log.log WHERE headers->>'ce_source' = "
        "'/obligor/monitoring/clock' AND partition = 0 ORDER BY \"offset\""
    )
    found = [decode("day.closed", row.value) for row in rows]
    return [each.date for each in found if isinstance(each, DayClosed)]


async def test_an_empty_ledger_has_no_days(at: At) -> None:
    assert await close_what_is_over(at(NOON)) == []


async def test_a_ledger_begins_by_closing_yesterday(at: At, ledger: Bench) -> None:
    await ledger.append(
        ledger.entry(DayClosed(date=date(2020, 1, 1)), customer_id="", event_id="x/1", partition=1)
    )
    assert await close_what_is_over(at(NOON)) == [date(2026, 3, 9)]


async def test_a_day_is_over_after_midnight_and_grace(at: At, ledger: Bench) -> None:
    await test_a_ledger_begins_by_closing_yesterday(at, ledger)
    assert await close_what_is_over(at(datetime(2026, 3, 11, 0, 14, tzinfo=UTC))) == []
    assert await close_what_is_over(at(datetime(2026, 3, 11, 0, 15, tzinfo=UTC))) == [
        date(2026, 3, 10)
    ]


async def test_missed_days_are_closed_in_order(at: At, ledger: Bench) -> None:
    await test_a_ledger_begins_by_closing_yesterday(at, ledger)
    later = datetime(2026, 3, 14, 12, tzinfo=UTC)
    days = [date(2026, 3, number) for number in range(10, 14)]
    assert await close_what_is_over(at(later)) == days
    assert await closed_days(ledger) == [date(2026, 3, 9), *days]


async def test_a_day_is_closed_once(at: At, ledger: Bench) -> None:
    await test_a_ledger_begins_by_closing_yesterday(at, ledger)
    assert await close_what_is_over(at(NOON)) == []


async def test_every_partition_gets_its_marker(at: At, ledger: Bench) -> None:
    await test_a_ledger_begins_by_closing_yesterday(at, ledger)
    rows = await ledger.fetch(
        "SELECT partition, headers->>'ce_id' AS id FROM monitoring_log.log "
        "WHERE headers->>'ce_source' = '/obligor/monitoring/clock' ORDER BY partition"
    )
    assert [(row.partition, row.id) for row in rows] == [
        (partition, f"day/2026-03-09/{partition}") for partition in range(4)
    ]
