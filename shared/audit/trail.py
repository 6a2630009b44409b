"""What people and keys did, for good: rows go in, none is changed or taken out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Identity,
    Index,
    MetaData,
    Table,
    Text,
    event,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection

_TABLE: Final = "audit"
_REFUSAL: Final = (
    "BEGIN RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME "
    "USING ERRCODE = 'insufficient_privilege'; END"
)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed: who, with which key, did what to what. `detail` holds no secrets."""

    person: str
    key_id: str
    action: str
    subject: str
    request_id: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An entry as it is kept; `sequence` grows with time."""

    sequence: int
    at: datetime
    person: str
    key_id: str
    action: str
    subject: str
    request_id: str
    detail: Mapping[str, object]


def audit_table(metadata: MetaData) -> Table:
    """The table of a service's audit trail; PostgreSQL itself refuses to change its rows."""
    known = metadata.tables.get(f"{metadata.schema}.{_TABLE}")
    if known is not None:
        return known
    table = Table(
        _TABLE,
        metadata,
        Column("sequence", BigInteger, Identity(always=True), primary_key=True),
        Column("at", TIMESTAMP(timezone=True), nullable=False, server_default=func.now()),
        Column("person", Text, nullable=False),
        Column("key_id", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("request_id", Text, nullable=False),
        Column("detail", JSONB, nullable=False),
        Index(None, "subject"),
    )
    for statement in append_only(str(metadata.schema), _TABLE):
        event.listen(table, "after_create", _running(statement))
    return table


def _running(statement: str) -> Callable[..., None]:
    def run(_table: Table, conn: Connection, **_: object) -> None:
        """Run the statement, once the table is made."""
        conn.exec_driver_sql(statement)

    return run


def append_only(schema: str, table: str) -> tuple[str, ...]:
    """The statements that make PostgreSQL refuse UPDATE, DELETE and TRUNCATE on a table."""
    refuse = f'"{schema}".refuse_change()'
    target = f'"{schema}"."{table}"'
    function = f"CREATE OR REPLACE FUNCTION {refuse} RETURNS trigger LANGUAGE plpgsql AS $$"
    rows = f"CREATE OR REPLACE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {target} "
    whole = f"CREATE OR REPLACE TRIGGER {table}_stays BEFORE TRUNCATE ON {target} "
    return (
        f"{function}{_REFUSAL}$$",
        f"{rows}FOR EACH ROW EXECUTE FUNCTION {refuse}",
        f"{whole}FOR EACH STATEMENT EXECUTE FUNCTION {refuse}",
    )


async def record(conn: AsyncConnection, table: Table, entry: AuditEntry) -> None:
    """Write an entry, inside the transaction that does the deed."""
    await conn.execute(
        table.insert().values(
            person=entry.person,
            key_id=entry.key_id,
            action=entry.action,
            subject=entry.subject,
            request_id=entry.request_id,
            detail=msgspec.to_builtins(entry.detail),
        )
    )


async def read_trail(
    conn: AsyncConnection, table: Table, *, before: int | None, limit: int
) -> Sequence[AuditRecord]:
    """The newest entries first, older than sequence `before`."""
    wanted = select(table).order_by(table.c.sequence.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(table.c.sequence < before)
    return [AuditRecord(**row) for row in (await conn.execute(wanted)).mappings()]
