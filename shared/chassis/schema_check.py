"""Whether the database is laid out for the code that runs on it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.doors import Doors
from shared.log.partitions import partition_count

_MISSING = text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS name WHERE to_regclass(name) IS NULL"
)


async def what_is_missing(conn: AsyncConnection, doors: Doors) -> str | None:
    """Why `obligor migrate` has to run first, or None."""
    own, log = doors.service.metadata, doors.tables.log.metadata
    names = [*own.tables, *log.tables]
    missing = list(await conn.scalars(_MISSING, {"names": names}))
    if missing:
        return f"not migrated: {len(missing)} tables are missing, such as {min(missing)}"
    found = await partition_count(conn, doors.tables.work)
    if found != doors.partitions:
        return f"laid out for {found} partitions, but OBLIGOR_PARTITIONS is {doors.partitions}"
    return None
