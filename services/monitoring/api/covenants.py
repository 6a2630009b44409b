"""What a customer has promised us of its statements, and how it stands, at the doors."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from services.monitoring.api.days import business_day_of, policy_on
from services.monitoring.api.receivables import UnknownCustomerError
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.covenants import Tested, tested
from services.monitoring.domain.formulas.formula import shown
from services.monitoring.domain.outside.covenants import with_covenants
from services.monitoring.domain.outside.external_standing import external_facts
from services.monitoring.domain.outside.financial_standing import financial_facts
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.storage.profiles import load_profiles
from services.monitoring.storage.questions import account_of
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.schemas import Out

router = APIRouter(tags=["receivables"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
CustomerId = Annotated[str, Path(min_length=1, max_length=200)]


class CovenantOut(Out):
    """One covenant in force. `level` and `value` in the measure's unit: a ratio, days, or an amount.

    `state` is kept, near, broken, uncured or unknown (the statements do not say); `headroom` the share
    of the level that is left, below 0 once broken.
    """

    covenant_id: str
    agreed_on: date
    expires_on: date | None
    measure: str
    bound: str
    level: str
    value: str | None
    currency: str | None
    headroom: float | None
    state: str
    broken_since: date | None
    cure_by: date | None


class CovenantsOut(Out):
    """A customer's covenants as of the business day, held against its latest `statement`."""

    customer_id: str
    as_of: date
    statement: str | None
    items: list[CovenantOut]


@router.get("/customers/{customer_id}/covenants", summary="Covenants, and the room that is left")
async def covenants(customer_id: CustomerId, doors: DoorsDep, principal: Reader) -> CovenantsOut:
    """Those in force, each held against the statements on file. They come as `covenant.agreed` signals."""
    del principal
    async with doors.reading() as conn:
        kept = await account_of(conn, customer_id)
        if kept is None:
            raise UnknownCustomerError(customer_id)
        today = await business_day_of(conn, doors, kept.partition)
        policy = await policy_on(conn, doors, today)
        profile = (await load_profiles(conn, [customer_id])).get(customer_id, Profile())
    return answer(customer_id, profile, policy.warnings, kept.standing.industry, as_of=today)


def answer(
    customer_id: str, profile: Profile, policy: WarningPolicy, industry: str | None, *, as_of: date
) -> CovenantsOut:
    """The covenants of a profile on a day."""
    standing, rules = profile.financials, policy.statements
    facts = financial_facts(standing, rules, as_of=as_of, industry=industry)
    told = external_facts(profile.external, as_of=as_of)
    facts = with_covenants(facts, told, standing, policy)
    found = tested(facts, policy.indicators[Indicator.COVENANT_BREACH], policy)
    return CovenantsOut(
        customer_id=customer_id,
        as_of=as_of,
        statement=None if facts.latest is None else facts.latest.label,
        items=[_shown(each) for each in found],
    )


def _shown(one: Tested) -> CovenantOut:
    agreed = one.covenant
    amount = agreed.amount
    return CovenantOut(
        covenant_id=agreed.document,
        agreed_on=agreed.on,
        expires_on=agreed.expires_on,
        measure=agreed.kind,
        bound="" if agreed.bound is None else agreed.bound.value,
        level=f"{one.level:g}" if amount is None else shown(amount),
        value=_figure(one.value, is_amount=amount is not None),
        currency=None if amount is None else amount.currency,
        headroom=one.headroom,
        state=one.state,
        broken_since=one.broken_since,
        cure_by=one.cure_by,
    )


def _figure(value: float | None, *, is_amount: bool) -> str | None:
    if value is None:
        return None
    return f"{value:.2f}" if is_amount else f"{value:.6g}"
