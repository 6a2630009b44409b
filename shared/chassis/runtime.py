"""A service in a process: its pool, its transport, its worker, and what they tell the doors."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, time
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.kafka.options import KafkaOptions
from shared.bus.kafka.transport import KafkaTransport
from shared.bus.port import Transport
from shared.bus.postgres import PostgresTransport
from shared.chassis.app import Runner
from shared.chassis.doors import Doors
from shared.chassis.idempotency.commands import Answer, record_answers
from shared.chassis.outcome import Outcome
from shared.chassis.service import Service
from shared.chassis.settings import Settings, TransportName
from shared.chassis.sieve import Sieve
from shared.chassis.tables import ChassisTables
from shared.chassis.worker import Worker, WorkerSetting
from shared.contracts import catalogue
from shared.db.engine import Database
from shared.decisions.storage import save_decisions
from shared.decisions.stored import StoredDecision
from shared.kernel.ids import new_id
from shared.policies.book import PolicyBook
from shared.policies.versions import load_policies
from shared.telemetry.metrics import MetricName

BookT = TypeVar("BookT")
PolicyT = TypeVar("PolicyT")
_COUNTED_AS: dict[str, MetricName] = {
    "applied_before": "obligor_duplicates_total",
    "duplicate": "obligor_duplicates_total",
    "misplaced": "obligor_misplaced_records_total",
    "unknown_type": "obligor_skipped_records_total",
}


class ServiceKeeping(Generic[PolicyT]):
    """Policies, decisions and answers, kept in the service's own tables."""

    def __init__(self, service: Service[Any, PolicyT], tables: ChassisTables) -> None:
        self._service = service
        self._tables = tables

    async def policies(self, conn: AsyncConnection) -> PolicyBook[PolicyT]:
        """The shipped default and every approved version."""
        return await load_policies(conn, self._service)

    async def save_decisions(
        self, conn: AsyncConnection, decided: Sequence[StoredDecision]
    ) -> None:
        """Keep the decisions taken."""
        await save_decisions(conn, self._tables.decision, decided)

    async def save_answers(self, conn: AsyncConnection, answers: Sequence[Answer]) -> None:
        """Tell the senders of commands what became of them."""
        await record_answers(conn, self._tables.command, answers)


def transport_of(service: Service[Any, Any], database: Database, settings: Settings) -> Transport:
    """The transport that the settings name, for one worker of a service."""
    topics = [each.topic for each in service.subscriptions]
    if settings.transport is TransportName.KAFKA:
        options = KafkaOptions(bootstrap=settings.kafka_bootstrap or "localhost:9092")
        return KafkaTransport(database, options, topics=topics, partitions=settings.partitions)
    owner = f"{socket.gethostname()}/{os.getpid()}/{new_id()[:8]}"
    logs = [(topic, f"{catalogue.PUBLISHER_OF[topic]}_log") for topic in topics]
    return PostgresTransport(database, owner=owner, topics=logs)


class WorkerRuntime(Generic[BookT, PolicyT]):
    """The worker half of a service in this process, beside its doors."""

    def __init__(self, service: Service[BookT, PolicyT], doors: Doors) -> None:
        self._doors = doors
        self._task: asyncio.Task[None] | None = None
        settings, tables = doors.settings, doors.tables
        self.transport = transport_of(service, doors.database, settings)
        self.worker = Worker(
            WorkerSetting(
                service=service,
                database=doors.database,
                transport=self.transport,
                keeping=ServiceKeeping(service, tables),
                sieve=lambda index: Sieve(
                    service, index=index, partitions=settings.partitions, zone=settings.zone
                ),
                log=tables.log,
                tables=tables.work,
                owner=f"{socket.gethostname()}/{os.getpid()}",
                on_committed=self._on_committed,
                close_at_most=settings.close_at_most,
                remember_at_most=settings.remember_at_most,
            )
        )

    async def start(self) -> None:
        """Begin to work; what goes wrong later shows in the service's health."""
        self._doors.health.alive["worker"] = self._dead_because
        self._doors.metrics.before_shown.append(self._show_state)
        if isinstance(self.transport, KafkaTransport):
            self._doors.topic_ends.append(self.transport.ends)
        self._task = asyncio.create_task(self.worker.run())

    async def stop(self) -> None:
        """Finish the batches in hand and leave."""
        self.worker.stop()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    def _dead_because(self) -> str | None:
        if self.worker.tripped is not None:
            return self.worker.tripped
        if self._task is not None and self._task.done() and not self._task.cancelled():
            return f"the worker ended: {self._task.exception()!r}"
        return self.transport.stuck()

    def _show_state(self) -> None:
        metrics = self._doors.metrics
        metrics.set("obligor_worker_tripped", self.worker.tripped is not None)
        metrics.set("obligor_partitions_owned", len(self.transport.indices()))

    def _on_committed(self, index: int, outcome: Outcome, seconds: float) -> None:
        self._doors.waiting.ring(outcome.answered)
        metrics = self._doors.metrics
        metrics.count("obligor_batches_total", outcome="committed")
        metrics.observe("obligor_batch_seconds", seconds)
        now = self._doors.clock()
        for topic, written in outcome.oldest.items():
            waited = max(0.0, (now - written).total_seconds())
            metrics.observe("obligor_decision_seconds", waited, topic=topic)
        for topic, count in outcome.records.items():
            metrics.count("obligor_records_total", count, topic=topic)
        for (reason, topic), count in outcome.skipped.items():
            name = _COUNTED_AS.get(reason)
            if name is not None:
                metrics.count(name, count, topic=topic)
        for code, count in outcome.parked.items():
            metrics.count("obligor_dead_letters_total", count, code=code)
        for kind, count in outcome.decided.items():
            metrics.count("obligor_decisions_total", count, kind=kind)
        if outcome.closed:
            midnight = datetime.combine(outcome.closed[-1], time.min, self._doors.settings.zone)
            metrics.set(
                "obligor_closed_day_timestamp_seconds", midnight.timestamp(), partition=str(index)
            )


def worker_runner(service: Service[BookT, PolicyT]) -> Runner:
    """What `attach` needs to run a service's worker beside its doors."""

    @asynccontextmanager
    async def run(doors: Doors) -> AsyncIterator[None]:
        """The worker, for as long as the doors are open."""
        runtime = WorkerRuntime(service, doors)
        await runtime.start()
        try:
            yield
        finally:
            await runtime.stop()

    return run
