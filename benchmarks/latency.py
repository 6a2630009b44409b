"""Produced → warning readable: from the moment an event was due to be produced to its warning.

The load is open: events are due at fixed times, whatever the product does, and the clock of each
starts when it was due, not when it was sent. So nothing that waits is left out of the figures.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from benchmarks.contenders import Setting
from benchmarks.kafka_ends import TOPIC, headers_of
from benchmarks.serving import served
from benchmarks.traffic import BOUNCE, Message, Traffic, stream
from benchmarks.venue import Venue
from services.monitoring.handlers import SERVICE

WARNED = 0.25
SECONDS = 15.0
WARM_UP_SECONDS = 3.0
PATIENCE_SECONDS = 20.0
TICK_SECONDS = 0.002
LOOK_SECONDS = 0.05


async def measure(
    venue: Venue,
    rates: Sequence[float],
    *,
    customers: int,
    say: Callable[[str], None],
    partitions: int = 4,
) -> list[Mapping[str, object]]:
    """p50, p99 and the largest, in ms, at each rate."""
    events = int(sum(rates) * (SECONDS + WARM_UP_SECONDS)) + 1
    traffic = Traffic(customers=customers, events=events, partitions=partitions, warned=WARNED)
    url = await venue.product_database(customers, partitions)
    await venue.empty_topics(partitions)
    setting = Setting(
        bootstrap=venue.kafka.bootstrap,
        url=url,
        events=events,
        partitions=partitions,
        day=traffic.day,
        seconds=1e9,
    )
    rows: list[Mapping[str, object]] = []
    messages = stream(traffic)
    with served([setting]):
        async with Probe(venue.kafka.bootstrap, partitions) as probe:
            for rate in rates:
                rows.append(await probe.run(rate, messages))
                say(f"latency at {rate:,.0f} events/s: {rows[-1]}")
    await venue.drop(url)
    return rows


class Probe:
    """Produces at a pace, and reads the warnings that come of it."""

    def __init__(self, bootstrap: str, partitions: int) -> None:
        self._partitions = partitions
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
        self._consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
        self._due: dict[str, float] = {}
        self._waits: list[float] = []
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._producer.start()
        await self._consumer.start()
        places = [TopicPartition(SERVICE.topic, number) for number in range(self._partitions)]
        self._consumer.assign(places)
        await self._consumer.seek_to_end(*places)
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._reading is not None:
            self._reading.cancel()
        await self._producer.stop()
        await self._consumer.stop()

    async def run(self, rate: float, messages: Iterator[Message]) -> Mapping[str, object]:
        """Produce at a rate for a while; what the warnings took."""
        await self._produce(rate, WARM_UP_SECONDS, messages)
        await self._until_answered()
        self._waits.clear()
        late = await self._produce(rate, SECONDS, messages)
        sent = len(self._due) + len(self._waits)
        await self._until_answered()
        missing = len(self._due)
        self._due.clear()
        waits = sorted(self._waits)
        return {
            "events/s": rate,
            "p50": quantile(waits, 0.50),
            "p99": quantile(waits, 0.99),
            "largest": waits[-1] * 1000 if waits else float("nan"),
            "warnings": len(waits),
            "expected": sent,
            "missing": missing,
            "producer behind, s": late,
        }

    async def _produce(self, rate: float, seconds: float, messages: Iterator[Message]) -> float:
        """Send what is due, tick by tick; answers by how much sending fell behind in the end."""
        began, sent, count = time.monotonic(), 0, int(rate * seconds)
        while sent < count:
            due = min(count, int((time.monotonic() - began) * rate) + 1)
            while sent < due:
                message = next(messages)
                headers = dict(message.headers)
                if headers["ce_type"] == BOUNCE:
                    self._due[headers["ce_id"]] = began + sent / rate
                await self._producer.send(
                    TOPIC,
                    message.value,
                    key=message.key.encode(),
                    partition=message.partition,
                    headers=headers_of(message),
                )
                sent += 1
            await asyncio.sleep(TICK_SECONDS)
        return max(0.0, time.monotonic() - began - count / rate)

    async def _read(self) -> None:
        while True:
            for records in (await self._consumer.getmany(timeout_ms=1000)).values():
                now = time.monotonic()
                for record in records:
                    headers = dict(record.headers)
                    if b"warning_" not in headers["ce_type"]:
                        continue
                    due = self._due.pop(headers["ce_causationid"].decode(), None)
                    if due is not None:
                        self._waits.append(now - due)

    async def _until_answered(self) -> None:
        """Wait until every event that warns has been answered, or for too long."""
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            if not self._due:
                return
            await asyncio.sleep(LOOK_SECONDS)


def quantile(waits: Sequence[float], share: float) -> float:
    """In ms; not a number where nothing came."""
    if not waits:
        return float("nan")
    return waits[min(len(waits) - 1, int(share * len(waits)))] * 1000
