"""What the scorecard reads: the warnings that stood in a span of days, and what happened around it."""

from dataclasses import fields
from datetime import date, timedelta

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.learning.judging import PastWarning
from services.monitoring.domain.learning.scorecard import Record, Span
from services.monitoring.domain.policies.handling import ScorecardPolicy
from services.monitoring.storage.outcomes import find_outcomes
from services.monitoring.storage.warnings import warning

_COLUMNS = tuple(warning.c[each.name] for each in fields(PastWarning))


async def load_record(conn: AsyncConnection, span: Span, rules: ScorecardPolicy) -> Record:
    """Every warning raised in the span, or that stood in the horizon before it, and every outcome.

    A default may last for years before the span, so outcomes are read from the beginning: they are few.
    """
    horizon = timedelta(days=rules.horizon_days)
    first = span.first - horizon
    stood = or_(warning.c.resolved_on.is_(None), warning.c.resolved_on >= first)
    query = select(*_COLUMNS).where(warning.c.raised_on <= span.last, stood)
    found = await conn.execute(query.order_by(warning.c.raised_on, warning.c.warning_id))
    return Record(
        warnings=tuple(_past(row) for row in found.mappings()),
        outcomes=await find_outcomes(conn, first=date.min, last=span.as_of),
    )


def _past(row: RowMapping) -> PastWarning:
    return msgspec.convert({str(name): value for name, value in row.items()}, PastWarning)
