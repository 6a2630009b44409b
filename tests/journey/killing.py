"""A worker process to be killed: everything it reads lies in the database already."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from obligor.services import wiring_of
from shared.bus.port import Place, Record
from shared.bus.postgres import PostgresTransport
from shared.chassis.service import AnyService
from shared.contracts import catalogue
from shared.db.engine import Database
from shared.log.reading import Wanted
from shared.testing.workers import Bench, bench
from tests.journey import history


def logs_of(service: AnyService) -> list[tuple[str, str]]:
    """The (topic, log schema) pairs that a service reads."""
    return [
        (each.topic, f"{catalogue.PUBLISHER_OF[each.topic]}_log") for each in service.subscriptions
    ]


class UnleasedTransport:
    """Reads the logs as the postgres transport does, but owns every partition without a lease.

    A killed worker's leases would keep its successor waiting for ten seconds; the fence does not
    need them.
    """

    name = "postgres"

    def __init__(self, database: Database, service: AnyService, partitions: int) -> None:
        self._inner = PostgresTransport(database, owner="unleased", topics=logs_of(service))
        self._indices = frozenset(range(partitions))

    async def start(self) -> None:
        """Nothing to join."""

    async def stop(self) -> None:
        """Nothing to leave."""

    def indices(self) -> frozenset[int]:
        """All of them."""
        return self._indices

    async def fetch(
        self,
        conn: AsyncConnection,
        index: int,
        positions: Mapping[str, int],
        *,
        limit: int,
        beside: Sequence[Wanted] = (),
    ) -> list[Record]:
        """The next rows, few at a time, so that there are many moments to be killed in."""
        return await self._inner.fetch(conn, index, positions, limit=min(limit, 40), beside=beside)

    async def committed(
        self, index: int, positions: Mapping[str, int], *, appended: Collection[Place]
    ) -> None:
        """Nobody to tell."""

    async def wait(self, index: int, seconds: float) -> None:
        """Look again soon."""
        del index
        await asyncio.sleep(min(seconds, 0.02))

    def wake(self) -> None:
        """Nobody sleeps."""

    def stuck(self) -> str | None:
        """Never."""
        return None


def unleased(name: str, url: str) -> tuple[Bench, Any]:
    """A bench and a worker of a service that needs no lease."""
    service = wiring_of(name).service
    alone = bench(service, url, partitions=history.PARTITIONS)
    transport = UnleasedTransport(alone.database, service, alone.partitions)
    return alone, alone.worker(transport)


def work_until_killed(name: str, url: str) -> None:
    """The life of the process: work."""
    asyncio.run(_work(name, url))


async def _work(name: str, url: str) -> None:
    _, worker = unleased(name, url)
    await worker.run()
