"""Workers of the probe: in the test's own process, or in one that signals can reach."""

import asyncio
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import msgspec

from shared.bus.kafka.options import KafkaOptions
from shared.bus.kafka.transport import KafkaTransport
from shared.bus.port import Transport
from shared.bus.postgres import PostgresTransport
from shared.chassis.outcome import Outcome
from shared.chassis.sieve import Sieve
from shared.chassis.tables import chassis_tables
from shared.chassis.worker import Worker, WorkerSetting
from shared.contracts import catalogue
from shared.db.engine import Database, DatabaseSettings
from tests.contract.probe import Faults, Ledger, NoPolicy, ProbeKeeping, probe

PARTITIONS = 4


class Setup(msgspec.Struct, frozen=True):
    """Where everything is; enough for another process to join in."""

    kind: str
    url: str
    bootstrap: str
    group: str

    @property
    def kafka_options(self) -> KafkaOptions:
        """Impatient settings, so that tests see failures soon."""
        return KafkaOptions(
            bootstrap=self.bootstrap,
            session_timeout_ms=3000,
            heartbeat_interval_ms=500,
            rebalance_timeout_ms=10_000,
            request_timeout_ms=3000,
            retry_backoff_ms=100,
            send_seconds=5.0,
        )

    def database(self, service: str) -> Database:
        return Database(DatabaseSettings(self.url), service)

    def transport(self, database: Database, owner: str) -> Transport:
        topics = (catalogue.RATING, catalogue.TRANSACTIONS)
        if self.kind == "kafka":
            return KafkaTransport(
                database,
                self.kafka_options,
                topics=topics,
                partitions=PARTITIONS,
                group=self.group,
            )
        logs = [(topic, f"{catalogue.PUBLISHER_OF[topic]}_log") for topic in topics]
        return PostgresTransport(database, owner=owner, topics=logs)


@dataclass(slots=True)
class RunningWorker:
    """A worker inside the test's own process."""

    name: str
    worker: Worker[Ledger, NoPolicy]
    transport: Transport
    database: Database
    faults: Faults
    skipped: Counter[str] = field(default_factory=Counter)
    task: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """Finish the batch in hand and leave."""
        self.worker.stop()
        if self.task is not None:
            await asyncio.wait({self.task})
        await self.database.close()


def make_worker(setup: Setup, name: str) -> RunningWorker:
    """A worker of the probe, not yet running."""
    faults = Faults()
    service = probe(name, faults)
    database = setup.database("monitoring")
    tables = chassis_tables("monitoring", service.metadata)
    transport = setup.transport(database, name)
    skipped: Counter[str] = Counter()

    def on_committed(_index: int, outcome: Outcome, _seconds: float) -> None:
        for (reason, _topic), count in outcome.skipped.items():
            skipped[reason] += count

    worker = Worker(
        WorkerSetting(
            service=service,
            database=database,
            transport=transport,
            keeping=ProbeKeeping(),
            sieve=lambda index: Sieve(
                service, index=index, partitions=PARTITIONS, zone=ZoneInfo("UTC")
            ),
            log=tables.log,
            tables=tables.work,
            owner=name,
            on_committed=on_committed,
        )
    )
    return RunningWorker(name, worker, transport, database, faults, skipped)


class WorkerProcess:
    """A worker in a process of its own, which signals can reach."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    def suspend(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
