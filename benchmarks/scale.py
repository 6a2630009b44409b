"""Is it flat? Customers, partitions, workers, and a backlog that drains in bounded memory.

The rate is taken between a fifth and nine tenths of the stream, so that joining the group and the
last small batches do not count.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from benchmarks import report
from benchmarks.contenders import Setting
from benchmarks.serving import Workers, served
from benchmarks.traffic import Traffic
from benchmarks.venue import Venue
from benchmarks.warm import owner_of
from shared.contracts import catalogue

SMALL = Traffic(customers=10_000, events=16_000, warned=0.03)
BIG = Traffic(customers=100_000, events=200_000, warned=0.03)
_FROM, _TO = 0.2, 0.9
_LOOK_SECONDS = 0.02
_PATIENCE_SECONDS = 1800.0

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
        rate = await _rate(url, traffic.events, running)
        memory = running.memory_mb()
    await venue.drop(url)
    return {
        "customers": traffic.customers,
        "events": traffic.events,
        "partitions": traffic.partitions,
        "workers": workers,
        "events/s": rate,
        "memory, MB": memory,
    }


async def _rate(url: str, events: int, running: Workers) -> float:
    """Events a second in the middle of the stream."""
    marks: dict[float, tuple[float, int]] = {}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    async with owner_of(url) as conn:
        taken = 0
        while taken < events:
            taken = await conn.fetchval(
                "SELECT coalesce(sum(position), 0)::bigint FROM monitoring.checkpoint "
                "WHERE topic = $1",
                catalogue.TRANSACTIONS,
            )
            for share in (_FROM, _TO):
                if taken >= share * events:
                    marks.setdefault(share, (time.monotonic(), taken))
            if time.monotonic() > deadline or not running.are_alive():
                message = f"the workers stopped at {taken} of {events} events"
                raise RuntimeError(message)
            await asyncio.sleep(_LOOK_SECONDS)
    (began, first), (ended, last) = marks[_FROM], marks[_TO]
    return (last - first) / (ended - began) if ended > began else float("nan")
