"""What a partition's customers owe together, as it stands: one row per currency."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.storage import tables
from services.monitoring.storage.book import Total
from shared.chassis.memory import Memory
from shared.db.bulk import upsert_records
from shared.db.engine import driver_of

_COLUMNS = ("partition", "currency", "open_minor", "customers")
_ROWS = """
SELECT currency, open_minor, customers FROM monitoring.partition_total WHERE partition = $1
"""


async def load_totals(
    conn: AsyncConnection, partition: int, memory: Memory | None
) -> dict[str, Total]:
    """The totals by currency: as the last batch left them, or from their rows."""
    kept = None if memory is None else memory.whole
    if isinstance(kept, dict):
        return kept
    driver = await driver_of(conn)
    rows = await driver.fetch(_ROWS, partition)
    return {currency: Total(open=owed, customers=count) for currency, owed, count in rows}


async def save_totals(
    conn: AsyncConnection, totals: Mapping[str, Total], *, partition: int
) -> None:
    """Write the totals."""
    rows = [
        (partition, currency, total.open, total.customers)
        for currency, total in sorted(totals.items())
    ]
    await upsert_records(
        conn, tables.partition_total, _COLUMNS, rows, key=("partition", "currency")
    )
