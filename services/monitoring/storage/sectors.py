"""Sectors and countries as one partition knows them: indices, who belongs where, own months."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Table,
    Text,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.indicator_facts.industry import Reading
from services.monitoring.domain.outside.industry_standing import (
    IndexKey,
    Sectors,
    SectorTotal,
)
from services.monitoring.storage.schema import METADATA
from shared.chassis.service import Scope
from shared.chassis.tables import chassis_tables
from shared.contracts.signals import CountryIndexPublished, IndustryIndexPublished
from shared.db.bulk import upsert_rows
from shared.kernel.dates import add_months

MONTHS_KEPT = 36
"""How many of its own months a sector is held against."""

index_series = Table(
    "index_series",
    METADATA,
    Column("partition", Integer, primary_key=True),
    Column("scheme", Text, primary_key=True, comment="of industry codes, or country"),
    Column("code", Text, primary_key=True),
    Column("name", Text, primary_key=True, comment="pmi, insolvency, currency …"),
    Column("readings", Text, nullable=False, comment="by day, as JSON"),
    comment="what was published of sectors and countries, a copy per partition",
)
membership = Table(
    "membership",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("industry", Text, comment="the register's code after its scheme"),
    Column("country", Text, nullable=False),
    Column("since", Date, nullable=False, comment="the business day on which it was registered"),
    Column("linked", Boolean, nullable=False, comment="its closes look at other customers too"),
    Index(None, "partition", "industry"),
    Index(None, "partition", "country"),
    comment="which sector and country a customer belongs to",
)
sector_month = Table(
    "sector_month",
    METADATA,
    Column("month_end", Date, primary_key=True),
    Column("sector", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("customers", Integer, nullable=False, comment="that settled anything in the month"),
    Column("micro_days_late", BigInteger, nullable=False, comment="their sum, in millionths"),
    comment="how late our customers of a sector paid, one partition's part",
)
_STATE = chassis_tables("monitoring", METADATA).work.partition_state
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(tuple[Reading, ...])


class Member(NamedTuple):
    """Where a customer belongs, since when it is registered, and if it looks at others when days close."""

    industry: str | None
    country: str
    since: date
    linked: bool


async def exposed_to_news(conn: AsyncConnection, scope: Scope) -> frozenset[str]:
    """The partition's customers in the sectors and countries that the batch has news of."""
    news = [each.event for each in scope.deliveries]
    sectors = {
        f"{each.scheme}/{each.code}" for each in news if isinstance(each, IndustryIndexPublished)
    }
    countries = {each.country for each in news if isinstance(each, CountryIndexPublished)}
    if not sectors and not countries:
        return frozenset()
    plain = func.upper(func.replace(membership.c.industry, ".", ""))
    about: list[ColumnElement[bool]] = [
        func.starts_with(plain, each.replace(".", "").upper()) for each in sorted(sectors)
    ]
    about += [membership.c.country == each for each in sorted(countries)]
    here = membership.c.partition == scope.partition
    found = await conn.scalars(select(membership.c.customer_id).where(here, or_(*about)))
    return frozenset(found)


async def load_sectors(conn: AsyncConnection, partition: int) -> Sectors:
    """Indices and months as they are now; months from the newest day that all the others closed."""
    found = await conn.execute(select(index_series).where(index_series.c.partition == partition))
    indices = {
        IndexKey(row.scheme, row.code, row.name): _decoder.decode(row.readings) for row in found
    }
    complete_on = await closed_elsewhere(conn, partition)
    sectors = Sectors(indices=indices, complete_on=complete_on)
    is_mine = (sector_month.c.partition == partition).label("mine")
    sums = [func.sum(sector_month.c[name]) for name in ("customers", "micro_days_late")]
    key = (sector_month.c.sector, sector_month.c.month_end, is_mine)
    newest = await conn.scalar(select(func.max(sector_month.c.month_end)))
    since = sector_month.c.month_end > add_months(newest or date.max, -MONTHS_KEPT)
    for row in await conn.execute(select(*key, *sums).where(since).group_by(*key)):
        totals = sectors.mine if row[2] else sectors.others
        total = SectorTotal(customers=int(row[3]), micro_days_late=int(row[4]))
        totals[row[0], row[1]] = total
    return sectors


async def closed_elsewhere(conn: AsyncConnection, partition: int) -> date | None:
    """The newest day that every other partition has closed; None before the ledger has begun there.

    The last day of all where there is no other partition.
    """
    state = _STATE
    others = state.c.partition != partition
    counted = select(func.count(), func.count(state.c.closed_on), func.min(state.c.closed_on))
    row = (await conn.execute(counted.where(others))).one()
    if row[0] == 0:
        return date.max
    closed_on: date | None = row[2]
    return closed_on if row[0] == row[1] else None


async def save_indices(
    conn: AsyncConnection, sectors: Sectors, changed: Iterable[IndexKey], *, partition: int
) -> None:
    """Write the series that have news."""
    rows = [
        {
            "partition": partition,
            **key._asdict(),
            "readings": _encoder.encode(sectors.indices[key]).decode(),
        }
        for key in sorted(changed)
    ]
    await upsert_rows(conn, index_series, rows, key=("partition", "scheme", "code", "name"))


async def save_members(
    conn: AsyncConnection, members: Mapping[str, Member], *, partition: int
) -> None:
    """Write where customers belong."""
    rows = [
        {"customer_id": customer_id, "partition": partition, **member._asdict()}
        for customer_id, member in sorted(members.items())
    ]
    await upsert_rows(conn, membership, rows, key=("customer_id",))


async def save_months(
    conn: AsyncConnection, sectors: Sectors, months: Iterable[date], *, partition: int
) -> None:
    """Write this partition's part of the months that ended."""
    ended = set(months)
    rows = [
        {
            "month_end": month,
            "sector": sector,
            "partition": partition,
            "customers": total.customers,
            "micro_days_late": total.micro_days_late,
        }
        for (sector, month), total in sorted(sectors.mine.items())
        if month in ended
    ]
    await upsert_rows(conn, sector_month, rows, key=("month_end", "sector", "partition"))
