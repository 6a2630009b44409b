"""The live clock: closes each day of the ledger after midnight, wherever one worker runs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.storage.questions import last_marker
from services.monitoring.storage.tables import waiting
from shared.chassis.doors import Doors
from shared.chassis.facts import Fact, entries_of
from shared.chassis.settings import LedgerClock
from shared.contracts import catalogue
from shared.contracts.transactions import DayClosed
from shared.db.faults import is_transient
from shared.kernel.dates import next_day, previous_day
from shared.log.append import append
from shared.log.partitions import newest_closed_day

log = structlog.get_logger()
SOURCE: Final = "/obligor/monitoring/clock"
_ROUND_SECONDS = 5.0
_LEASE = 0x0B1161  # any number of our own: one scheduler at a time


@asynccontextmanager
async def live_clock(doors: Doors) -> AsyncIterator[None]:
    """Look every few seconds whether a day is over, while the worker lives; idle on the log clock."""
    if doors.settings.clock is not LedgerClock.LIVE:
        yield
        return
    task = asyncio.create_task(_rounds(doors))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _rounds(doors: Doors) -> None:
    while True:
        try:
            await close_what_is_over(doors)
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("day_close_put_off", error=str(error)[:200])
        await asyncio.sleep(_ROUND_SECONDS)


async def close_what_is_over(doors: Doors) -> list[date]:
    """Append the end of every day that is over, in order; returns the days.

    A ledger that has not begun begins with yesterday, once there is a fact. The transaction's
    advisory lock is the lease: of several workers one closes, and none closes twice.
    """
    settings = doors.settings
    moment = doors.clock().astimezone(settings.zone) - timedelta(minutes=settings.day_grace_minutes)
    over = previous_day(moment.date())
    async with doors.transaction() as conn:
        if not await conn.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LEASE}):
            return []
        days = _days_until(
            over, await _last_closed(conn, doors), begun=await _has_facts(conn, doors)
        )
        entries = entries_of([_marker(day, doors) for day in days], doors.partitions)
        await append(conn, doors.tables.log, entries)
    await doors.tell_readers({(entry.topic, entry.partition) for entry in entries})
    return days


def _days_until(over: date, last: date | None, *, begun: bool) -> list[date]:
    """The days to close, up to the last one that is over."""
    if last is None:
        return [over] if begun else []
    days = []
    day = next_day(last)
    while day <= over:
        days.append(day)
        day = next_day(day)
    return days


async def _last_closed(conn: AsyncConnection, doors: Doors) -> date | None:
    """The last day whose end is in the log or has been worked off already."""
    known = (
        await last_marker(conn, doors.tables.log),
        await newest_closed_day(conn, doors.tables.work),
    )
    return max((day for day in known if day is not None), default=None)


async def _has_facts(conn: AsyncConnection, doors: Doors) -> bool:
    """Whether anything waits for the ledger to begin."""
    head = doors.tables.log.head
    appended = head.select().where(head.c.topic == catalogue.TRANSACTIONS).limit(1)
    if (await conn.execute(appended)).first() is not None:
        return True
    return (await conn.execute(waiting.select().limit(1))).first() is not None


def _marker(day: date, doors: Doors) -> Fact:
    return Fact(
        topic=catalogue.TRANSACTIONS,
        type=catalogue.DAY_CLOSED,
        source=SOURCE,
        id=f"day/{day.isoformat()}",
        time=datetime.combine(day, time(23, 59, 59), doors.settings.zone),
        customer_id="",
        value=catalogue.encode(DayClosed(date=day)),
    )
