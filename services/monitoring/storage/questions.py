"""What is asked of monitoring's tables from outside a batch."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.domain.standing import Standing
from services.monitoring.storage import tables
from services.monitoring.storage.accounts import read_state
from services.monitoring.storage.known_facts import facts_by_customer
from services.monitoring.storage.reading import FactRow, stored_fact
from shared.contracts import catalogue
from shared.contracts.transactions import DayClosed
from shared.log.tables import LogTables, WorkTables


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCustomer:
    """A customer as its account has it now."""

    customer_id: str
    partition: int
    ledger: Ledger
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class FactStatus:
    """What became of a fact: applied|duplicate|conflict|parked|waiting, and where it is kept."""

    status: str
    customer_id: str | None = None
    kind: str | None = None
    event_date: date | None = None
    recorded_at: datetime | None = None


async def facts_of(
    conn: AsyncConnection, customer_id: str, *, known_at: datetime | None = None
) -> list[Fact]:
    """Every accepted fact of a customer that has come due and was known at a moment (None: now)."""
    found = await facts_by_customer(conn, [customer_id], known_at=known_at)
    return [stored_fact(row) for row in found[customer_id]]


async def waiting_of(conn: AsyncConnection, customer_id: str) -> list[FactRow]:
    """A customer's facts that are not due yet, by their day."""
    columns = [tables.waiting.c[name] for name in FactRow._fields]
    table = tables.waiting
    found = await conn.execute(
        select(*columns)
        .where(table.c.customer_id == customer_id)
        .order_by(table.c.event_date, table.c.kind, table.c.document)
    )
    return [FactRow(*row) for row in found]


async def account_of(conn: AsyncConnection, customer_id: str) -> KeptCustomer | None:
    """A customer's account as it stands; None if monitoring never heard of it."""
    table = tables.account
    found = await conn.execute(select(table).where(table.c.customer_id == customer_id))
    row = found.one_or_none()
    return None if row is None else _kept(row.customer_id, row.partition, row.state)


async def accounts_after(
    conn: AsyncConnection, after: str | None, *, limit: int
) -> list[KeptCustomer]:
    """Accounts by customer id, from after one on."""
    table = tables.account
    query = select(table).order_by(table.c.customer_id).limit(limit)
    if after is not None:
        query = query.where(table.c.customer_id > after)
    found = await conn.execute(query)
    return [_kept(row.customer_id, row.partition, row.state) for row in found]


async def status_of(
    conn: AsyncConnection, work: WorkTables, *, source: str, event_id: str
) -> FactStatus | None:
    """What became of a fact, by its source and id; None if no worker has seen it."""
    for table, status in ((tables.fact, "applied"), (tables.waiting, "waiting")):
        found = await conn.execute(
            select(
                table.c.customer_id, table.c.kind, table.c.event_date, table.c.recorded_at
            ).where(table.c.source == source, table.c.event_id == event_id)
        )
        row = found.first()
        if row is not None:
            return FactStatus(
                status=status,
                customer_id=row.customer_id,
                kind=row.kind,
                event_date=row.event_date,
                recorded_at=row.recorded_at,
            )
    seen = await conn.scalar(
        select(work.seen.c.status).where(
            work.seen.c.source == source, work.seen.c.event_id == event_id
        )
    )
    return None if seen is None else FactStatus(status=seen)


async def closed_days(conn: AsyncConnection, work: WorkTables) -> dict[int, date | None]:
    """The last closed day of each partition; None before the ledger has begun there."""
    table = work.partition_state
    found = await conn.execute(
        select(table.c.partition, table.c.closed_on).order_by(table.c.partition)
    )
    return {row.partition: row.closed_on for row in found}


async def last_marker(conn: AsyncConnection, log: LogTables) -> date | None:
    """The newest day whose close is in the log, worked off or not; None if there is none."""
    table = log.log
    value = await conn.scalar(
        select(table.c.value)
        .where(
            table.c.topic == catalogue.TRANSACTIONS,
            table.c.partition == 0,
            table.c.headers["ce_type"].astext == catalogue.DAY_CLOSED,
        )
        .order_by(table.c.offset.desc())
        .limit(1)
    )
    return None if value is None else msgspec.json.decode(value, type=DayClosed).date


def _kept(customer_id: str, partition: int, state: bytes) -> KeptCustomer:
    kept = read_state(state)
    return KeptCustomer(
        customer_id=customer_id, partition=partition, ledger=kept.ledger, standing=kept.standing
    )
