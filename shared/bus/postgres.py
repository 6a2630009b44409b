"""The `postgres` transport: workers read the publishers' logs directly, woken by NOTIFY."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from time import monotonic

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.leases import RENEW_SECONDS, Leases
from shared.bus.port import CHANNEL, Place, PositionOutsideLogError, Record, record_of
from shared.db.engine import Database
from shared.db.faults import is_transient
from shared.log.reading import LogRow, Wanted, read_logs

log = structlog.get_logger()
_DEADLINE_SECONDS = 10.0
_STUCK_SECONDS = 60.0


class PostgresTransport:
    """All services in one database: a topic is its publisher's log.

    `topics` are (topic, log schema) pairs in the order of the service's subscriptions.
    """

    name = "postgres"

    def __init__(
        self, database: Database, *, owner: str, topics: Sequence[tuple[str, str]]
    ) -> None:
        self._database = database
        self._topics = tuple(topics)
        self._names = frozenset(topic for topic, _ in topics)
        self._leases = Leases(database.service, owner)
        self._held: frozenset[int] = frozenset()
        self._woken: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._telling = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._listener: asyncpg.Connection | None = None
        self._failing_since: float | None = None

    async def start(self) -> None:
        """Take leases and begin to listen; both go on trying while the database is away."""
        await self._renew()
        self._tasks = [
            asyncio.create_task(self._keep_leases()),
            asyncio.create_task(self._keep_listening()),
        ]

    async def stop(self) -> None:
        """Give the leases back and stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(Exception):
            async with (
                asyncio.timeout(_DEADLINE_SECONDS),
                self._database.vital_transaction() as conn,
            ):
                await self._leases.release(conn)
        if self._listener is not None:
            self._listener.terminate()

    def indices(self) -> frozenset[int]:
        """The partitions this worker holds leases of."""
        return self._held

    async def fetch(
        self,
        conn: AsyncConnection,
        index: int,
        positions: Mapping[str, int],
        *,
        limit: int,
        beside: Sequence[Wanted] = (),
    ) -> list[Record]:
        """The next rows of each subscribed log, and of those beside, in one statement."""
        wanted = [
            Wanted(schema, topic, positions.get(topic, 0), limit) for topic, schema in self._topics
        ]
        rows = await read_logs(conn, index, [*beside, *wanted])
        _refuse_gaps([row for row in rows if row.topic in self._names], index, positions)
        return [record_of(row) for row in rows]

    async def committed(
        self, index: int, positions: Mapping[str, int], *, appended: Collection[Place]
    ) -> None:
        """Tell readers, after the commit; a lost NOTIFY only costs them a second."""
        del index, positions
        listener = self._listener
        if not appended or listener is None or listener.is_closed():
            return
        payloads = sorted({f"{topic}/{partition}" for topic, partition in appended})
        with suppress(asyncpg.InterfaceError, asyncpg.PostgresError, OSError, TimeoutError):
            # partitions share the connection, and it does one thing at a time
            async with self._telling:
                await listener.execute(
                    "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload",
                    CHANNEL,
                    payloads,
                    timeout=_DEADLINE_SECONDS,
                )

    async def wait(self, index: int, seconds: float) -> None:
        """Wait for a NOTIFY about a log of this index, or the time to look anyway."""
        event = self._woken[index]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
        event.clear()

    def wake(self) -> None:
        """Look again at every index."""
        for event in self._woken.values():
            event.set()

    def stuck(self) -> str | None:
        """Say so when leases could not be renewed for a minute; less is a busy moment."""
        since = self._failing_since
        if since is None or monotonic() - since < _STUCK_SECONDS:
            return None
        return f"leases not renewed for {monotonic() - since:.0f} s"

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._renew()

    async def _renew(self) -> None:
        try:
            async with (
                asyncio.timeout(_DEADLINE_SECONDS),
                self._database.vital_transaction() as conn,
            ):
                self._held = await self._leases.renew(conn)
            self._failing_since = None
        except Exception as error:
            if not is_transient(error):
                raise
            self._failing_since = self._failing_since or monotonic()
            log.warning("leases_not_renewed", service=self._database.service, error=repr(error))

    async def _keep_listening(self) -> None:
        while True:
            if self._listener is None or self._listener.is_closed():
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                    await self._listen()
            await asyncio.sleep(1.0)

    async def _listen(self) -> None:
        listener = await self._database.listener()
        await listener.execute("SET synchronous_commit = off")
        await listener.add_listener(CHANNEL, self._on_notify)
        self._listener = listener
        self.wake()

    def _on_notify(self, _conn: object, _pid: int, _channel: str, payload: str) -> None:
        topic, _, partition = payload.rpartition("/")
        if partition.isdigit() and (topic in self._names or not topic.startswith("obligor.")):
            self._woken[int(partition)].set()


def _refuse_gaps(rows: Sequence[LogRow], index: int, positions: Mapping[str, int]) -> None:
    expected = dict(positions)
    for row in rows:
        position = expected.get(row.topic, 0)
        if row.offset != position:
            raise PositionOutsideLogError(
                row.topic, index, position, f"the log goes on at {row.offset}"
            )
        expected[row.topic] = position + 1
