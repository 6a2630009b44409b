"""All that is stored of some customers and around them, for a replay."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.indicator_facts.external import AgencyRating
from services.monitoring.domain.learning.past import Past, Told, in_order
from services.monitoring.domain.outside.industry_standing import SectorTotal
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.storage import tables
from services.monitoring.storage.portfolio import PortfolioQuestion, holders_of
from services.monitoring.storage.profiles import load_profiles
from services.monitoring.storage.reading import FactRow
from services.monitoring.storage.sectors import sector_month
from shared.contracts import catalogue
from shared.contracts.financials import ExternalRatingPublished
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
        profile = profiles.get(holder.customer_id) or Profile()
        said = signals.get(holder.customer_id, [])
        pasts.append(
            Past(
                customer_id=holder.customer_id,
                told=in_order([*facts, *said]),
                standing=holder.standing,
                financials=profile.financials,
                ratings=_only_kept(profile.external.ratings, said),
                since=profile.group.since,
            )
        )
    return pasts


async def broadcasts(conn: AsyncConnection, *, zone: str) -> tuple[Told, ...]:
    """All that was told of nobody by name, in the order in which it was told."""
    return in_order((await _signals(conn, [""], ZoneInfo(zone))).get("", ()))


async def sector_totals(conn: AsyncConnection) -> dict[tuple[str, date], SectorTotal]:
    """How late our customers of each sector paid in each month, the parts of all partitions together."""
    table = sector_month
    sums = [func.sum(table.c[name]) for name in ("customers", "micro_days_late")]
    query = select(table.c.sector, table.c.month_end, *sums)
    found = await conn.execute(query.group_by(table.c.sector, table.c.month_end))
    return {
        (row[0], row[1]): SectorTotal(customers=int(row[2]), micro_days_late=int(row[3]))
        for row in found
    }


def _only_kept(ratings: Iterable[AgencyRating], said: Iterable[Told]) -> tuple[AgencyRating, ...]:
    """The grades that the profile alone knows: of an agency and day that no event tells of."""
    events = (catalogue.decode(each.kind, each.payload) for each in said)
    told = {(e.agency, e.affirmed_on) for e in events if isinstance(e, ExternalRatingPublished)}
    return tuple(each for each in ratings if (each.agency, each.on) not in told)


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
