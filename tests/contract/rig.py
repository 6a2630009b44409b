"""What the contract suite stands on: a database, a transport, workers, and people who write."""

import asyncio
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from sqlalchemy import select, text

from shared.bus.kafka.relay import Relay
from shared.chassis.migration import migrate_all
from shared.contracts import catalogue
from shared.db.engine import DatabaseSettings
from shared.kernel.partitions import partition_of
from shared.log.append import Entry, append
from shared.log.tables import log_tables
from tests.contract.facts import announcement, notify, transaction
from tests.contract.probe import APPLIED, Applied, neighbour, probe
from tests.contract.workers import PARTITIONS, RunningWorker, Setup, WorkerProcess, make_worker

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0


class Rig:
    """One test's world."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.rating = setup.database("rating")
        self.monitoring = setup.database("monitoring")
        self.said: Counter[str] = Counter()
        self.posted: Counter[str] = Counter()
        self._relay: Relay | None = None

    async def open(self) -> None:
        settings = DatabaseSettings(self.setup.url)
        await migrate_all(settings, [probe(), neighbour()], partitions=PARTITIONS)
        if self.setup.kind == "kafka":
            self._relay = self.relay()
            self._relay.start()

    async def close(self) -> None:
        if self._relay is not None:
            await self._relay.stop()
        await self.rating.close()
        await self.monitoring.close()

    def relay(self) -> Relay:
        """A relay of the neighbour's log, as its own worker would run."""
        options = self.setup.kafka_options
        return Relay(self.rating, options, lambda: frozenset(range(PARTITIONS)))

    async def say(self, *customers: str) -> None:
        """The neighbour announces one event per name, numbered per customer, in one transaction."""
        entries = []
        for customer in customers:
            self.said[customer] += 1
            number = self.said[customer]
            entries.append(announcement(customer, number))
        async with self.rating.transaction() as conn:
            await append(conn, log_tables("rating"), entries)
            await notify(conn, entries)
        if self._relay is not None:
            self._relay.wake()

    async def post(self, *customers: str) -> None:
        """Facts come in through monitoring's door, numbered per customer."""
        entries = []
        for customer in customers:
            self.posted[customer] += 1
            number = self.posted[customer]
            entries.append(transaction(customer, number))
        await self.append_facts(entries)

    async def append_facts(self, entries: Sequence[Entry]) -> None:
        """Put entries into monitoring's own log, as its door does."""
        async with self.monitoring.transaction() as conn:
            await append(conn, log_tables("monitoring"), entries)
            await notify(conn, entries)

    async def send(self, *entries: Entry) -> None:
        """An outside system writes to the topic itself; without Kafka there is only the door."""
        if self.setup.kind != "kafka":
            await self.append_facts(entries)
            return
        producer = AIOKafkaProducer(bootstrap_servers=self.setup.bootstrap)
        await producer.start()
        try:
            for each in entries:
                headers = [(name, value.encode()) for name, value in each.headers.items()]
                await producer.send_and_wait(
                    each.topic,
                    each.value,
                    key=each.key.encode(),
                    partition=each.partition,
                    headers=headers,
                )
        finally:
            await producer.stop()

    @asynccontextmanager
    async def worker(self, name: str = "a") -> AsyncIterator[RunningWorker]:
        """A worker that runs while the block lasts."""
        running = make_worker(self.setup, name)
        running.task = asyncio.create_task(running.worker.run())
        try:
            yield running
        finally:
            await running.stop()

    @asynccontextmanager
    async def process(self, name: str) -> AsyncIterator[WorkerProcess]:
        """A worker in another process; killed at the end of the block at the latest."""
        command = [sys.executable, "-m", "tests.contract.probe_worker", name]
        started = await asyncio.create_subprocess_exec(
            *command,
            msgspec.json.encode(self.setup).decode(),
            cwd=ROOT,
            env=dict(os.environ),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        process = WorkerProcess(started)
        try:
            yield process
        finally:
            await process.kill()

    async def applied(self) -> list[Applied]:
        """What the probe applied, in the order in which it did."""
        async with self.monitoring.transaction() as conn:
            found = await conn.execute(select(APPLIED).order_by(APPLIED.c.id))
            return [
                Applied(row.partition, row.topic, row.customer, row.number, row.worker)
                for row in found
            ]

    async def until(
        self, met: Callable[[], Awaitable[bool]], *, patience: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + patience
        while not await met():
            assert time.monotonic() < deadline, "it did not come about in time"
            await asyncio.sleep(0.05)

    async def until_applied(self, count: int, *, patience: float = PATIENCE_SECONDS) -> None:
        """Wait until the probe has applied so many events."""

        async def enough() -> bool:
            return len(await self.applied()) >= count

        await self.until(enough, patience=patience)

    async def until_worked_off(self, *, patience: float = PATIENCE_SECONDS) -> None:
        """Wait until everything that was said and posted is applied; then see that it is right."""
        await self.until_applied(self.said.total() + self.posted.total(), patience=patience)
        await self.check()

    async def check(self) -> None:
        """Every event once, and per customer in order; every customer in its partition."""
        told: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for each in await self.applied():
            told[each.topic, each.customer].append(each.number)
            assert each.partition == partition_of(each.customer, PARTITIONS)
        for topic, counts in (
            (catalogue.RATING, self.said),
            (catalogue.TRANSACTIONS, self.posted),
        ):
            for customer, count in counts.items():
                assert told[topic, customer] == list(range(1, count + 1))

    async def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Run a statement as monitoring; returns its rows."""
        async with self.monitoring.transaction() as conn:
            found = await conn.execute(text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []

    async def shipping_positions(self) -> list[int]:
        """How far the neighbour's relay has written down that it is, per partition."""
        async with self.rating.transaction() as conn:
            found = await conn.execute(
                text("SELECT position FROM rating_log.log_reader WHERE group_name = 'relay'")
            )
            return [row.position for row in found]

    async def dead_letters(self) -> list[tuple[object, ...]]:
        """Code and key of what was parked."""
        return await self.sql("SELECT code, key FROM monitoring.dead_letter ORDER BY parked_at")

    async def published(self, topic: str) -> list[tuple[int, int]]:
        """(partition, log offset) of what stands on a Kafka topic, in the order of each partition."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.setup.bootstrap)
        await consumer.start()
        try:
            places = [TopicPartition(topic, index) for index in range(PARTITIONS)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            for place in places:
                consumer.seek(place, 0)
            found: list[tuple[int, int]] = []
            while len(found) < sum(ends.values()):
                got = await consumer.getmany(timeout_ms=200)
                found += [
                    (record.partition, int(dict(record.headers)["obligor_log_offset"]))
                    for records in got.values()
                    for record in records
                ]
            return found
        finally:
            await consumer.stop()
