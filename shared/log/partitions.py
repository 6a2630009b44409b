"""Who owns a partition: the row that a batch locks first, and the fence that stops a zombie."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.engine import driver_of
from shared.log.checkpoints import Checkpoint
from shared.log.tables import WorkTables

LEASE_SECONDS = 10


class FencedError(Exception):
    """Another worker has taken the partition over: drop everything about it, write nothing."""

    def __init__(self, partition: int, *, mine: int, found: int | None) -> None:
        super().__init__(f"partition {partition} is at epoch {found}, this worker had {mine}")


class TransportChangedError(Exception):
    """The partition has been read over another transport: the positions it kept mean nothing here."""

    def __init__(self, partition: int, *, mine: str, found: str) -> None:
        super().__init__(
            f"partition {partition} has been read over {found}, and {mine} counts positions "
            f"otherwise: set OBLIGOR_TRANSPORT={found}, or begin with an empty database"
        )


@dataclass(frozen=True, slots=True)
class PartitionState:
    """A locked partition: its version (one more with each batch) and its last closed day."""

    partition: int
    epoch: int
    version: int
    closed_on: date | None


async def take_over(
    conn: AsyncConnection, tables: WorkTables, partition: int, *, owner: str, transport: str
) -> int:
    """Make a partition this worker's; returns the epoch that fences everyone before it.

    Where leases rule, `owner` stays the lease's holder, or its lease could not be prolonged. Raises
    `TransportChangedError` where batches have been worked off over another transport.
    """
    table = tables.partition_state
    leased = table.c.lease_until > func.now()
    untouched = or_(table.c.version == 0, table.c.transport.is_(None))
    taken = (
        update(table)
        .where(table.c.partition == partition)
        .values(
            owner=case((leased, table.c.owner), else_=owner),
            epoch=table.c.epoch + 1,
            transport=case((untouched, transport), else_=table.c.transport),
        )
        .returning(table.c.epoch, table.c.transport)
    )
    row = (await conn.execute(taken)).one()
    if row.transport != transport:
        raise TransportChangedError(partition, mine=transport, found=row.transport)
    return int(row.epoch)


async def lock(
    conn: AsyncConnection, tables: WorkTables, partition: int, epoch: int
) -> PartitionState:
    """Lock a partition for a batch. Raises `FencedError` when the epoch is not this worker's."""
    locking = _locking(tables.partition_state)
    row = (await conn.execute(locking, {"number": partition})).one_or_none()
    if row is None or row.epoch != epoch:
        raise FencedError(partition, mine=epoch, found=row.epoch if row else None)
    return PartitionState(partition, row.epoch, row.version, row.closed_on)


async def advance(
    conn: AsyncConnection,
    tables: WorkTables,
    state: PartitionState,
    *,
    closed_on: date | None,
    moved: Mapping[str, Checkpoint],
) -> None:
    """Count the batch, move its checkpoints, remember the last closed day, and prolong the lease where leases rule.

    While a batch runs its row is locked, and so out of the reach of whoever renews or takes leases.
    """
    driver = await driver_of(conn)
    await driver.execute(
        _advancing(tables),
        state.partition,
        state.epoch,
        state.version + 1,
        closed_on,
        timedelta(seconds=LEASE_SECONDS),
        list(moved),
        [each.position for each in moved.values()],
        [each.log_offset for each in moved.values()],
        [each.cursor for each in moved.values()],
    )


def _advancing(tables: WorkTables) -> str:
    return (
        f"WITH moved AS (INSERT INTO {tables.checkpoint.fullname} "
        "(topic, partition, position, log_offset, cursor) "
        "SELECT topic, $1, position, log_offset, cursor "
        "FROM unnest($6::text[], $7::bigint[], $8::bigint[], $9::text[]) "
        "AS rows(topic, position, log_offset, cursor) ON CONFLICT (topic, partition) DO UPDATE "
        "SET position = excluded.position, log_offset = excluded.log_offset, "
        "cursor = excluded.cursor) "
        f"UPDATE {tables.partition_state.fullname} "
        "SET version = $3, closed_on = $4, lease_until = CASE WHEN lease_until IS NOT NULL "
        "THEN clock_timestamp() + $5::interval END WHERE partition = $1 AND epoch = $2"
    )


@cache
def _locking(table: Table) -> Select[Any]:
    """The statement that every batch begins with: built once, for that takes longer than to run it."""
    wanted = select(table.c.epoch, table.c.version, table.c.closed_on)
    return wanted.where(table.c.partition == bindparam("number")).with_for_update()


async def partition_count(conn: AsyncConnection, tables: WorkTables) -> int:
    """How many partitions this service was migrated for."""
    counted = select(func.count()).select_from(tables.partition_state)
    return int((await conn.execute(counted)).scalar_one())


async def newest_closed_day(
    conn: AsyncConnection, tables: WorkTables, *, hold: bool = False
) -> date | None:
    """The last day that any partition has closed; None before the ledger begins.

    With `hold` no partition can close another one until the transaction ends.
    """
    table = tables.partition_state
    wanted = select(table.c.closed_on).order_by(table.c.partition)
    found = await conn.scalars(wanted.with_for_update(read=True) if hold else wanted)
    return max((day for day in found if day is not None), default=None)
