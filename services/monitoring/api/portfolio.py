"""Questions about all customers at once, as of any day, as known at any moment."""

from asyncio import to_thread
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.monitoring.api.days import business_day_of, policy_on
from services.monitoring.api.moments import KnownAt
from services.monitoring.api.portfolio_schemas import PortfolioGroupOut, PortfolioKpisOut
from services.monitoring.api.schemas import PortfolioCurrencyOut, PortfolioOut
from services.monitoring.domain.figures.portfolio import Span
from services.monitoring.storage.portfolio import PortfolioQuestion, all_holders
from services.monitoring.usecases.portfolio import AgeingTally, Grouping, KpiTally
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.kernel.dates import EARLIEST, LATEST

router = APIRouter(tags=["portfolio"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Day = Annotated[date | None, Query(ge=EARLIEST, le=LATEST, description="end of this day")]
By = Annotated[Grouping, Query(description="what the figures are taken apart by, beside currency")]


@router.get("/portfolio/ageing", summary="All receivables by age")
async def portfolio_ageing(
    doors: DoorsDep, principal: Reader, known_at: KnownAt, as_of: Day = None
) -> PortfolioOut:
    """Sums over all customers, by currency; currencies are never added."""
    del principal
    async with doors.reading() as conn:
        day = as_of or await business_day_of(conn, doors, None)
        tally = AgeingTally(as_of=day, policy=(await policy_on(conn, doors, day)).ledger)
        question = PortfolioQuestion(settled_by=day, known_at=known_at)
        async for holders in all_holders(conn, question):
            await to_thread(tally.take, holders)
    return PortfolioOut(
        as_of=day,
        known_at=known_at,
        currencies=[PortfolioCurrencyOut.model_validate(each) for each in tally.shown()],
    )


@router.get("/portfolio/kpis", summary="Key figures of all receivables, by segment")
async def portfolio_kpis(
    doors: DoorsDep,
    principal: Reader,
    known_at: KnownAt,
    as_of: Day = None,
    by: By = Grouping.CURRENCY,
) -> PortfolioKpisOut:
    """DSO, countback DSO, best possible DSO, delinquency, CEI, ageing, disputes, concentration, bad debt.

    Sales and collections are those of the policy's `sales_days`. Groups are as the register has them
    now. It looks at every customer, so on a large ledger it takes its time.
    """
    del principal
    async with doors.reading() as conn:
        day = as_of or await business_day_of(conn, doors, None)
        policy = await policy_on(conn, doors, day)
        span = Span(as_of=day, days=policy.warnings.windows.sales_days)
        tally = KpiTally(span=span, by=by, policy=policy.ledger)
        question = PortfolioQuestion(settled_by=span.after, known_at=known_at)
        async for holders in all_holders(conn, question):
            await to_thread(tally.take, holders)
    return PortfolioKpisOut(
        as_of=day,
        known_at=known_at,
        by=by.value,
        days=span.days,
        items=[PortfolioGroupOut.model_validate(each) for each in tally.shown()],
    )
