"""The ledger's clock at the doors: what day it is, and closing days where nobody else does."""

from datetime import date, datetime, time
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.api.schemas import ClockOut, DayOut, PartitionClockOut
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.questions import closed_days, last_marker
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, Fact, allowed
from shared.chassis.settings import LedgerClock
from shared.contracts import catalogue
from shared.contracts.transactions import DayClosed
from shared.kernel.dates import EARLIEST, LATEST, next_day
from shared.kernel.errors import ConflictError, InvalidInputError
from shared.policies.book import PolicyBook
from shared.policies.versions import load_policies

router = APIRouter(tags=["days"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER, Role.INGEST))]
Closer = Annotated[Principal, Depends(allowed(Role.INGEST, Role.ADMIN))]
Day = Annotated[date, Path(ge=EARLIEST, le=LATEST)]
SOURCE: Final = "/obligor/monitoring/doors"


class LiveClockError(ConflictError):
    """Days close by themselves here."""

    code = "clock_is_live"

    def __init__(self) -> None:
        super().__init__("OBLIGOR_CLOCK is live: days close by themselves after midnight")


class DayNotNextError(ConflictError):
    """Days close one by one, each once."""

    code = "day_not_next"

    def __init__(self, day: date, last: date) -> None:
        super().__init__(f"{last} is the last day closed, so {next_day(last)} is next, not {day}")


@router.post(
    "/days/{day}/close", status_code=202, response_model=DayOut, summary="Close a business day"
)
async def close(day: Day, request: Request, doors: DoorsDep, principal: Closer) -> Response:
    """Nothing more happens on that day. Only where the clock is `log`; the first may be any up to tomorrow."""
    if doors.settings.clock is not LedgerClock.LOG:
        raise LiveClockError
    async with doors.reading() as conn:
        last = await last_marker(conn, doors.tables.log)
    if last is not None and day != next_day(last):
        raise DayNotNextError(day, last)
    if last is None:
        check_first_day(day, doors)
    marker = Fact(
        topic=catalogue.TRANSACTIONS,
        type=catalogue.DAY_CLOSED,
        source=SOURCE,
        id=f"day/{day.isoformat()}",
        time=datetime.combine(day, time(23, 59, 59), doors.settings.zone),
        customer_id="",
        value=catalogue.encode(DayClosed(date=day)),
    )
    answer = {"date": day.isoformat()}
    return await doors.append_facts(request, [marker], principal=principal, answer=answer)


def check_first_day(day: date, doors: Doors) -> None:
    """Refuse to begin a ledger in the future: everything until then would come too late."""
    tomorrow = next_day(doors.clock().astimezone(doors.settings.zone).date())
    if day > tomorrow:
        rule = f"must be {tomorrow} at the latest for the first day"
        raise InvalidInputError(field="day", value=day.isoformat(), rule=rule)


@router.get("/clock", summary="What day it is for the ledger")
async def clock(doors: DoorsDep, principal: Reader) -> ClockOut:
    """The last day that all partitions have closed, and each partition's own."""
    del principal
    async with doors.reading() as conn:
        days = await closed_days(conn, doors.tables.work)
    known = [day for day in days.values() if day is not None]
    closed_on = min(known) if known and len(known) == len(days) else None
    return ClockOut(
        clock=doors.settings.clock.value,
        closed_on=closed_on,
        business_day=None if closed_on is None else next_day(closed_on),
        partitions=[
            PartitionClockOut(partition=partition, closed_on=day) for partition, day in days.items()
        ],
    )


async def business_day_of(conn: AsyncConnection, doors: Doors, partition: int | None) -> date:
    """A partition's business day (the earliest of all without one); before the ledger begins, today."""
    days = await closed_days(conn, doors.tables.work)
    wanted = [day for index, day in days.items() if partition in {None, index}]
    known = [day for day in wanted if day is not None]
    if not known:
        return doors.clock().astimezone(doors.settings.zone).date()
    return next_day(min(known))


async def policy_on(conn: AsyncConnection, doors: Doors, day: date) -> MonitoringPolicy:
    """The policy in force on a day."""
    policies: PolicyBook[MonitoringPolicy] = await load_policies(conn, doors.service)
    return policies.in_force(day).policy
