"""How far a service has read: one row per (topic, partition), moved as a batch ends (`partitions.advance`)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.engine import driver_of
from shared.kernel.values import quick
from shared.log.tables import WorkTables


@quick
@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`position`: where the transport resumes. `log_offset`: the publisher's last offset applied.

    `cursor` is the customer up to whom a day that closes in parts is closed; empty before the first
    part, None where no close has begun.
    """

    position: int = 0
    log_offset: int = -1
    cursor: str | None = None


async def load_checkpoints(
    conn: AsyncConnection, tables: WorkTables, partition: int
) -> dict[str, Checkpoint]:
    """The checkpoints of one partition by topic; its lock has been taken in this transaction."""
    driver = await driver_of(conn)
    found = await driver.fetch(
        "SELECT topic, position, log_offset, cursor "
        f'FROM "{tables.checkpoint.schema}".checkpoint WHERE partition = $1',
        partition,
    )
    return {topic: Checkpoint(*where) for topic, *where in found}


def cursor_of(checkpoints: Iterable[Checkpoint]) -> str | None:
    """How far the close of a day has come in a partition; None outside one."""
    return next((each.cursor for each in checkpoints if each.cursor is not None), None)


async def all_checkpoints(
    conn: AsyncConnection, tables: WorkTables
) -> dict[tuple[str, int], Checkpoint]:
    """Every checkpoint of a service, for the positions a door shows."""
    found = await conn.execute(select(tables.checkpoint))
    return {
        (row.topic, row.partition): Checkpoint(row.position, row.log_offset, row.cursor)
        for row in found
    }
