"""Our receivables at each day's close, per partition: what one customer's exposure is held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import BigInteger, Column, Date, Integer, Table, Text, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.indicator_facts.receivables import PortfolioFacts
from services.monitoring.storage.schema import METADATA
from services.monitoring.storage.sectors import closed_elsewhere
from shared.db.bulk import upsert_rows
from shared.kernel.money import Money

day_total = Table(
    "day_total",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("open_minor", BigInteger, nullable=False, comment="open receivables, minor units"),
    Column("customers", Integer, nullable=False, comment="customers that owe any of it"),
    comment="what was owed to us at the end of each day, one partition's part",
)
Sums = tuple[int, int]
"""Open minor units, and how many customers owe them."""


@dataclass(slots=True, kw_only=True)
class DayTotals:
    """The totals of days by currency: this partition's, and those of all others together.

    `complete_on` is the newest day that all others have closed; None where nothing is known of them.
    `since` is the first day that closed here, `new` are those that closed in this batch. `asked` are the
    wholes that were asked for before.
    """

    complete_on: date | None = None
    since: date | None = None
    mine: dict[tuple[date, str], Sums] = field(default_factory=dict)
    others: dict[tuple[date, str], Sums] = field(default_factory=dict)
    new: set[date] = field(default_factory=set)
    asked: dict[tuple[date, str], PortfolioFacts | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    def close(self, day: date, totals: Mapping[str, Sums]) -> None:
        """Keep this partition's totals of a day that ends."""
        self.new.add(day)
        self.asked.clear()
        self.since = min(day, self.since or day)
        for currency, sums in totals.items():
            self.mine[day, currency] = sums

    def before(self, day: date, currency: str) -> PortfolioFacts | None:
        """The whole on the newest day before a day that is complete in all partitions."""
        if (day, currency) not in self.asked:
            self.asked[day, currency] = self._before(day, currency)
        return self.asked[day, currency]

    def _before(self, day: date, currency: str) -> PortfolioFacts | None:
        if self.complete_on is None:
            return None
        last = self.complete_on
        days = [on for on, name in self.mine if name == currency and on < day and on <= last]
        if not days:
            return None
        newest = max(days)
        (owed, customers), others = self.mine[newest, currency], self.others.get((newest, currency))
        more, further = others or (0, 0)
        return PortfolioFacts(
            on=newest,
            since=self.since or newest,
            open_amount=Money(owed + more, currency),
            customers=customers + further,
        )


async def load_day_totals(conn: AsyncConnection, partition: int) -> DayTotals:
    """The totals from the newest day on that is complete, or was the last to close here.

    Where none has closed here yet, those of the others from their first on: one batch may close many days.
    """
    complete_on = await closed_elsewhere(conn, partition)
    days = select(func.min(day_total.c.day), func.max(day_total.c.day))
    own = (await conn.execute(days.where(day_total.c.partition == partition))).one()
    since, newest = own[0], own[1]
    totals = DayTotals(complete_on=complete_on, since=since)
    if complete_on is None:
        return totals
    first = date.min if newest is None else min(newest, complete_on)
    is_mine = (day_total.c.partition == partition).label("mine")
    key = (day_total.c.day, day_total.c.currency, is_mine)
    sums = [func.sum(day_total.c[name]) for name in ("open_minor", "customers")]
    wanted = select(*key, *sums).where(day_total.c.day >= first).group_by(*key)
    for row in await conn.execute(wanted):
        of = totals.mine if row[2] else totals.others
        of[row[0], row[1]] = (int(row[3]), int(row[4]))
    return totals


async def save_day_totals(conn: AsyncConnection, totals: DayTotals, *, partition: int) -> None:
    """Write the days that closed."""
    rows = [
        {
            "day": day,
            "partition": partition,
            "currency": currency,
            "open_minor": owed,
            "customers": customers,
        }
        for (day, currency), (owed, customers) in sorted(totals.mine.items())
        if day in totals.new
    ]
    await upsert_rows(conn, day_total, rows, key=("day", "partition", "currency"))
