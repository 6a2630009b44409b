"""All that is stored of some customers, for a replay: facts, signals, statements, register and limits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.learning.past import Past, Told, in_order
from services.monitoring.domain.outside.financial_standing import FinancialStanding
from services.monitoring.storage import tables
from services.monitoring.storage.portfolio import PortfolioQuestion, holders_of
from services.monitoring.storage.profiles import load_profiles
from services.monitoring.storage.reading import FactRow
from shared.db.bulk import among

_EVERYTHING = PortfolioQuestion(settled_by=date.min)


async def pasts_of(conn: AsyncConnection, names: Sequence[str], *, zone: str) -> list[Past]:
    """The pasts of some customers, in order of their id."""
    holders = await holders_of(conn, names, _EVERYTHING)
    signals = await _signals(conn, names, ZoneInfo(zone))
    profiles = await load_profiles(conn, names)
    pasts = []
    for holder in holders:
        facts = [_fact(row, ZoneInfo(zone)) for row in holder.rows or ()]
        profile = profiles.get(holder.customer_id)
        pasts.append(
            Past(
                customer_id=holder.customer_id,
                told=in_order([*facts, *signals.get(holder.customer_id, ())]),
                standing=holder.standing,
                financials=FinancialStanding() if profile is None else profile.financials,
            )
        )
    return pasts


def _fact(row: FactRow, zone: ZoneInfo) -> Told:
    """A fact was taken up on its day, or when it was learned if that is later."""
    learned = row.recorded_at
    on = learned.astimezone(zone).date() if isinstance(learned, datetime) else row.event_date
    return Told(
        on=max(on, row.event_date),
        dated=row.event_date,
        kind=row.kind,
        source=row.source,
        event_id=row.event_id,
        payload=row.payload,
    )


async def _signals(
    conn: AsyncConnection, names: Sequence[str], zone: ZoneInfo
) -> Mapping[str, list[Told]]:
    table = tables.signal
    found: dict[str, list[Told]] = {}
    for row in await conn.execute(select(table).where(among(table.c.customer_id, names))):
        day = row.recorded_at.astimezone(zone).date()
        told = Told(
            on=day,
            dated=day,
            kind=row.kind,
            source=row.source,
            event_id=row.event_id,
            payload=row.payload,
        )
        found.setdefault(row.customer_id, []).append(told)
    return found
