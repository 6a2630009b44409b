"""Who works on which partition where nobody assigns them: leases by the database's own clock."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.log.partitions import LEASE_SECONDS

RENEW_SECONDS = 3.0


def fair_share(partitions: int, members: Sequence[str], owner: str) -> int:
    """How many partitions a member should hold, so that shares differ by at most one."""
    if owner not in members:
        return 0
    whole, rest = divmod(partitions, len(members))
    return whole + (sorted(members).index(owner) < rest)


class Leases:
    """The leases of one worker of one service, kept in the service's `partition_state`."""

    def __init__(self, schema: str, owner: str) -> None:
        self._states = f'"{schema}".partition_state'
        self._members = f'"{schema}".worker_member'
        self._owner = owner

    async def renew(self, conn: AsyncConnection) -> frozenset[int]:
        """Prolong what is held, give up what is too much, take what is free; returns what is held."""
        members = await self._sign_in(conn)
        held = await self._prolong(conn)
        total = int(await conn.scalar(_read(f"SELECT count(*) FROM {self._states}")) or 0)
        share = fair_share(total, members, self._owner)
        if len(held) > share:
            return held - await self._give_up(conn, sorted(held)[share:])
        return held | await self._take(conn, share - len(held))

    async def release(self, conn: AsyncConnection) -> None:
        """Give everything back at once, so that others need not wait for the leases to end."""
        await self._give_up(conn, sorted(await self._prolong(conn)))
        await conn.execute(
            _read(f"DELETE FROM {self._members} WHERE owner = :owner"),
            {"owner": self._owner},
        )

    async def _sign_in(self, conn: AsyncConnection) -> list[str]:
        await conn.execute(
            _read(
                f"INSERT INTO {self._members} (owner, alive_until) "
                "VALUES (:owner, now() + make_interval(secs => :lease)) "
                "ON CONFLICT (owner) DO UPDATE SET alive_until = excluded.alive_until"
            ),
            {"owner": self._owner, "lease": LEASE_SECONDS},
        )
        alive = await conn.execute(
            _read(f"SELECT owner FROM {self._members} WHERE alive_until > now()")
        )
        return [row.owner for row in alive]

    async def _prolong(self, conn: AsyncConnection) -> frozenset[int]:
        """Prolong what no batch has locked; a batch prolongs its own when it commits."""
        await conn.execute(
            _read(
                f"UPDATE {self._states} SET lease_until = now() + make_interval(secs => :lease) "
                f"WHERE partition IN (SELECT partition FROM {self._states} "
                "WHERE owner = :owner FOR UPDATE SKIP LOCKED)"
            ),
            {"owner": self._owner, "lease": LEASE_SECONDS},
        )
        held = await conn.execute(
            _read(f"SELECT partition FROM {self._states} WHERE owner = :owner"),
            {"owner": self._owner},
        )
        return frozenset(row.partition for row in held)

    async def _give_up(self, conn: AsyncConnection, partitions: Sequence[int]) -> frozenset[int]:
        """Give partitions back; one whose batch is running is given back another time."""
        freed = await conn.execute(
            _read(
                f"UPDATE {self._states} SET owner = NULL, lease_until = NULL "
                f"WHERE partition IN (SELECT partition FROM {self._states} "
                "WHERE owner = :owner AND partition = ANY(:partitions) FOR UPDATE SKIP LOCKED) "
                "RETURNING partition"
            ),
            {"owner": self._owner, "partitions": list(partitions)},
        )
        return frozenset(row.partition for row in freed)

    async def _take(self, conn: AsyncConnection, count: int) -> frozenset[int]:
        if count <= 0:
            return frozenset()
        taken = await conn.execute(
            _read(
                f"UPDATE {self._states} SET owner = :owner, "
                "lease_until = now() + make_interval(secs => :lease) "
                f"WHERE partition IN (SELECT partition FROM {self._states} "
                "WHERE owner IS NULL OR lease_until IS NULL OR lease_until < now() "
                "ORDER BY partition LIMIT :count FOR UPDATE SKIP LOCKED) RETURNING partition"
            ),
            {"owner": self._owner, "lease": LEASE_SECONDS, "count": count},
        )
        return frozenset(row.partition for row in taken)


@cache
def _read(statement: str) -> TextClause:
    """A statement, read once: leases are renewed every few seconds for as long as we live."""
    return text(statement)
