"""The postgres transport without a database: gaps, wake-ups, and when it is stuck."""

import asyncio
from datetime import UTC, datetime
from time import monotonic

import pytest

from shared.bus.port import PositionOutsideLogError
from shared.bus.postgres import PostgresTransport, _refuse_gaps
from shared.db.engine import Database, DatabaseSettings
from shared.log.reading import LogRow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOWHERE = DatabaseSettings("postgresql://nobody@127.0.0.1:1/none")


def a_row(offset: int, topic: str = "obligor.signals") -> LogRow:
    return LogRow(topic, 0, offset, "c1", {}, b"", NOON)


def a_transport() -> PostgresTransport:
    database = Database(NOWHERE, "monitoring")
    return PostgresTransport(database, owner="me", topics=[("obligor.signals", "monitoring_log")])


def test_rows_from_the_position_on_are_whole() -> None:
    _refuse_gaps([a_row(5), a_row(6)], 0, {"obligor.signals": 5})


def test_a_new_reader_begins_at_the_beginning() -> None:
    _refuse_gaps([a_row(0)], 0, {})


def test_no_rows_have_no_gap() -> None:
    _refuse_gaps([], 0, {"obligor.signals": 5})


@pytest.mark.parametrize("offset", [4, 6])
def test_rows_that_begin_elsewhere_are_refused(offset: int) -> None:
    with pytest.raises(PositionOutsideLogError, match=f"at 5, but the log goes on at {offset}"):
        _refuse_gaps([a_row(offset)], 0, {"obligor.signals": 5})


def test_rows_with_one_missing_between_are_refused() -> None:
    with pytest.raises(PositionOutsideLogError, match="at 1, but the log goes on at 2"):
        _refuse_gaps([a_row(0), a_row(2)], 0, {})


def test_each_topic_has_its_own_offsets() -> None:
    rows = [a_row(3), a_row(4), a_row(0, "other"), a_row(1, "other")]
    _refuse_gaps(rows, 0, {"obligor.signals": 3})


async def woken(payload: str) -> bool:
    """Whether a NOTIFY wakes who waits for partition 1."""
    transport = a_transport()
    waiting = asyncio.create_task(transport.wait(1, 60.0))
    await asyncio.sleep(0)
    transport._on_notify(None, 0, "obligor_log", payload)
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    waiting.cancel()
    return bool(done)


@pytest.mark.parametrize("payload", ["obligor.signals/1", "commands/1", "jobs/1"])
async def test_news_of_what_is_read_here_wakes(payload: str) -> None:
    assert await woken(payload)


@pytest.mark.parametrize(
    "payload",
    ["obligor.signals/2", "obligor.rating/1", "obligor.signals", "obligor.signals/", "", "/x"],
)
async def test_other_news_lets_it_sleep(payload: str) -> None:
    assert not await woken(payload)


async def test_a_wait_ends_by_itself() -> None:
    await a_transport().wait(1, 0.01)


async def test_news_that_came_before_the_wait_is_not_lost() -> None:
    transport = a_transport()
    transport._on_notify(None, 0, "obligor_log", "jobs/1")
    async with asyncio.timeout(1):
        await transport.wait(1, 60.0)


async def test_everyone_can_be_woken_at_once() -> None:
    transport = a_transport()
    waits = [asyncio.create_task(transport.wait(index, 60.0)) for index in (0, 3)]
    await asyncio.sleep(0)
    transport.wake()
    async with asyncio.timeout(1):
        await asyncio.gather(*waits)


async def test_without_a_listener_nobody_is_told_and_nothing_fails() -> None:
    await a_transport().committed(0, {}, appended={("obligor.signals", 0)})


def test_a_transport_that_works_is_not_stuck() -> None:
    assert a_transport().stuck() is None


@pytest.mark.parametrize(("seconds", "stuck"), [(5, False), (58, False), (61, True), (300, True)])
def test_it_is_stuck_after_a_minute_without_leases(seconds: int, *, stuck: bool) -> None:
    transport = a_transport()
    transport._failing_since = monotonic() - seconds
    assert (transport.stuck() is not None) == stuck


async def test_without_a_database_it_starts_and_stops_and_goes_on_trying() -> None:
    transport = a_transport()
    await transport.start()
    assert transport.indices() == frozenset()
    assert transport._failing_since is not None
    await transport.stop()
