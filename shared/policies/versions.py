"""Policy versions as people make them: drafted by one, approved by another, in force from a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    MetaData,
    Table,
    Text,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.engine import driver_of
from shared.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from shared.policies.book import PolicyBook, PolicyVersion, read_policy, shipped

_NOT_A_NAME = "current"
PolicyT = TypeVar("PolicyT")
PolicyT_co = TypeVar("PolicyT_co", covariant=True)
_TABLE = "policy_version"
_moment = TIMESTAMP(timezone=True)


class PolicyState(StrEnum):
    """How far a version has come; nothing leads back."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"


class PolicyOwner(Protocol[PolicyT_co]):
    """A service, as far as policies are concerned."""

    @property
    def metadata(self) -> MetaData:
        """Where its tables are declared."""
        ...

    @property
    def policy(self) -> type[PolicyT_co]:
        """The dataclass its policies are read into."""
        ...

    @property
    def policy_file(self) -> Path:
        """The default policy that ships with it."""
        ...


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A version on its way in. `body` is YAML or JSON text, already found valid."""

    version: str
    effective_from: date
    body: str
    author: str
    note: str


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A version as it is kept."""

    version: str
    state: PolicyState
    effective_from: date
    body: str
    author: str
    note: str
    drafted_at: datetime
    approver: str | None
    approval_note: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A second person's word on a draft."""

    version: str
    approver: str
    approved: bool
    note: str


class PolicyExistsError(ConflictError):
    """A version's name is given once."""

    code = "policy_exists"

    def __init__(self, version: str) -> None:
        super().__init__(f"policy version {version!r} exists already")


class PolicyDecidedError(ConflictError):
    """A draft is approved or rejected once."""

    code = "policy_decided"

    def __init__(self, version: str, state: str) -> None:
        super().__init__(f"policy version {version!r} is {state} already")


class SecondPersonNeededError(ForbiddenError):
    """Whoever wrote a policy cannot approve it."""

    code = "second_person_needed"

    def __init__(self, version: str) -> None:
        super().__init__(f"policy version {version!r} must be approved by another person")


class PolicyTooLateError(InvalidInputError):
    """A policy can only act from a day that has not begun yet."""

    code = "policy_too_late"

    def __init__(self, effective_from: date, business_day: date) -> None:
        super().__init__(
            field="effective_from",
            value=effective_from.isoformat(),
            rule=f"must be after the business day {business_day.isoformat()}, which has begun",
        )


def policy_table(metadata: MetaData) -> Table:
    """The table of a service's policy versions."""
    known = metadata.tables.get(f"{metadata.schema}.{_TABLE}")
    if known is not None:
        return known
    return Table(
        _TABLE,
        metadata,
        Column("version", Text, primary_key=True),
        Column("state", Text, nullable=False, server_default=PolicyState.DRAFT.value),
        Column("effective_from", Date, nullable=False),
        Column("body", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("note", Text, nullable=False, server_default=""),
        Column("drafted_at", _moment, nullable=False, server_default=func.now()),
        Column("approver", Text),
        Column("approval_note", Text),
        Column("decided_at", _moment),
        CheckConstraint("approver <> author", name="second_person"),
    )


async def load_policies(
    conn: AsyncConnection, owner: PolicyOwner[PolicyT_co]
) -> PolicyBook[PolicyT_co]:
    """The shipped default and every approved version of a service's policy."""
    driver = await driver_of(conn)
    rows = await driver.fetch(_approved(policy_table(owner.metadata)))
    versions = [
        PolicyVersion(version, effective_from, read_policy(body, owner.policy))
        for version, effective_from, body in rows
    ]
    return PolicyBook([shipped(owner.policy_file, owner.policy), *versions])


def _approved(table: Table) -> str:
    """Every batch asks for these: of the driver, which takes half as long."""
    return (
        f"SELECT version, effective_from, body FROM {table.fullname} "
        f"WHERE state = '{PolicyState.APPROVED}' ORDER BY effective_from, decided_at"
    )


async def draft_policy(
    conn: AsyncConnection, table: Table, draft: PolicyDraft, book: PolicyBook[PolicyT]
) -> StoredPolicy:
    """Keep a draft. Raises `PolicyExistsError` when the version's name is taken, by the default's too."""
    if draft.version == _NOT_A_NAME or book.version(draft.version) is not None:
        raise PolicyExistsError(draft.version)
    added = insert(table).values(
        version=draft.version,
        effective_from=draft.effective_from,
        body=draft.body,
        author=draft.author,
        note=draft.note,
    )
    found = await conn.execute(added.on_conflict_do_nothing().returning(table))
    row = found.mappings().one_or_none()
    if row is None:
        raise PolicyExistsError(draft.version)
    return _stored(dict(row))


async def find_policy(
    conn: AsyncConnection, table: Table, version: str, *, lock: bool = False
) -> StoredPolicy:
    """The version of that name. Raises `NotFoundError`."""
    wanted = select(table).where(table.c.version == version)
    found = await conn.execute(wanted.with_for_update() if lock else wanted)
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFoundError(kind="policy version", name=version)
    return _stored(dict(row))


async def list_policies(
    conn: AsyncConnection, table: Table, *, after: str | None, limit: int
) -> Sequence[StoredPolicy]:
    """Versions by name, from the one after `after`."""
    wanted = select(table).order_by(table.c.version).limit(limit)
    if after is not None:
        wanted = wanted.where(table.c.version > after)
    return [_stored(dict(row)) for row in (await conn.execute(wanted)).mappings()]


async def decide_on_draft(
    conn: AsyncConnection, table: Table, verdict: Verdict, *, business_day: date | None
) -> StoredPolicy:
    """Approve or reject a draft, as another person than its author.

    `business_day` is the latest day that any partition decides for, None before the ledger begins;
    an approved version must act from a later one, or two customers would meet two policies on the
    same day.
    """
    draft = await find_policy(conn, table, verdict.version, lock=True)
    if draft.state is not PolicyState.DRAFT:
        raise PolicyDecidedError(draft.version, draft.state)
    if draft.author == verdict.approver:
        raise SecondPersonNeededError(draft.version)
    if verdict.approved and business_day is not None and draft.effective_from <= business_day:
        raise PolicyTooLateError(draft.effective_from, business_day)
    return await _decide(conn, table, verdict)


async def _decide(conn: AsyncConnection, table: Table, verdict: Verdict) -> StoredPolicy:
    state = PolicyState.APPROVED if verdict.approved else PolicyState.REJECTED
    decided = (
        update(table)
        .where(table.c.version == verdict.version)
        .values(
            state=state.value,
            approver=verdict.approver,
            approval_note=verdict.note,
            decided_at=func.now(),
        )
    )
    found = await conn.execute(decided.returning(table))
    return _stored(dict(found.mappings().one()))


def _stored(row: dict[str, object]) -> StoredPolicy:
    return msgspec.convert({str(name): row[name] for name in row}, StoredPolicy)
