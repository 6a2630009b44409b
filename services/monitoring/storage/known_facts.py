"""The accepted facts of some customers, as they were known at a moment."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.storage import tables
from services.monitoring.storage.reading import FactRow
from shared.db.bulk import among


async def facts_by_customer(
    conn: AsyncConnection, customers: Iterable[str], *, known_at: datetime | None = None
) -> dict[str, list[FactRow]]:
    """The accepted facts of some customers that were known at a moment (None: all)."""
    found: dict[str, list[FactRow]] = {customer_id: [] for customer_id in customers}
    if not found:
        return found
    table = tables.fact
    query = select(*(table.c[name] for name in FactRow._fields))
    query = query.where(among(table.c.customer_id, sorted(found)))
    if known_at is not None:
        query = query.where(table.c.recorded_at <= known_at)
    for row in await conn.execute(query):
        fact = FactRow(*row)
        found[fact.customer_id].append(fact)
    return found
