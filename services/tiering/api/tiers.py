"""Questions about tiers and limits."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends

from services.tiering.api.schemas import (
    CreditLimitOut,
    Identifier,
    LimitOut,
    ReasonOut,
    TieredCustomerOut,
    TierOut,
)
from services.tiering.domain.model import Tier
from services.tiering.storage.book import Account
from services.tiering.storage.questions import (
    LimitThen,
    TierThen,
    find_accounts,
    find_limits,
    find_tier,
)
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery

router = APIRouter(tags=["tiers"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]


@router.get("/customers/{customer_id}/tier", summary="On what terms we deal with a customer")
async def tier_of(
    customer_id: Identifier, doors: DoorsDep, principal: Reader, as_of: date | None = None
) -> TierOut:
    """Tier, limit and measures at the end of a day, with the reasons they were set for."""
    del principal
    async with doors.reading() as conn:
        tier, limit = await find_tier(conn, customer_id, as_of=as_of)
    return _tier(tier, limit)


@router.get("/customers/{customer_id}/limits", summary="A customer's credit limits over time")
async def limits_of(
    customer_id: Identifier, doors: DoorsDep, page: PageQuery, principal: Reader
) -> Page[LimitOut]:
    """Every limit that was set, newest first."""
    del principal
    async with doors.reading() as conn:
        rows = await find_limits(conn, customer_id, before=page.after_number(), most=page.fetch)
    return page.page(rows, cursor=lambda limit: (limit.ordinal,), out=_limit)


@router.get("/tiers", summary="Customers by tier, with their limits")
async def tiers(
    doors: DoorsDep, page: PageQuery, principal: Reader, tier: Tier | None = None
) -> Page[TieredCustomerOut]:
    """Everybody who has a tier, or those on one of them, by customer id."""
    del principal
    async with doors.reading() as conn:
        rows = await find_accounts(conn, tier=tier, after=page.after_text(), most=page.fetch)
    return page.page(rows, cursor=lambda account: (account.customer_id,), out=_tiered)


def _tier(tier: TierThen, limit: LimitThen | None) -> TierOut:
    return TierOut(
        customer_id=tier.customer_id,
        tier=tier.tier,
        since=tier.since,
        matrix_tier=tier.matrix_tier,
        grade=tier.grade,
        credit_limit=None if limit is None else _credit_limit(limit),
        payment_terms_days=tier.payment_terms_days,
        measures=tier.measures,
        reasons=[ReasonOut.model_validate(reason) for reason in tier.reasons],
        decided_on=tier.as_of,
        decision_id=tier.decision_id,
        policy_version=tier.policy_version,
    )


def _credit_limit(limit: LimitThen) -> CreditLimitOut:
    return CreditLimitOut(
        amount=str(limit.amount.amount),
        currency=limit.amount.currency,
        binding_cap=limit.binding_cap,
    )


def _limit(limit: LimitThen) -> LimitOut:
    return LimitOut(
        **_credit_limit(limit).model_dump(),
        as_of=limit.as_of,
        reasons=[ReasonOut.model_validate(reason) for reason in limit.reasons],
        decision_id=limit.decision_id,
        policy_version=limit.policy_version,
    )


def _tiered(account: Account) -> TieredCustomerOut:
    limit = account.limit
    shown = (
        None
        if limit is None
        else CreditLimitOut(
            amount=str(limit.amount),
            currency=limit.currency,
            binding_cap=account.binding_cap or "",
        )
    )
    return TieredCustomerOut(
        customer_id=account.customer_id,
        tier=str(account.tier),
        since=account.since,
        grade=account.grade,
        pd=account.pd,
        ews=account.ews,
        band=account.band,
        credit_limit=shown,
    )
