"""Questions asked of the register over HTTP."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Text, cast, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.screening.domain.identifiers import normalised
from services.screening.domain.model import RegisterEntry, name_key
from services.screening.domain.screen import ScreeningDecision
from services.screening.storage.tables import customer, customer_name, identifier, screening
from shared.kernel.errors import NotFoundError

_read_entry: Final = msgspec.json.Decoder(RegisterEntry)


@dataclass(frozen=True, slots=True)
class Screening:
    """One screening as it was kept."""

    decision_id: str
    as_of: date
    policy_version: str
    decision: ScreeningDecision


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers a list shows: those with a name that begins so, an identifier, an outcome."""

    name: str | None = None
    identifier: str | None = None
    outcome: str | None = None


async def find_entry(conn: AsyncConnection, customer_id: str) -> RegisterEntry:
    """The register's entry of a customer. Raises `NotFoundError`."""
    state = cast(customer.c.state, Text)
    row = await conn.execute(select(state).where(customer.c.customer_id == customer_id))
    found = row.scalar_one_or_none()
    if found is None:
        raise NotFoundError(kind="customer", name=customer_id)
    return _read_entry.decode(found)


async def last_screening(conn: AsyncConnection, entry: RegisterEntry) -> Screening | None:
    """The screening behind an entry's verdict, if it has been screened."""
    if entry.verdict is None:
        return None
    wanted = select(screening).where(screening.c.decision_id == entry.verdict.decision_id)
    row = (await conn.execute(wanted)).mappings().one_or_none()
    if row is None:
        return None
    return Screening(
        decision_id=row["decision_id"],
        as_of=row["as_of"],
        policy_version=row["policy_version"],
        decision=msgspec.convert(row["decision"], ScreeningDecision),
    )


async def find_customers(
    conn: AsyncConnection, wanted: CustomerFilter, *, after: str | None, fetch: int
) -> list[RegisterEntry]:
    """Customers that fit, by their ids, beginning after one."""
    query = select(cast(customer.c.state, Text)).order_by(customer.c.customer_id).limit(fetch)
    if after is not None:
        query = query.where(customer.c.customer_id > after)
    if wanted.name is not None:
        query = query.where(_named(wanted.name))
    if wanted.identifier is not None:
        query = query.where(_identified(wanted.identifier))
    if wanted.outcome is not None:
        query = query.where(customer.c.outcome == wanted.outcome)
    rows = await conn.execute(query)
    return [_read_entry.decode(state) for state in rows.scalars()]


def _named(name: str) -> ColumnElement[bool]:
    theirs = customer_name.c.customer_id == customer.c.customer_id
    begins = customer_name.c.search_key.startswith(name_key(name), autoescape=True)
    return exists().where(theirs, begins)


def _identified(value: str) -> ColumnElement[bool]:
    theirs = identifier.c.customer_id == customer.c.customer_id
    return exists().where(theirs, identifier.c.value == normalised(value))
