"""What is asked of rating's tables from outside a batch."""

from datetime import date

import msgspec
from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.rating.domain.model import RatingDecision
from services.rating.storage.book import FiledStatement, Rating
from services.rating.storage.rooms import read_statement_row
from services.rating.storage.tables import rating, statement


async def rating_as_of(
    conn: AsyncConnection, customer_id: str, *, as_of: date | None
) -> Rating | None:
    """The last rating decided by the end of a day; the latest of all without a day."""
    query = select(rating).where(rating.c.customer_id == customer_id)
    if as_of is not None:
        query = query.where(rating.c.as_of <= as_of)
    found = await conn.execute(query.order_by(rating.c.number.desc()).limit(1))
    row = found.mappings().one_or_none()
    return None if row is None else _rating(row)


async def ratings_before(
    conn: AsyncConnection, customer_id: str, *, before: int | None, limit: int
) -> list[Rating]:
    """A customer's ratings, newest first, from below a number on."""
    query = select(rating).where(rating.c.customer_id == customer_id)
    if before is not None:
        query = query.where(rating.c.number < before)
    found = await conn.execute(query.order_by(rating.c.number.desc()).limit(limit))
    return [_rating(row) for row in found.mappings()]


async def statements_filed(
    conn: AsyncConnection, customer_id: str, *, as_of: date | None = None
) -> list[FiledStatement]:
    """A customer's statements, latest period first; those that counted by a day, if one is given."""
    query = select(statement).where(statement.c.customer_id == customer_id)
    if as_of is not None:
        query = query.where(statement.c.due_on <= as_of)
    order = (statement.c.period_end.desc(), statement.c.months.desc())
    return [
        read_statement_row(row) for row in (await conn.execute(query.order_by(*order))).mappings()
    ]


def _rating(row: RowMapping) -> Rating:
    return Rating(
        customer_id=row["customer_id"],
        number=row["number"],
        as_of=row["as_of"],
        decision_id=row["decision_id"],
        previous_grade=row["previous_grade"],
        trigger=row["trigger"],
        policy_version=row["policy_version"],
        model_version=row["model_version"],
        decision=msgspec.convert(row["decision"], RatingDecision),
    )
