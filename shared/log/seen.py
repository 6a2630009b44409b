"""Which upstream events have come already, by (source, id), with the hash of what they said."""

from collections.abc import Collection, Sequence
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.bulk import copy_records, upsert_records
from shared.db.engine import driver_of
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
    conn: AsyncConnection, tables: WorkTables, names: Collection[Name]
) -> dict[Name, Seen]:
    """What is known of these (source, id) pairs, in one statement; of others, maybe, too."""
    if not names:
        return {}
    driver = await driver_of(conn)
    found = await driver.fetch(
        f"SELECT {', '.join(Seen._fields)} FROM {tables.seen.fullname} "
        "WHERE source = ANY($1::text[]) AND event_id = ANY($2::text[])",
        list({source for source, _ in names}),
        [event_id for _, event_id in names],
    )
    return {(row["source"], row["event_id"]): Seen(*row) for row in found}


async def save_seen(
    conn: AsyncConnection,
    tables: WorkTables,
    rows: Sequence[Seen],
    *,
    new: Collection[Name] = frozenset(),
) -> None:
    """Remember upstream events and what became of them; `new` are those known to be in no row yet."""
    latest = {(row.source, row.event_id): row for row in rows}
    names = sorted(latest)
    fresh = [latest[name] for name in names if name in new]
    await copy_records(conn, tables.seen, Seen._fields, fresh)
    again = [latest[name] for name in names if name not in new]
    await upsert_records(conn, tables.seen, Seen._fields, again, key=("source", "event_id"))
