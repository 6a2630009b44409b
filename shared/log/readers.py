"""Who still reads a log, how far behind they are, and what of the log may go."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.log.tables import LogTables

KEPT_DAYS = 14


class ReaderLag(NamedTuple):
    """How many records of a partition of a topic a service has not applied yet."""

    topic: str
    partition: int
    lag: int


async def report_progress(
    conn: AsyncConnection, service: str, logs: Sequence[tuple[str, str]]
) -> None:
    """Write a service's checkpoints into the logs it reads, so that they are not pruned too early.

    `logs` are (topic, log schema) pairs. Readers are registered by their first report.
    """
    for topic, schema in logs:
        await conn.execute(
            text(
                f'INSERT INTO "{schema}".log_reader (group_name, topic, partition, position) '
                "SELECT CAST(:reader AS text), topic, partition, log_offset + 1 "
                f'FROM "{service}".checkpoint WHERE topic = :topic '
                "ON CONFLICT (group_name, topic, partition) DO UPDATE "
                "SET position = excluded.position, moved_at = clock_timestamp()"
            ),
            {"reader": service, "topic": topic},
        )


async def prune(conn: AsyncConnection, service: str) -> int:
    """Take out rows older than fourteen days that every registered reader has passed."""
    schema = f"{service}_log"
    gone = await conn.execute(
        text(
            f'DELETE FROM "{schema}".log AS l '
            "WHERE l.appended_at < now() - make_interval(days => :days) AND NOT EXISTS ("
            f'SELECT 1 FROM "{schema}".log_reader AS r WHERE r.topic = l.topic '
            'AND r.partition = l.partition AND r.position <= l."offset")'
        ),
        {"days": KEPT_DAYS},
    )
    return gone.rowcount


async def lags(
    conn: AsyncConnection, service: str, logs: Sequence[tuple[str, str]]
) -> list[ReaderLag]:
    """How far a service is behind each log it reads directly."""
    found: list[ReaderLag] = []
    for topic, schema in logs:
        rows = await conn.execute(
            text(
                "SELECT h.partition, h.next_offset - coalesce(c.log_offset + 1, 0) AS lag "
                f'FROM "{schema}".log_head h LEFT JOIN "{service}".checkpoint c '
                "ON c.topic = h.topic AND c.partition = h.partition WHERE h.topic = :topic"
            ),
            {"topic": topic},
        )
        found += [ReaderLag(topic, row.partition, row.lag) for row in rows]
    return found


async def positions_of(
    conn: AsyncConnection, tables: LogTables, reader: str
) -> dict[tuple[str, int], int]:
    """How far a registered reader of this log is, by (topic, partition)."""
    table = tables.reader
    found = await conn.execute(select(table).where(table.c.group_name == reader))
    return {(row.topic, row.partition): row.position for row in found}


async def drop_reader(conn: AsyncConnection, service: str, reader: str) -> int:
    """Forget a reader that will not come back, so that it no longer holds the log; returns its rows."""
    dropped = await conn.execute(
        text(f'DELETE FROM "{service}_log".log_reader WHERE group_name = :reader'),
        {"reader": reader},
    )
    return dropped.rowcount
