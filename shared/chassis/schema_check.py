"""Whether the database is laid out for the code that runs on it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.doors import Doors
from shared.db.faults import is_transient
from shared.db.migrate import PartitionCountError
from shared.log.partitions import partition_count

_MISSING = text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS name WHERE to_regclass(name) IS NULL"
)


async def refuse_another_layout(doors: Doors) -> None:
    """Refuse to start on a database laid out for another number of partitions.

    Every customer's place follows from the count: a record appended under another one would lie in
    the wrong place. A database that is away or not migrated yet only makes the process unready.
    Raises `PartitionCountError`.
    """
    found = await _layout(doors)
    if found not in {0, doors.partitions}:
        raise PartitionCountError(doors.service.name, found=found, wanted=doors.partitions)


async def what_is_missing(conn: AsyncConnection, doors: Doors) -> str | None:
    """Why `obligor migrate` has to run first, or None."""
    missing = await _missing(conn, [*doors.service.metadata.tables, *_log_tables(doors)])
    if missing:
        return f"not migrated: {len(missing)} tables are missing, such as {min(missing)}"
    found = await partition_count(conn, doors.tables.work)
    if found != doors.partitions:
        return f"laid out for {found} partitions, but OBLIGOR_PARTITIONS is {doors.partitions}"
    return None


async def _layout(doors: Doors) -> int:
    """The number of partitions in the database; 0 where that cannot be told yet."""
    states = str(doors.tables.work.partition_state)
    try:
        async with doors.reading() as conn:
            if await _missing(conn, [states]):
                return 0
            return await partition_count(conn, doors.tables.work)
    except Exception as error:
        if not is_transient(error):
            raise
        return 0


async def _missing(conn: AsyncConnection, names: list[str]) -> list[str]:
    return list(await conn.scalars(_MISSING, {"names": names}))


def _log_tables(doors: Doors) -> list[str]:
    return list(doors.tables.log.metadata.tables)
