"""Workers for tests: a service, a fresh database, and the ends to push records in and look."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from shared.bus.port import Transport
from shared.bus.postgres import PostgresTransport
from shared.chassis.keeping import Keeping
from shared.chassis.memory import REMEMBER_AT_MOST
from shared.chassis.outcome import Outcome
from shared.chassis.runtime import ServiceKeeping
from shared.chassis.service import AnyService
from shared.chassis.sieve import Sieve
from shared.chassis.tables import chassis_tables
from shared.chassis.waking import CLOSE_AT_MOST
from shared.chassis.worker import Worker, WorkerSetting
from shared.contracts import catalogue
from shared.contracts.envelope import Event, first_of_chain
from shared.db.engine import Database, DatabaseSettings
from shared.kernel.ids import new_id
from shared.kernel.partitions import partition_of
from shared.log.append import Entry, append, headers_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Bench:
    """One service on one database, as a test sees it."""

    service: AnyService
    database: Database
    partitions: int

    def entry(self, event: Event, *, customer_id: str, event_id: str, **more: object) -> Entry:
        """An upstream event as a log entry; `partition`, `topic`, `source` may be given."""
        event_type = catalogue.EVENT_TYPES[type(event)]
        envelope = first_of_chain(
            event_id=event_id,
            source=str(more.get("source", "test")),
            event_type=event_type,
            time=NOON,
            subject=customer_id,
        )
        place = more.get("partition", partition_of(customer_id, self.partitions))
        topic = str(more.get("topic", catalogue.TOPIC_OF[event_type]))
        partition = int(str(place))
        return Entry(topic, partition, customer_id, headers_of(envelope), catalogue.encode(event))

    async def append(self, *entries: Entry) -> None:
        """Append entries to the service's own log, as a door does."""
        tables = chassis_tables(self.service.name, self.service.metadata)
        async with self.database.transaction() as conn:
            await append(conn, tables.log, entries)

    async def fetch(self, query: str, **values: object) -> list[Any]:
        """Rows of a query."""
        async with self.database.transaction() as conn:
            return list((await conn.execute(text(query), values)).all())

    async def at_rest(self) -> None:
        """Wait until the worker has read everything there is. Raises TimeoutError."""
        await until(self._caught_up)

    async def _caught_up(self) -> bool:
        schema = f"{self.service.name}_log"
        topics = [each.topic for each in self.service.subscriptions] + ["commands", "jobs"]
        behind = await self.fetch(
            f'SELECT 1 FROM "{schema}".log_head h LEFT JOIN "{self.service.name}".checkpoint c '
            "ON c.topic = h.topic AND c.partition = h.partition "
            "WHERE h.topic = ANY(:topics) AND h.next_offset > coalesce(c.log_offset, -1) + 1",
            topics=topics,
        )
        return not behind

    def worker(
        self,
        transport: Transport | None = None,
        keeping: Keeping[Any] | None = None,
        *,
        close_at_most: int = CLOSE_AT_MOST,
        remember_at_most: int = REMEMBER_AT_MOST,
    ) -> Worker[Any, Any]:
        """A worker that is not running yet."""
        tables = chassis_tables(self.service.name, self.service.metadata)
        return Worker(
            WorkerSetting(
                service=self.service,
                database=self.database,
                transport=transport or self.transport(),
                keeping=keeping or ServiceKeeping(self.service, tables),
                sieve=lambda index: Sieve(
                    self.service, index=index, partitions=self.partitions, zone=ZoneInfo("UTC")
                ),
                log=tables.log,
                tables=tables.work,
                owner=new_id(),
                on_committed=_ignore,
                close_at_most=close_at_most,
                remember_at_most=remember_at_most,
            )
        )

    def transport(self) -> PostgresTransport:
        """A postgres transport for this service."""
        topics = [
            (each.topic, f"{catalogue.PUBLISHER_OF[each.topic]}_log")
            for each in self.service.subscriptions
        ]
        return PostgresTransport(self.database, owner=new_id(), topics=topics)


def _ignore(_index: int, _outcome: Outcome, _seconds: float) -> None:
    return None


def bench(service: AnyService, url: str, *, partitions: int = 4) -> Bench:
    """A bench for a service on a migrated database."""
    return Bench(service, Database(DatabaseSettings(url), service.name), partitions)


@asynccontextmanager
async def running(*workers: Worker[Any, Any]) -> AsyncIterator[None]:
    """Run workers for the length of a block; stops them cleanly."""
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        await asyncio.gather(*tasks)


async def until(
    condition: Callable[[], Awaitable[bool]], *, seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait for a condition. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        async for _ in _ticks():
            if await condition():
                return


async def _ticks() -> AsyncIterator[None]:
    """Every twentieth of a second, something to look after."""
    for _ in count():
        yield
        await asyncio.sleep(0.05)


def spread(entries: Sequence[Entry], size: int) -> list[Sequence[Entry]]:
    """Entries in portions of a size, to append in several transactions."""
    return [entries[start : start + size] for start in range(0, len(entries), size)]
