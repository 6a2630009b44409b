"""The table of watches: what monitoring keeps of a customer beside the account."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Column, Integer, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.watch import Watch
from services.monitoring.storage.book import Customer
from services.monitoring.storage.schema import METADATA
from shared.db.bulk import among, upsert_rows

watch = Table(
    "watch",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("state", Text, nullable=False, comment="Watch as JSON"),
)
_decoder = msgspec.json.Decoder(Watch)
_encoder = msgspec.json.Encoder(order="deterministic")


async def load_watches(conn: AsyncConnection, customers: Iterable[str]) -> dict[str, Watch]:
    """The watches of those customers that have one."""
    query = select(watch.c.customer_id, watch.c.state)
    found = await conn.execute(query.where(among(watch.c.customer_id, customers)))
    return {row.customer_id: read_watch(row.state) for row in found}


async def save_watches(
    conn: AsyncConnection, customers: Iterable[Customer], *, partition: int
) -> None:
    """Write the watches that are not stored as they are, in one statement."""
    rows = []
    for customer in customers:
        text = write_watch(customer.watch)
        if text != customer.watch_text:
            customer.watch_text = text
            row = {"customer_id": customer.customer_id, "partition": partition, "state": text}
            rows.append(row)
    await upsert_rows(conn, watch, rows, key=("customer_id",))


def write_watch(kept: Watch) -> str:
    """A watch as text: the same watch always gives the same text."""
    return _encoder.encode(kept).decode()


def read_watch(state: str) -> Watch:
    """A watch from its text."""
    return _decoder.decode(state)
