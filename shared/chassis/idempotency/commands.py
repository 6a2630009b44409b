"""Commands: what a person asked for, and what the worker answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

import msgspec
from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    TableValuedAlias,
    Text,
    cast,
    column,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection

_moment = TIMESTAMP(timezone=True)


class CommandStatus(StrEnum):
    """How far a command has come."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says to a command: the HTTP status and JSON body its sender gets."""

    command_id: str
    http_status: int
    body: object

    @property
    def status(self) -> CommandStatus:
        """Done, or refused when the HTTP status is an error's."""
        refused = self.http_status >= HTTPStatus.BAD_REQUEST
        return CommandStatus.REFUSED if refused else CommandStatus.DONE


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it is kept."""

    command_id: str
    name: str
    customer_id: str
    person: str
    status: CommandStatus
    http_status: int | None
    answer: object
    submitted_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Submission:
    """A command on its way in."""

    command_id: str
    name: str
    customer_id: str
    person: str
    key_id: str
    payload: bytes
    idempotency_key: str | None = None
    request_hash: bytes | None = field(default=None, repr=False)


def command_table(metadata: MetaData) -> Table:
    """The table of a service's commands."""
    name = "command"
    known = metadata.tables.get(f"{metadata.schema}.{name}")
    if known is not None:
        return known
    return Table(
        name,
        metadata,
        Column("command_id", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("customer_id", Text, nullable=False),
        Column("person", Text, nullable=False),
        Column("key_id", Text, nullable=False),
        Column("idempotency_key", Text),
        Column("request_hash", LargeBinary),
        Column("payload", JSONB, nullable=False),
        Column("status", Text, nullable=False, server_default=CommandStatus.PENDING.value),
        Column("http_status", Integer),
        Column("answer", JSON),
        Column("submitted_at", _moment, nullable=False, server_default=func.now()),
        Column("decided_at", _moment),
        Index(None, "customer_id"),
    )


async def add_command(conn: AsyncConnection, table: Table, submission: Submission) -> None:
    """Write a pending command."""
    await conn.execute(
        table.insert().values(
            command_id=submission.command_id,
            name=submission.name,
            customer_id=submission.customer_id,
            person=submission.person,
            key_id=submission.key_id,
            idempotency_key=submission.idempotency_key,
            request_hash=submission.request_hash,
            payload=msgspec.json.decode(submission.payload),
        )
    )


async def find_command(conn: AsyncConnection, table: Table, command_id: str) -> Command | None:
    """The command of that id."""
    columns = [table.c[name] for name in Command.__dataclass_fields__]
    found = await conn.execute(select(*columns).where(table.c.command_id == command_id))
    row = found.mappings().one_or_none()
    if row is None:
        return None
    return Command(**{**row, "status": CommandStatus(row["status"])})


async def record_answers(conn: AsyncConnection, table: Table, answers: Sequence[Answer]) -> None:
    """Write what a batch's commands came to, in the batch's own transaction, in one statement."""
    if not answers:
        return
    decided = _as_rows(answers)
    await conn.execute(
        update(table)
        .where(table.c.command_id == decided.c.command_id)
        .values(
            status=decided.c.status,
            http_status=decided.c.http_status,
            answer=cast(decided.c.body, JSON),
            decided_at=func.now(),
        )
    )


def _as_rows(answers: Sequence[Answer]) -> TableValuedAlias:
    """Answers as rows of a table, whatever their number: one array for each column."""
    arrays: list[tuple[str, type[Text | Integer], list[str] | list[int]]] = [
        ("command_id", Text, [answer.command_id for answer in answers]),
        ("status", Text, [answer.status.value for answer in answers]),
        ("http_status", Integer, [answer.http_status for answer in answers]),
        ("body", Text, [msgspec.json.encode(answer.body).decode() for answer in answers]),
    ]
    rows = func.unnest(*(literal(values, ARRAY(kind)) for _, kind, values in arrays))
    columns = [column(name, kind) for name, kind, _ in arrays]
    return rows.table_valued(*columns, name="decided").render_derived()
