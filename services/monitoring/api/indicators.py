"""The indicators: what is watched, and from what value on."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.monitoring.api.days import business_day_of
from services.monitoring.api.warning_schemas import IndicatorOut, IndicatorsOut
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.policy_warnings import IndicatorPolicy, Severity
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.policies.book import PolicyBook
from shared.policies.versions import load_policies

router = APIRouter(tags=["warnings"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]


@router.get("/indicators", summary="What is watched, and from what value on")
async def indicators(doors: DoorsDep, principal: Reader) -> IndicatorsOut:
    """The indicators by the policy in force on the business day."""
    del principal
    async with doors.reading() as conn:
        policies: PolicyBook[MonitoringPolicy] = await load_policies(conn, doors.service)
        today = await business_day_of(conn, doors, None)
    found = policies.in_force(today)
    entries = found.policy.warnings.indicators
    items = [_indicator(indicator, entries[indicator]) for indicator in Indicator]
    return IndicatorsOut(policy_version=found.version, items=items)


def _indicator(indicator: Indicator, entry: IndicatorPolicy) -> IndicatorOut:
    needs = entry.requires
    asked = {name: getattr(needs, name) for name in needs.__slots__}
    return IndicatorOut(
        indicator=indicator,
        title=entry.title,
        group=entry.group,
        comparator=entry.comparator,
        thresholds={
            severity: given
            for severity, given in zip(Severity, (entry.watch, entry.amber, entry.red), strict=True)
            if given is not None
        },
        hard_trigger=entry.hard_trigger,
        half_life_days=entry.half_life_days,
        window=entry.window,
        requires={name: number for name, number in asked.items() if number},
    )
