"""Which upstream events have come already, by (source, id), with the hash of what they said."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.bulk import among, upsert_rows
from shared.log.tables import WorkTables

Name = tuple[str, str]


class Seen(NamedTuple):
    """What became of an upstream event: applied|duplicate|conflict|parked|waiting."""

    source: str
    event_id: str
    body_hash: bytes
    status: str
    partition: int


def body_hash(value: bytes) -> bytes:
    """The hash by which a repeated event is told from another body under the same id."""
    return blake2b(value, digest_size=16).digest()


async def load_seen(
    conn: AsyncConnection, tables: WorkTables, names: Iterable[Name]
) -> dict[Name, Seen]:
    """What is known of these (source, id) pairs, in one statement."""
    wanted = list(names)
    if not wanted:
        return {}
    table = tables.seen
    found = await conn.execute(
        select(table).where(
            and_(
                among(table.c.source, sorted({source for source, _ in wanted})),
                among(table.c.event_id, [event_id for _, event_id in wanted]),
            )
        )
    )
    return {
        (row.source, row.event_id): Seen(
            row.source, row.event_id, row.body_hash, row.status, row.partition
        )
        for row in found
    }


async def save_seen(conn: AsyncConnection, tables: WorkTables, rows: Sequence[Seen]) -> None:
    """Remember upstream events and what became of them."""
    latest = {(row.source, row.event_id): row for row in rows}
    await upsert_rows(
        conn,
        tables.seen,
        [latest[name]._asdict() for name in sorted(latest)],
        key=("source", "event_id"),
    )
