"""An Idempotency-Key is honoured once: the first request's answer is every repetition's answer."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    and_,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSON, TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.kernel.errors import ConflictError, InvalidInputError, ObligorError

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
REMEMBERED = timedelta(hours=24)
_LONGEST = 255


class IdempotencyMismatchError(ObligorError):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used for another request; take a fresh one")


class StillInFlightError(ConflictError):
    """The first request with this Idempotency-Key has not been decided yet."""

    code = "idempotency_in_flight"

    def __init__(self) -> None:
        super().__init__("the first request with this Idempotency-Key is still being decided")


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose key it is, and a digest of the request it came with."""

    person: str
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class EarlierRequest:
    """What became of the first request: an answer at once, or a command to look up."""

    status: int | None
    answer: object
    command_id: str | None


def claim_table(metadata: MetaData) -> Table:
    """The table of a service's idempotency keys."""
    return Table(
        "idempotent_request",
        metadata,
        Column("person", Text, primary_key=True),
        Column("idempotency_key", Text, primary_key=True),
        Column("request_hash", LargeBinary, nullable=False),
        Column("command_id", Text),
        Column("status", Integer),
        Column("answer", JSON),
        Column("claimed_at", TIMESTAMP(timezone=True), nullable=False, server_default=func.now()),
        keep_existing=True,
    )


def checked_key(text: str | None) -> str | None:
    """The Idempotency-Key header's value. Raises `InvalidInputError` for an absurd one."""
    if text is None:
        return None
    if not text.strip() or len(text) > _LONGEST:
        rule = f"must have 1 to {_LONGEST} characters"
        raise InvalidInputError(field=HEADER, value=text[:_LONGEST], rule=rule)
    return text


def request_hash(method: str, path: str, body: bytes) -> bytes:
    """The digest by which two requests are the same one."""
    return sha256(b"\n".join((method.encode(), path.encode(), body))).digest()


async def take(conn: AsyncConnection, table: Table, claim: Claim) -> EarlierRequest | None:
    """Claim a key for this request, or find the request that had it first.

    A second request with the key waits here until the first one's transaction has ended. Raises
    `IdempotencyMismatchError` when the first request was another one.
    """
    if await _taken_afresh(conn, table, claim):
        return None
    row = (await conn.execute(select(table).where(_is(table, claim)))).one()
    if row.request_hash != claim.request_hash:
        raise IdempotencyMismatchError
    return EarlierRequest(status=row.status, answer=row.answer, command_id=row.command_id)


async def _taken_afresh(conn: AsyncConnection, table: Table, claim: Claim) -> bool:
    values = {"request_hash": claim.request_hash, "claimed_at": func.now()}
    taken = insert(table).values(person=claim.person, idempotency_key=claim.key, **values)
    taken = taken.on_conflict_do_update(
        index_elements=["person", "idempotency_key"],
        set_={**values, "command_id": None, "status": None, "answer": None},
        where=table.c.claimed_at < func.now() - REMEMBERED,
    )
    return (await conn.execute(taken.returning(table.c.person))).first() is not None


def _is(table: Table, claim: Claim) -> ColumnElement[bool]:
    return and_(table.c.person == claim.person, table.c.idempotency_key == claim.key)


async def settle(
    conn: AsyncConnection, table: Table, claim: Claim, outcome: EarlierRequest
) -> None:
    """Keep what became of the request, in the transaction that did it."""
    await conn.execute(
        update(table)
        .where(_is(table, claim))
        .values(status=outcome.status, answer=outcome.answer, command_id=outcome.command_id)
    )


async def forget_old(conn: AsyncConnection, table: Table) -> None:
    """Take out keys older than a day; housekeeping calls this now and then."""
    await conn.execute(table.delete().where(table.c.claimed_at < func.now() - REMEMBERED))
