"""What day it is at a door: facts without a date of their own are dated by the ledger's clock."""

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.doors import Doors
from shared.kernel.dates import next_day
from shared.kernel.partitions import partition_of


async def business_day_of(conn: AsyncConnection, doors: Doors, customer_id: str) -> date:
    """The day a customer's partition decides for now; the calendar's before the ledger begins."""
    table = doors.tables.work.partition_state
    partition = partition_of(customer_id, doors.partitions)
    found = await conn.execute(select(table.c.closed_on).where(table.c.partition == partition))
    closed_on: date | None = found.scalar_one_or_none()
    if closed_on is None:
        return doors.clock().astimezone(doors.settings.zone).date()
    return next_day(closed_on)


def moment_of(day: date, doors: Doors) -> datetime:
    """Now, if `day` is the present one in the ledger's zone; else noon there."""
    now = doors.clock().astimezone(doors.settings.zone)
    return now if now.date() == day else datetime.combine(day, time(12), doors.settings.zone)
