"""Whether upstream systems still speak, and what of it could not be used."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.storage.tables import fact
from shared.log.tables import WorkTables

PARKED = "parked"


async def newest_fact_on(conn: AsyncConnection, partition: int) -> date | None:
    """The day of the newest fact of a partition; None without any."""
    newest: date | None = await conn.scalar(
        select(func.max(fact.c.event_date)).where(fact.c.partition == partition)
    )
    return newest


async def parked_about(conn: AsyncConnection, work: WorkTables, customer_id: str) -> dict[str, int]:
    """How many records about a customer lie among the dead letters, by code."""
    letter = work.dead_letter
    found = await conn.execute(
        select(letter.c.code, func.count().label("letters"))
        .where(letter.c.key == customer_id, letter.c.status == PARKED)
        .group_by(letter.c.code)
        .order_by(letter.c.code)
    )
    return {row.code: row.letters for row in found}
