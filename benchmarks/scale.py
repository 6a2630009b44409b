"""Is it flat? Customers, partitions, workers, and a backlog that drains in bounded memory.

Rates are taken between a tenth and nine tenths of the stream, so that joining the group and the last
small batches do not count; the rate and the memory half-way say whether either creeps.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import asyncpg

from benchmarks import report
from benchmarks.contenders import Setting
from benchmarks.serving import Workers, served
from benchmarks.traffic import Traffic
from benchmarks.venue import Venue
from benchmarks.warm import owner_of
from shared.contracts import catalogue

SMALL = Traffic(customers=10_000, events=16_000, warned=0.03)
BIG = Traffic(customers=100_000, events=200_000, warned=0.03)
_FROM, _HALF, _TO = 0.1, 0.5, 0.9
_LOOK_SECONDS = 0.02
_PATIENCE_SECONDS = 300.0
"""For the next event to be taken."""

Row = Mapping[str, object]


def measure(venue: Venue, *, full: bool, say: Callable[[str], None]) -> dict[str, Sequence[Row]]:
    """All of it; each table is printed as soon as it is complete."""
    first = BIG if full else SMALL
    sizes = [10_000, 100_000, 1_000_000] if full else [2_000, 10_000, 30_000]
    backlogs = [250_000, 1_000_000, 5_000_000] if full else [8_000, 32_000]
    plans: dict[str, list[tuple[Traffic, int]]] = {
        "customers with state": [(replace(first, customers=size), 1) for size in sizes],
        "partitions": [(replace(first, partitions=count), 1) for count in (1, 2, 4)],
        "workers, four partitions": [(first, count) for count in (1, 2)],
        "a backlog of one day": [(replace(first, events=count), 1) for count in backlogs],
    }
    found: dict[str, Sequence[Row]] = {}
    for title, runs in plans.items():
        rows = [asyncio.run(drain(venue, traffic, workers=count)) for traffic, count in runs]
        report.print_rows(title, rows)
        say(f"scale: {title}")
        found[title] = rows
    return found


async def drain(venue: Venue, traffic: Traffic, *, workers: int = 1) -> Row:
    """Have workers take a whole stream; how fast they were, and what memory they took."""
    url = await venue.product_database(traffic.customers, traffic.partitions)
    await venue.fill_topic(traffic)
    setting = Setting(
        bootstrap=venue.kafka.bootstrap,
        url=url,
        events=traffic.events,
        partitions=traffic.partitions,
        day=traffic.day,
        group=f"drain.{time.monotonic_ns()}",
        workers=workers,
    )
    with served([setting] * workers) as running:
        half, end = await _halves(url, traffic.events, running)
    await venue.drop(url)
    return {
        "customers": traffic.customers,
        "events": traffic.events,
        "partitions": traffic.partitions,
        "workers": workers,
        "events/s, first half": half.rate,
        "second half": end.rate,
        "memory, MB, half-way": half.memory_mb,
        "at the end": end.memory_mb,
    }


class _Half(NamedTuple):
    """How fast one half of the stream was, and the most memory a worker had had at its end."""

    rate: float
    memory_mb: float


async def _halves(url: str, events: int, running: Workers) -> tuple[_Half, _Half]:
    """Both halves, as the stream is taken."""
    async with owner_of(url) as conn:
        clock = _Progress(conn, running, events)
        begin = await clock.at(_FROM)
        half = await clock.at(_HALF)
        end = await clock.at(_TO)
        await clock.at(1.0)
    return (
        _Half(half.rate_since(begin), half.memory_mb),
        _Half(end.rate_since(half), running.memory_mb()),
    )


class _Mark(NamedTuple):
    """A moment of a run."""

    seconds: float
    taken: int
    memory_mb: float

    def rate_since(self, before: "_Mark") -> float:
        """Events a second; unknown where both moments are one."""
        seconds = self.seconds - before.seconds
        return (self.taken - before.taken) / seconds if seconds > 0 else float("nan")


@dataclass(slots=True)
class _Progress:
    """How far the workers are. Raises RuntimeError when they stop taking events."""

    conn: asyncpg.Connection
    running: Workers
    events: int

    async def at(self, share: float) -> _Mark:
        """The moment when this share of the events has been taken."""
        taken, moved_at = -1, time.monotonic()
        while taken < share * self.events:
            await asyncio.sleep(_LOOK_SECONDS)
            before, taken = taken, await self._taken()
            now = time.monotonic()
            moved_at = now if taken > before else moved_at
            if now - moved_at > _PATIENCE_SECONDS or not self.running.are_alive():
                message = f"the workers stopped at {taken} of {self.events} events"
                raise RuntimeError(message)
        return _Mark(time.monotonic(), taken, self.running.memory_mb())

    async def _taken(self) -> int:
        return int(
            await self.conn.fetchval(
                "SELECT coalesce(sum(position), 0)::bigint FROM monitoring.checkpoint "
                "WHERE topic = $1",
                catalogue.TRANSACTIONS,
            )
        )
