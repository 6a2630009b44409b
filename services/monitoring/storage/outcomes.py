"""The tables of what the warnings are judged by, and of what people decided when they were found poor.

Outcomes are written as they happen, a few rows a year for a customer that fails.
"""

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlalchemy import Column, Date, Index, Integer, Table, Text, func, select
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.learning.outcomes import Outcome
from services.monitoring.storage.schema import METADATA
from shared.db.bulk import insert_rows
from shared.decisions.stored import canonical_json

outcome = Table(
    "outcome",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True, comment="default|long_overdue|write_off|cure"),
    Column("on", Date, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("exposure", JSONB, nullable=False, comment="at stake, by currency in minor units"),
    Index(None, "on"),
    comment="what became of customers, for the scorecard of the warnings",
)

proposal_decision = Table(
    "proposal_decision",
    METADATA,
    Column("proposal_id", Text, primary_key=True),
    Column("decided_on", Date, primary_key=True, comment="the business day"),
    Column("verdict", Text, nullable=False, comment="accepted|dismissed"),
    Column("proposal", JSONB, nullable=False, comment="as it was decided on"),
    Column("policy_version", Text, comment="the draft that was made of it"),
    Column("decided_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_at", TIMESTAMP(timezone=True), nullable=False, server_default=func.now()),
    comment="what people decided on proposals to retune or retire indicators",
)


async def save_outcomes(
    conn: AsyncConnection, outcomes: Sequence[Outcome], *, partition: int
) -> None:
    """Write outcomes, in one statement; the same one twice is one."""
    rows = [
        {
            "customer_id": each.customer_id,
            "kind": each.kind.value,
            "on": each.on,
            "partition": partition,
            "exposure": canonical_json(each.exposure),
        }
        for each in outcomes
    ]
    await insert_rows(conn, outcome, rows, ignore_existing=True)


async def find_outcomes(conn: AsyncConnection, *, first: date, last: date) -> list[Outcome]:
    """What happened in a span of days, both included, by customer and day."""
    table = outcome
    columns = (table.c.customer_id, table.c.kind, table.c.on, table.c.exposure)
    query = select(*columns).where(table.c.on >= first, table.c.on <= last)
    found = await conn.execute(query.order_by(table.c.customer_id, table.c.on, table.c.kind))
    rows = ({str(name): value for name, value in row.items()} for row in found.mappings())
    return [msgspec.convert(row, Outcome) for row in rows]
