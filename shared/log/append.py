"""Append to a service's own log: gapless offsets in commit order, by the lock on each head row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event
from shared.db.bulk import copy_records
from shared.db.engine import driver_of
from shared.kernel.errors import InvalidInputError
from shared.kernel.values import quick
from shared.log.tables import LogTables

Head = tuple[str, int]
"""A topic and one of its partitions."""
_NUL = r"\u0000"
_COLUMNS = ("topic", "partition", "offset", "key", "headers", "value")


@quick
@dataclass(frozen=True, slots=True)
class Entry:
    """One record to append: where to, and what."""

    topic: str
    partition: int
    key: str
    headers: Mapping[str, str]
    value: bytes


def headers_of(envelope: Envelope) -> dict[str, str]:
    """The envelope as CloudEvents headers, binary mode."""
    return {
        "ce_specversion": "1.0",
        "ce_id": envelope.id,
        "ce_source": envelope.source,
        "ce_type": envelope.type,
        "ce_time": envelope.time.isoformat(),
        "ce_subject": envelope.subject,
        "ce_correlationid": envelope.correlation_id,
        "ce_causationid": envelope.causation_id,
        "ce_causationdepth": str(envelope.depth),
        "content-type": "application/json",
    }


def entry_of(envelope: Envelope, event: Event, *, topic: str, partition: int) -> Entry:
    """An event as a log entry; its key is the customer."""
    return Entry(topic, partition, envelope.subject, headers_of(envelope), catalogue.encode(event))


async def append(conn: AsyncConnection, tables: LogTables, entries: Sequence[Entry]) -> None:
    """Append entries in their order, as the last thing a transaction does.

    Head rows are locked in ascending (topic, partition) order, so that writers never deadlock.
    """
    if not entries:
        return
    places = sorted({(entry.topic, entry.partition) for entry in entries})
    by_place: dict[Head, list[Entry]] = {place: [] for place in places}
    for entry in entries:
        by_place[entry.topic, entry.partition].append(entry)
    ends = await _take_offsets(conn, tables, {place: len(by_place[place]) for place in places})
    records: list[tuple[object, ...]] = []
    for place in places:
        mine = by_place[place]
        records.extend(_records(mine, ends[place] - len(mine)))
    await copy_records(conn, tables.log, _COLUMNS, records)


async def _take_offsets(
    conn: AsyncConnection, tables: LogTables, counts: Mapping[Head, int]
) -> dict[Head, int]:
    """Take so many offsets of each place, in their order; where each one's log goes on then."""
    driver = await driver_of(conn)
    taken = await driver.fetch(
        f"INSERT INTO {tables.head.fullname} AS head (topic, partition, next_offset) "
        "SELECT topic, partition, count "
        "FROM unnest($1::text[], $2::int[], $3::bigint[]) "
        "WITH ORDINALITY AS wanted(topic, partition, count, place) ORDER BY place "
        "ON CONFLICT (topic, partition) "
        "DO UPDATE SET next_offset = head.next_offset + excluded.next_offset "
        "RETURNING topic, partition, next_offset",
        [topic for topic, _ in counts],
        [partition for _, partition in counts],
        list(counts.values()),
    )
    return {(topic, partition): next_offset for topic, partition, next_offset in taken}


def _records(entries: Iterable[Entry], first: int) -> Iterable[tuple[object, ...]]:
    for offset, entry in enumerate(entries, start=first):
        yield (entry.topic, entry.partition, offset, entry.key, _written(entry), entry.value)


def _written(entry: Entry) -> str:
    """The headers as JSON. Raises `InvalidInputError` for a NUL, which no text of the database may hold."""
    headers = msgspec.json.encode(entry.headers).decode()
    if _NUL in headers and any("\x00" in value for value in entry.headers.values()):
        raise InvalidInputError(field="headers", value="…", rule="must not contain NUL")
    return headers


async def heads(conn: AsyncConnection, tables: LogTables) -> dict[Head, int]:
    """The next offset of every (topic, partition) of a log."""
    found = await conn.execute(select(tables.head))
    return {(row.topic, row.partition): row.next_offset for row in found}
