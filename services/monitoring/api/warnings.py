"""Warnings: which are open and why, and how a customer scores."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.api.days import business_day_of, policy_on
from services.monitoring.api.warning_schemas import ContributionOut, EarlyWarningOut, WarningOut
from services.monitoring.domain.conduct.forecast import limits_reached_on
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from services.monitoring.domain.watching.watch import Watch, early_warning_of
from services.monitoring.storage.warnings import WarningQuestion, find_warning, find_warnings
from services.monitoring.storage.watches import load_watches
from services.monitoring.usecases.shown_warnings import shown
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, allowed
from shared.chassis.paging import CursorPart, Page, PageQuery, UnreadableCursorError
from shared.kernel.dates import next_day
from shared.kernel.errors import NotFoundError
from shared.kernel.partitions import partition_of
from shared.policies.book import PolicyBook
from shared.policies.versions import load_policies

router = APIRouter(tags=["warnings"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
WarningId = Annotated[str, Path(min_length=1, max_length=64)]
CustomerId = Annotated[str, Path(min_length=1, max_length=200)]


class NoSuchWarningError(NotFoundError):
    """No warning of that id was ever raised."""

    code = "no_such_warning"

    def __init__(self, warning_id: str) -> None:
        super().__init__("warning", warning_id)


class NotWatchedError(NotFoundError):
    """Nothing has happened yet that could be watched."""

    code = "not_watched"

    def __init__(self, customer_id: str) -> None:
        super().__init__("customer", customer_id)


async def asked(
    page: PageQuery,
    customer_id: Annotated[str | None, Query(max_length=200)] = None,
    severity: Severity | None = None,
    status: WarningStatus | None = None,
    case_id: Annotated[str | None, Query(max_length=64)] = None,
) -> WarningQuestion:
    """Read `?customer_id=&severity=&status=&case_id=&cursor=&limit=`."""
    return WarningQuestion(
        customer_id=customer_id,
        severity=severity,
        status=status,
        case_id=case_id,
        after=_after(page.after),
        limit=page.fetch,
    )


@router.get("/warnings", summary="Warnings, newest first")
async def warnings(
    doors: DoorsDep,
    page: PageQuery,
    question: Annotated[WarningQuestion, Depends(asked)],
    principal: Reader,
) -> Page[WarningOut]:
    """All of them, or of one customer, case, severity or status."""
    del principal
    async with doors.reading() as conn:
        found = await find_warnings(conn, question)
        policy, watches = await _beside(conn, doors, found)
    return page.page(
        found, cursor=_cursor, out=lambda kept: _out(kept, watches.get(kept.customer_id), policy)
    )


@router.get("/warnings/{warning_id}", summary="One warning")
async def warning(warning_id: WarningId, doors: DoorsDep, principal: Reader) -> WarningOut:
    """A warning, whatever became of it."""
    del principal
    async with doors.reading() as conn:
        kept = await find_warning(conn, warning_id)
        if kept is None:
            raise NoSuchWarningError(warning_id)
        policy, watches = await _beside(conn, doors, [kept])
    return _out(kept, watches.get(kept.customer_id), policy)


@router.get("/customers/{customer_id}/ews", summary="The composite early warning score")
async def early_warning(
    customer_id: CustomerId, doors: DoorsDep, principal: Reader
) -> EarlyWarningOut:
    """The score on the business day of the customer's partition, with what adds to it."""
    del principal
    async with doors.reading() as conn:
        watch = (await load_watches(conn, [customer_id])).get(customer_id)
        today = await _business_day(conn, doors, customer_id)
        policies: PolicyBook[MonitoringPolicy] = await load_policies(conn, doors.service)
    if watch is None:
        raise NotWatchedError(customer_id)
    found = policies.in_force(today)
    score = early_warning_of(watch, found.policy.warnings, as_of=today)
    return EarlyWarningOut(
        customer_id=customer_id,
        as_of=today,
        ews=score.ews,
        band=score.band,
        groups=score.groups,
        hard_triggers=list(score.hard_triggers),
        contributions=_contributions(watch, as_of=today),
        limits_reached_on=limits_reached_on(watch.conduct, found.policy.warnings, as_of=today),
        divergence=watch.divergence,
        policy_version=found.version,
    )


async def _beside(
    conn: AsyncConnection, doors: Doors, found: Sequence[RiskWarning]
) -> tuple[MonitoringPolicy, dict[str, Watch]]:
    """What is needed to show warnings: the policy in force, and the watches over their customers."""
    policy = await policy_on(conn, doors, await business_day_of(conn, doors, None))
    names = {kept.customer_id for kept in found if kept.status is not WarningStatus.RESOLVED}
    return policy, await load_watches(conn, sorted(names))


async def _business_day(conn: AsyncConnection, doors: Doors, customer_id: str) -> date:
    table = doors.tables.work.partition_state
    partition = partition_of(customer_id, doors.partitions)
    closed_on: date | None = await conn.scalar(
        select(table.c.closed_on).where(table.c.partition == partition)
    )
    return _day_after(closed_on, doors)


def _day_after(closed_on: date | None, doors: Doors) -> date:
    if closed_on is None:
        return doors.clock().astimezone(doors.settings.zone).date()
    return next_day(closed_on)


def _contributions(watch: Watch, *, as_of: date) -> list[ContributionOut]:
    return [
        ContributionOut(
            indicator=indicator,
            severity=alert.severity,
            value=alert.value,
            last_breach_on=alert.last_breach_on(as_of),
            counts=alert.counts,
        )
        for indicator, alert in sorted(watch.alerts.items())
    ]


def _after(parts: tuple[CursorPart, ...] | None) -> tuple[date, str] | None:
    match parts:
        case None:
            return None
        case (str(day), str(warning_id)):
            return _day(day), warning_id
        case _:
            raise UnreadableCursorError


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableCursorError from error


def _cursor(kept: RiskWarning) -> tuple[CursorPart, ...]:
    return kept.raised_on.isoformat(), kept.warning_id


def _out(kept: RiskWarning, watch: Watch | None, policy: MonitoringPolicy) -> WarningOut:
    return WarningOut.model_validate(shown(kept, watch, policy))
