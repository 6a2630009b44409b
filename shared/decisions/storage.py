"""Where decisions are kept, and the questions asked of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Index,
    MetaData,
    Table,
    Text,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.bulk import insert_rows
from shared.decisions.stored import StoredDecision
from shared.kernel.errors import NotFoundError

_TABLE = "decision"
_FIELDS = tuple(field.name for field in msgspec.structs.fields(StoredDecision))


@dataclass(frozen=True, slots=True)
class DecisionQuestion:
    """Which decisions are asked for; what is None does not matter. Newest first."""

    customer_id: str | None = None
    correlation_id: str | None = None
    cause_id: str | None = None
    kind: str | None = None
    older_than: tuple[datetime, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A stored decision and the moment it was written."""

    decision: StoredDecision
    recorded_at: datetime


def decision_table(metadata: MetaData) -> Table:
    """The table of a service's decisions. JSON is kept as text, so that it stays bit for bit."""
    known = metadata.tables.get(f"{metadata.schema}.{_TABLE}")
    if known is not None:
        return known
    texts = [
        Column(name, Text, nullable=False)
        for name in _FIELDS
        if name not in {"decision_id", "as_of"}
    ]
    return Table(
        _TABLE,
        metadata,
        Column("decision_id", Text, primary_key=True),
        Column("as_of", Date, nullable=False),
        *texts,
        Column("recorded_at", TIMESTAMP(timezone=True), nullable=False, server_default=func.now()),
        Index(None, "customer_id", "recorded_at"),
        Index(None, "correlation_id"),
        Index(None, "cause_id"),
    )


async def save_decisions(
    conn: AsyncConnection, table: Table, decisions: Sequence[StoredDecision]
) -> None:
    """Keep a batch's decisions, in one statement."""
    await insert_rows(conn, table, [msgspec.structs.asdict(each) for each in decisions])


async def find_decision(conn: AsyncConnection, table: Table, decision_id: str) -> KeptDecision:
    """The decision of that id. Raises `NotFoundError`."""
    found = await conn.execute(select(table).where(table.c.decision_id == decision_id))
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFoundError(kind="decision", name=decision_id)
    return _kept(dict(row))


async def find_decisions(
    conn: AsyncConnection, table: Table, question: DecisionQuestion
) -> Sequence[KeptDecision]:
    """The decisions asked for, newest first."""
    newest = (table.c.recorded_at.desc(), table.c.decision_id.desc())
    wanted = select(table).where(*_conditions(table, question)).order_by(*newest)
    found = await conn.execute(wanted.limit(question.limit))
    return [_kept(dict(row)) for row in found.mappings()]


def _conditions(table: Table, question: DecisionQuestion) -> list[ColumnElement[bool]]:
    asked = {name: getattr(question, name) for name in ("customer_id", "cause_id", "kind")}
    conditions = [table.c[name] == value for name, value in asked.items() if value is not None]
    chain = question.correlation_id
    if chain is not None:
        conditions.append(table.c.correlation_id == chain)
    if question.older_than is not None:
        place = tuple_(table.c.recorded_at, table.c.decision_id)
        conditions.append(place < question.older_than)
    return conditions


def _kept(row: dict[str, object]) -> KeptDecision:
    recorded_at = row.pop("recorded_at")
    if not isinstance(recorded_at, datetime):
        raise TypeError
    plain = {
        str(name): value for name, value in row.items()
    }  # SQLAlchemy's names are not plain str
    return KeptDecision(msgspec.convert(plain, StoredDecision), recorded_at)
