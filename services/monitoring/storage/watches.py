"""What is said of customers and watched, for questions: their rows without the ledgers."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.watching.watch import Watch
from services.monitoring.storage.accounts import read_shown
from services.monitoring.storage.tables import account
from shared.db.bulk import among


async def load_states(conn: AsyncConnection, customers: Iterable[str]) -> dict[str, bytes]:
    """The states of those customers that have a row, not decoded yet."""
    query = select(account.c.customer_id, account.c.state)
    found = await conn.execute(query.where(among(account.c.customer_id, customers)))
    return {row.customer_id: row.state for row in found}


async def load_watches(conn: AsyncConnection, customers: Iterable[str]) -> dict[str, Watch]:
    """The watches of those customers that have a row."""
    states = await load_states(conn, customers)
    return {name: read_shown(state).watch for name, state in states.items()}
