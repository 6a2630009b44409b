"""Whom the close of a day concerns, and how much of it one batch does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Integer, Select, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

CLOSE_AT_MOST = 2000
_BYTES = "C"  # the collation that sorts as Python does


@dataclass(frozen=True, slots=True)
class ClosePlan:
    """How far a batch may close days.

    `through` is the last day, None for no day at all; `customers` are those woken by then.
    `only_one` says that the batch ends with the first day it closes. `cursor` says that it ends in
    the middle of it, and behind which customer the next batch goes on (empty: before the first).
    """

    through: date | None = None
    customers: tuple[str, ...] = ()
    only_one: bool = False
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Waking:
    """Whom days wake in one partition.

    `table` says so by `customer_id`, `partition` and `wake_on`; None: nobody ever. `at_most` so many
    are closed in one batch.
    """

    conn: AsyncConnection
    table: Table | None
    partition: int
    at_most: int = CLOSE_AT_MOST

    async def through(self, day: date, *, behind: str = "") -> tuple[str, ...]:
        """The first customers by id, `behind` one of them, that wake by a day: one too many at most."""
        if self.table is None:
            return ()
        asked = {
            "place": self.partition,
            "day": day,
            "behind": behind,
            "at_most": self.at_most + 1,
        }
        return tuple(await self.conn.scalars(_woken(self.table), asked))


@cache
def _woken(table: Table) -> Select[tuple[str]]:
    name = table.c.customer_id.collate(_BYTES)
    asked = select(table.c.customer_id).where(
        table.c.partition == bindparam("place"),
        table.c.wake_on <= bindparam("day"),
        name > bindparam("behind"),
    )
    return asked.order_by(name).limit(bindparam("at_most", type_=Integer))


async def plan_close(
    waking: Waking, days: Sequence[date], *, cursor: str | None = None
) -> ClosePlan:
    """What to close of the `days` that may end in a batch.

    All of them if those they wake fit; else the first; else that one part by part, in batches of
    their own: `cursor` is how far those have come.
    """
    if not days:
        return ClosePlan()
    if cursor is not None:
        return await _part(waking, days[0], behind=cursor)
    for through, only_one in ((max(days), False), (days[0], True)):
        found = await waking.through(through)
        if len(found) <= waking.at_most:
            return ClosePlan(through, found, only_one=only_one)
    return ClosePlan(only_one=True, cursor="")


async def _part(waking: Waking, day: date, *, behind: str) -> ClosePlan:
    found = await waking.through(day, behind=behind)
    if len(found) <= waking.at_most:
        return ClosePlan(day, found, only_one=True)
    part = found[: waking.at_most]
    return ClosePlan(day, part, only_one=True, cursor=part[-1])
