"""The queue: whom to see to today, by the money at risk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query

from services.monitoring.api.days import business_day_of
from services.monitoring.api.queue_schemas import BudgetOut, CaseOut, ConcernOut, QueueOut
from services.monitoring.api.warning_schemas import AmountOut, StepOut
from services.monitoring.domain.handling.queue import Concern, OpenCase, Queue, open_case, rank
from services.monitoring.domain.handling.service_levels import Moment
from services.monitoring.domain.handling.stakes import together
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.queue import count_snoozed, open_subjects
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery, PageRequest
from shared.chassis.settings import LedgerClock
from shared.kernel.money import Money
from shared.policies.book import PolicyBook, PolicyVersion
from shared.policies.versions import load_policies

router = APIRouter(tags=["queue"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Analysts = Annotated[int, Query(ge=1, le=1000, description="how many work on it today")]
Owner = Annotated[str | None, Query(max_length=50, description="only what has come to this level")]


class Part(StrEnum):
    """Which part of the queue: what is worked on today, what has to wait, who is in default, or all."""

    KEPT = "kept"
    LOWERED = "lowered"
    IN_DEFAULT = "in_default"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the cases of one answer are shown with."""

    policy: MonitoringPolicy
    zone: ZoneInfo


@router.get("/queue", summary="Whom to see to today, most money at risk first")
async def queue(  # noqa: PLR0913  # what may be asked of a list
    doors: DoorsDep,
    page: PageQuery,
    principal: Reader,
    analysts: Analysts = 1,
    part: Part = Part.KEPT,
    owner: Owner = None,
) -> QueueOut:
    """Customers with open or acknowledged warnings, ranked by score times unsecured exposure.

    Within what so many analysts can do in a day; the rest has to wait, watch before amber, and red never.
    Warnings that are put off are not in it, and customers in default are apart: they are the collectors'.
    """
    del principal
    async with doors.reading() as conn:
        today = await business_day_of(conn, doors, None)
        policies: PolicyBook[MonitoringPolicy] = await load_policies(conn, doors.service)
        found = policies.in_force(today)
        subjects = await open_subjects(conn, found.policy, as_of=today)
        snoozed = await count_snoozed(conn)
    now = _moment(doors, today)
    cases = (open_case(each, found.policy, now=now) for each in subjects)
    rules = found.policy.handling.queue
    ranked = rank((case for case in cases if case), rules, analysts=analysts)
    listed = enumerate(_listed(ranked, part), start=1)
    shown = _page(page, [each for each in listed if owner in {None, each[1].owner}], doors, found)
    return QueueOut(
        items=shown.items,
        next_cursor=shown.next_cursor,
        as_of=today,
        policy_version=found.version,
        budget=_budget(ranked, analysts, rules.per_analyst),
        money_at_risk=_amount(together((case.money_at_risk for case in ranked.cases), rules)),
        snoozed_warnings=snoozed,
    )


def _page(
    page: PageRequest,
    numbered: Sequence[tuple[int, OpenCase]],
    doors: Doors,
    found: PolicyVersion[MonitoringPolicy],
) -> Page[CaseOut]:
    """The page asked for; a cursor is the rank that the page before ended with."""
    after = page.after_number() or 0
    beside = _Shown(found.policy, doors.settings.zone)
    return page.page(
        [each for each in numbered if each[0] > after][: page.fetch],
        cursor=lambda each: (each[0],),
        out=lambda each: _out(each[0], each[1], beside),
    )


def _moment(doors: Doors, today: date) -> Moment:
    """Now: by the clock where days close by themselves, else only by the day."""
    if doors.settings.clock is not LedgerClock.LIVE:
        return Moment(day=today)
    return Moment(day=today, clock=doors.clock().astimezone(doors.settings.zone))


def _listed(ranked: Queue, part: Part) -> tuple[OpenCase, ...]:
    match part:
        case Part.KEPT:
            return ranked.cases
        case Part.LOWERED:
            return ranked.lowered
        case Part.IN_DEFAULT:
            return ranked.in_default
        case Part.ALL:
            return (*ranked.cases, *ranked.lowered, *ranked.in_default)


def _budget(ranked: Queue, analysts: int, per_analyst: int) -> BudgetOut:
    return BudgetOut(
        analysts=analysts,
        per_analyst=per_analyst,
        capacity=ranked.capacity,
        kept=len(ranked.cases),
        beyond=max(0, len(ranked.cases) - ranked.capacity),
        in_default=len(ranked.in_default),
        lowered=dict(Counter(case.severity for case in ranked.lowered)),
    )


def _out(number: int, case: OpenCase, beside: _Shown) -> CaseOut:
    subject = case.subject
    return CaseOut(
        rank=number,
        customer_id=subject.customer_id,
        case_id=next(iter(case.case_ids), None),
        case_ids=list(case.case_ids),
        severity=case.severity,
        ews=subject.score.ews,
        band=subject.score.band,
        hard_triggers=list(subject.score.hard_triggers),
        in_default=subject.in_default,
        exposure=[_amount(each) for each in subject.exposure],
        secured=[_amount(each) for each in subject.secured],
        unsecured=_amount(case.unsecured),
        money_at_risk=_amount(case.money_at_risk),
        expected_loss=_amount(case.expected_loss),
        recommended_action=StepOut(code=case.step.code, wording=case.step.wording),
        owner=case.owner,
        decide_by=case.decide_by,
        is_late=case.is_late,
        warnings=[_concern(each, case, beside) for each in case.concerns],
    )


def _concern(concern: Concern, case: OpenCase, beside: _Shown) -> ConcernOut:
    kept, level = concern.warning, concern.level
    return ConcernOut(
        warning_id=kept.warning_id,
        case_id=kept.case_id,
        indicator=kept.indicator,
        title=beside.policy.warnings.indicators[kept.indicator].title,
        severity=kept.severity,
        status=kept.status,
        raised_on=kept.raised_on,
        value=kept.value,
        threshold=kept.threshold,
        acknowledge_by=_local(level.acknowledge_by, beside.zone),
        decide_by=level.decide_by,
        owner=level.owner,
        is_late=level.is_late,
        expires_on=case.subject.stale_on.get(kept.warning_id),
        is_stale=concern.is_stale,
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=zone)


def _amount(money: Money) -> AmountOut:
    return AmountOut(amount=str(money.amount), currency=money.currency)
