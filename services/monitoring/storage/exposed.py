"""What is asked of all customers by their sector: how many are exposed, and with how much."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.outside.industry_standing import COUNTRY, sector_of
from services.monitoring.domain.standing import Standing
from services.monitoring.storage import tables
from services.monitoring.storage.accounts import read_standing
from services.monitoring.storage.sectors import index_series, membership

_AT_ONCE = 2_000


@dataclass(slots=True, kw_only=True)
class SectorExposure:
    """A sector's customers; those with any exposure, and how much by currency in minor units."""

    customers: int = 0
    exposed_customers: int = 0
    exposures: dict[str, int] = field(default_factory=dict)

    def take(self, standing: Standing) -> None:
        """Count one customer's exposure, as it was last announced."""
        held = [each for each in standing.exposures if each.total]
        self.exposed_customers += bool(held)
        for each in held:
            self.exposures[each.currency] = self.exposures.get(each.currency, 0) + each.total


async def exposed_by_sector(conn: AsyncConnection) -> dict[str, SectorExposure]:
    """Every sector that has a customer or an index of its own, by name."""
    found: dict[str, SectorExposure] = {}
    counted = select(membership.c.industry, func.count()).group_by(membership.c.industry)
    for row in await conn.execute(counted.where(membership.c.industry.is_not(None))):
        sector = found.setdefault(sector_of(row[0]), SectorExposure())
        sector.customers += row[1]
    scheme, code = index_series.c.scheme, index_series.c.code
    for row in await conn.execute(select(scheme, code).distinct()):
        if row[0] != COUNTRY:
            found.setdefault(sector_of(f"{row[0]}/{row[1]}"), SectorExposure())
    async for standing in _standings(conn):
        if standing.industry is not None:
            found.setdefault(sector_of(standing.industry), SectorExposure()).take(standing)
    return dict(sorted(found.items()))


async def _standings(conn: AsyncConnection) -> AsyncIterator[Standing]:
    """The standing of every customer, without its ledger."""
    table = tables.account
    after = ""
    while True:
        query = select(table.c.customer_id, table.c.state).where(table.c.customer_id > after)
        rows = list(await conn.execute(query.order_by(table.c.customer_id).limit(_AT_ONCE)))
        for row in rows:
            yield read_standing(row.state)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].customer_id
