"""The indicators: what is watched, from what value on, and how well each foretold what happened."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.monitoring.api.judging import judgement, shown_figures
from services.monitoring.api.warning_schemas import IndicatorOut, IndicatorsOut
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.proposals import thresholds_of
from services.monitoring.domain.learning.scorecard import Figures
from services.monitoring.domain.policies.warnings import IndicatorPolicy
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed

router = APIRouter(tags=["warnings"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]


@router.get("/indicators", summary="What is watched, from what value on, and how well it does")
async def indicators(doors: DoorsDep, principal: Reader) -> IndicatorsOut:
    """The indicators by the policy in force on the business day.

    The figures are of the warnings raised in the days that the policy looks back.
    """
    del principal
    async with doors.reading() as conn:
        known = await judgement(conn, doors)
    card, entries = await known.scorecard(), known.policy.policy.warnings.indicators
    return IndicatorsOut(
        policy_version=known.policy.version,
        items=[
            _indicator(indicator, entries[indicator], card.indicators[indicator])
            for indicator in Indicator
        ],
    )


def _indicator(indicator: Indicator, entry: IndicatorPolicy, figures: Figures) -> IndicatorOut:
    needs = entry.requires
    asked = {name: getattr(needs, name) for name in needs.__slots__}
    return IndicatorOut(
        indicator=indicator,
        title=entry.title,
        group=entry.group,
        comparator=entry.comparator,
        thresholds=thresholds_of(entry),
        hard_trigger=entry.hard_trigger,
        half_life_days=entry.half_life_days,
        window=entry.window,
        requires={name: number for name, number in asked.items() if number},
        confidence=entry.confidence,
        scored=entry.scored,
        retired=entry.retired,
        numbers=entry.numbers,
        figures=shown_figures(figures),
    )
