"""The whole product consumer: the worker of `obligor serve monitoring`, as it stands, timed.

The clock runs from the beginning of its first batch to the end of its last commit.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from zoneinfo import ZoneInfo

from benchmarks.warm import owner_of
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.handlers import SERVICE
from services.monitoring.storage.book import Book
from shared.bus.kafka.options import KafkaOptions
from shared.bus.kafka.transport import KafkaTransport
from shared.bus.port import Transport
from shared.bus.postgres import PostgresTransport
from shared.chassis.outcome import Outcome
from shared.chassis.runtime import ServiceKeeping
from shared.chassis.sieve import Sieve
from shared.chassis.tables import chassis_tables
from shared.chassis.worker import Worker, WorkerSetting
from shared.contracts import catalogue
from shared.db.engine import Database, DatabaseSettings
from shared.kernel.ids import new_id

READY = "ready"
LOOK_SECONDS = 0.05
_JOIN_SECONDS = 60.0


@dataclass(slots=True)
class Tally:
    """What a worker has done, and when it began and ended."""

    expected: int
    most_seconds: float
    done: asyncio.Event = field(default_factory=asyncio.Event)
    began: float | None = None
    ended: float = 0.0
    taken: int = 0
    batches: int = 0
    parked: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def on_committed(self, _index: int, outcome: Outcome, seconds: float) -> None:
        """Count a batch."""
        now = monotonic()
        self.began = now - seconds if self.began is None else min(self.began, now - seconds)
        self.ended = now
        self.batches += 1
        self.taken += outcome.records[catalogue.TRANSACTIONS]
        self.parked.update(outcome.parked)
        for (reason, _topic), count in outcome.skipped.items():
            self.skipped[reason] += count
        if self.taken >= self.expected or self.seconds > self.most_seconds:
            self.done.set()

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - (self.began or 0.0)


def worker_of(
    database: Database,
    transport: Transport,
    *,
    partitions: int,
    on_committed: Callable[[int, Outcome, float], None],
) -> Worker[Book, MonitoringPolicy]:
    """Monitoring's worker, as the product makes it."""
    tables = chassis_tables(SERVICE.name, SERVICE.metadata)
    return Worker(
        WorkerSetting(
            service=SERVICE,
            database=database,
            transport=transport,
            keeping=ServiceKeeping(SERVICE, tables),
            sieve=lambda index: Sieve(
                SERVICE, index=index, partitions=partitions, zone=ZoneInfo("UTC")
            ),
            log=tables.log,
            tables=tables.work,
            owner=new_id(),
            on_committed=on_committed,
        )
    )


def over_kafka(database: Database, bootstrap: str, *, partitions: int, group: str) -> Transport:
    """The Kafka transport with the settings of production."""
    return KafkaTransport(
        database,
        KafkaOptions(bootstrap=bootstrap),
        topics=[each.topic for each in SERVICE.subscriptions],
        partitions=partitions,
        group=group,
    )


def over_postgres(database: Database) -> Transport:
    """The transport that reads the publishers' logs."""
    topics = [each.topic for each in SERVICE.subscriptions]
    logs = [(topic, f"{catalogue.PUBLISHER_OF[topic]}_log") for topic in topics]
    return PostgresTransport(database, owner=new_id(), topics=logs)


async def consume(
    url: str, *, expected: int, partitions: int, seconds: float, kafka: str | None = None
) -> Tally:
    """Run the worker until it has taken everything there is, or the time is up."""
    tally = Tally(expected, seconds)
    database = Database(DatabaseSettings(url), SERVICE.name)
    transport = over_postgres(database)
    if kafka is not None:
        transport = over_kafka(database, kafka, partitions=partitions, group=new_id())
    worker = worker_of(database, transport, partitions=partitions, on_committed=tally.on_committed)
    await _run(worker, tally.done)
    await database.close()
    return tally


async def serve(
    database: Database, transport: Transport, *, partitions: int, share: int, until: asyncio.Event
) -> None:
    """Run a worker until told to stop; prints `ready` once it owns its share of the partitions."""
    worker = worker_of(
        database, transport, partitions=partitions, on_committed=lambda *_batch: None
    )
    ready = asyncio.create_task(_say_when_ready(transport, share))
    await _run(worker, until)
    ready.cancel()


async def _run(worker: Worker[Book, MonitoringPolicy], until: asyncio.Event) -> None:
    running = asyncio.create_task(worker.run())
    stopped = asyncio.create_task(until.wait())
    await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
    worker.stop()
    await running
    stopped.cancel()
    if worker.tripped is not None:
        raise RuntimeError(worker.tripped)


async def _say_when_ready(transport: Transport, share: int) -> None:
    for _ in range(int(_JOIN_SECONDS / LOOK_SECONDS)):
        if len(transport.indices()) >= share:
            break
        await asyncio.sleep(LOOK_SECONDS)
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


async def warnings_in(url: str) -> int:
    """How many warnings a database has said."""
    async with owner_of(url) as conn:
        count = await conn.fetchval(
            f"SELECT count(*) FROM {SERVICE.log_schema}.log WHERE topic = $1 "
            "AND headers->>'ce_type' LIKE 'monitoring.warning_%'",
            SERVICE.topic,
        )
    return int(count)
