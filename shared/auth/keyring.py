"""Finds out who a bearer token belongs to."""

from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest
from time import monotonic

from sqlalchemy import Table

from shared.auth.keys import ApiKey, digest_of, find_key, split_token
from shared.auth.principals import Principal, Role
from shared.db.engine import Database
from shared.kernel.clock import Clock, system_clock
from shared.kernel.errors import UnauthenticatedError

REMEMBERED_SECONDS = 5.0
_REMEMBERED_KEYS = 1000
ADMINISTRATOR = Principal(key_id="admin-token", person="administrator", roles=frozenset(Role))


class UnknownKeyError(UnauthenticatedError):
    """The key is missing, unknown, expired or revoked; which of them is not told."""

    def __init__(self) -> None:
        super().__init__("send a valid API key in the Authorization header, as a bearer token")


class KeyRing:
    """One service's keys, and the administrator's token if one is set.

    A key is remembered for up to five seconds, so a revoked one may open that much longer in
    another process.
    """

    def __init__(
        self,
        database: Database,
        table: Table,
        *,
        admin_token: str | None,
        clock: Clock = system_clock,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._database = database
        self._table = table
        self._admin = digest_of(admin_token) if admin_token else None
        self._clock = clock
        self._ticks = ticks
        self._remembered: dict[str, tuple[float, ApiKey | None]] = {}

    async def holder_of(self, token: str | None) -> Principal:
        """The principal who owns the token. Raises `UnknownKeyError`."""
        if not token:
            raise UnknownKeyError
        if self._admin is not None and compare_digest(self._admin, digest_of(token)):
            return ADMINISTRATOR
        parts = split_token(token)
        if parts is None:
            raise UnknownKeyError
        key_id, secret = parts
        key = await self._find(key_id)
        if key is None or not key.opens_with(secret, at=self._now()):
            raise UnknownKeyError
        return key.principal

    def forget(self, key_id: str) -> None:
        """Look the key up again next time: it has just been revoked."""
        self._remembered.pop(key_id, None)

    def _now(self) -> datetime:
        return self._clock()

    async def _find(self, key_id: str) -> ApiKey | None:
        known = self._remembered.get(key_id)
        if known is not None and self._ticks() - known[0] < REMEMBERED_SECONDS:
            return known[1]
        async with self._database.reading() as conn:
            key = await find_key(conn, self._table, key_id)
        if len(self._remembered) >= _REMEMBERED_KEYS:
            self._remembered.clear()
        self._remembered[key_id] = (self._ticks(), key)
        return key
