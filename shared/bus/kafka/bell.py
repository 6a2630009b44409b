"""NOTIFY between the processes of one service: something was appended to its log, look at once.

A lost ring costs a second, never a record: everybody looks once a second anyway.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

import asyncpg

from shared.bus.port import CHANNEL, Place
from shared.db.engine import Database

_DEADLINE_SECONDS = 5.0
_RETRY_SECONDS = 1.0
_LOST = (asyncpg.InterfaceError, asyncpg.PostgresError, OSError, TimeoutError)


class Bell:
    """Rings in every process of the service that listens, this one included."""

    def __init__(self, database: Database, rung: Callable[[str, int], None]) -> None:
        self._database = database
        self._rung = rung
        self._listener: asyncpg.Connection[asyncpg.Record] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen, and go on trying while the database is away."""
        self._task = asyncio.create_task(self._keep_listening())

    async def stop(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._listener is not None:
            self._listener.terminate()

    async def ring(self, places: Iterable[Place]) -> None:
        """Tell the others which logs have grown."""
        listener = self._listener
        payloads = sorted({f"{topic}/{partition}" for topic, partition in places})
        if not payloads or listener is None or listener.is_closed():
            return
        with suppress(*_LOST):
            await listener.execute(
                "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload",
                CHANNEL,
                payloads,
                timeout=_DEADLINE_SECONDS,
            )

    async def _keep_listening(self) -> None:
        while True:
            if self._listener is None or self._listener.is_closed():
                with suppress(*_LOST):
                    await self._listen()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        self._listener = await self._database.listener()
        await self._listener.add_listener(CHANNEL, self._on_notify)

    def _on_notify(self, _conn: object, _pid: int, _channel: str, payload: object) -> None:
        topic, _, partition = str(payload).rpartition("/")
        if partition.isdigit():
            self._rung(topic, int(partition))
