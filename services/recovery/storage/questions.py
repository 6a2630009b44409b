"""Questions asked of the cases over HTTP."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
from sqlalchemy import Text, cast, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.recovery.domain.model import Case
from services.recovery.storage.book import Deed
from services.recovery.storage.tables import case, case_action
from shared.kernel.errors import NotFoundError

_read_case: Final = msgspec.json.Decoder(Case)
_read_deed: Final = msgspec.json.Decoder(Deed)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows; `open_only` leaves closed ones out."""

    customer_id: str | None = None
    state: str | None = None
    open_only: bool = False


async def find_case(conn: AsyncConnection, case_id: str) -> Case:
    """A case. Raises `NotFoundError`."""
    row = await conn.execute(select(cast(case.c.body, Text)).where(case.c.case_id == case_id))
    found = row.scalar_one_or_none()
    if found is None:
        raise NotFoundError(kind="case", name=case_id)
    return _read_case.decode(found)


async def find_deeds(conn: AsyncConnection, case_id: str) -> list[Deed]:
    """All that was done in a case, in order."""
    theirs = select(cast(case_action.c.body, Text)).where(case_action.c.case_id == case_id)
    rows = await conn.execute(theirs.order_by(case_action.c.ordinal))
    return [_read_deed.decode(body) for body in rows.scalars()]


async def find_cases(
    conn: AsyncConnection, wanted: CaseFilter, *, after: tuple[date, str] | None, fetch: int
) -> list[Case]:
    """Cases that fit, the newest first, beginning after one (its opening day and id)."""
    place = tuple_(case.c.opened_on, case.c.case_id)
    query = select(cast(case.c.body, Text))
    query = query.order_by(case.c.opened_on.desc(), case.c.case_id.desc()).limit(fetch)
    if after is not None:
        query = query.where(place < tuple_(literal(after[0]), literal(after[1])))
    if wanted.customer_id is not None:
        query = query.where(case.c.customer_id == wanted.customer_id)
    if wanted.state is not None:
        query = query.where(case.c.state == wanted.state)
    if wanted.open_only:
        query = query.where(case.c.closed_on.is_(None))
    rows = await conn.execute(query)
    return [_read_case.decode(body) for body in rows.scalars()]
