"""Whether the sums over all customers are still the sums of what each of them is said to owe.

Every change moves both by the same, so what they differ by stays what it is while work goes on: it is
measured on one consistent look at the tables, at leisure, and taken off later.
"""

from asyncio import to_thread
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.storage import tables
from services.monitoring.storage.accounts import read_standing

_AT_ONCE = 2000
Place = tuple[int, str]
"""A partition and a currency."""


@dataclass(slots=True, kw_only=True)
class Sums:
    """What customers owe, in minor units, and how many owe it, by partition and currency."""

    open: Counter[Place] = field(default_factory=Counter)
    customers: Counter[Place] = field(default_factory=Counter)

    def take(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Add customers, each by its partition and kept state."""
        for partition, state in rows:
            for currency, owed in read_standing(state).open.items():
                self.open[partition, currency] += owed
                self.customers[partition, currency] += bool(owed)


async def drift_of(conn: AsyncConnection) -> dict[Place, tuple[int, int]]:
    """By how much the kept sums are too high: amount in minor units, and customers.

    The connection must show one moment throughout. Places without a difference are left out.
    """
    sums = Sums()
    async for rows in _states(conn):
        await to_thread(sums.take, rows)
    table, drift = tables.partition_total, {}
    for row in await conn.execute(select(table)):
        place = (row.partition, row.currency)
        off = (row.open_minor - sums.open.pop(place, 0), row.customers - sums.customers[place])
        drift[place] = off
    missing = {place: (-owed, -sums.customers[place]) for place, owed in sums.open.items()}
    return {place: off for place, off in (drift | missing).items() if off != (0, 0)}


async def _states(conn: AsyncConnection) -> AsyncIterator[list[tuple[int, bytes]]]:
    table, after = tables.account, ""
    columns = select(table.c.customer_id, table.c.partition, table.c.state)
    while True:
        query = columns.where(table.c.customer_id > after).order_by(table.c.customer_id)
        rows = list(await conn.execute(query.limit(_AT_ONCE)))
        if not rows:
            return
        after = rows[-1].customer_id
        yield [(row.partition, row.state) for row in rows]
