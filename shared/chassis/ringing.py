"""Telling readers that something was appended: one word for all who appended meanwhile."""

import asyncio
from collections.abc import Collection

import structlog
from sqlalchemy import text

from shared.bus.port import CHANNEL, Place
from shared.db.engine import Database
from shared.db.faults import is_transient

log = structlog.get_logger()
_NOTIFY = text(
    "SELECT pg_notify(:channel, payload) FROM unnest(CAST(:payloads AS text[])) AS payload"
)


class Ringing:
    """The doors' end of the bell that wakes workers."""

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._at_work = asyncio.Lock()

    async def ring(self, database: Database, places: Collection[Place]) -> None:
        """Wake whoever reads these logs; returns when they, and what came meanwhile, are told.

        To be called after the commit. A word that is lost only costs a second.
        """
        self._waiting |= {f"{topic}/{partition}" for topic, partition in places}
        async with self._at_work:
            if not self._waiting:  # whoever was at work before has told of these, too
                return
            payloads = sorted(self._waiting)
            self._waiting.clear()
            await _notify(database, payloads)


async def _notify(database: Database, payloads: list[str]) -> None:
    try:
        async with database.transaction() as conn:
            await conn.execute(_NOTIFY, {"channel": CHANNEL, "payloads": payloads})
    except Exception as error:
        if not is_transient(error):
            raise
        log.warning("readers_not_told", service=database.service, reason=type(error).__name__)
