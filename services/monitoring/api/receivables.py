"""Questions about customers' receivables, exposure and behaviour, as of any day, as known at any moment."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.monitoring.api.days import business_day_of, policy_on
from services.monitoring.api.moments import KnownAt
from services.monitoring.api.schemas import (
    BehaviourOut,
    CustomerCurrencyOut,
    CustomerOut,
    ExposureOut,
    ReceivablesOut,
    WaitingOut,
)
from services.monitoring.domain.figures.ageing import age_all
from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.storage.questions import (
    KeptCustomer,
    account_of,
    accounts_after,
    facts_of,
    waiting_of,
)
from services.monitoring.usecases.shown import (
    Asked,
    Shown,
    asked_of,
    shown_behaviour,
    shown_exposure,
    shown_receivables,
    text,
)
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery
from shared.kernel.dates import EARLIEST, LATEST
from shared.kernel.errors import NotFoundError
from shared.kernel.partitions import partition_of

router = APIRouter(tags=["receivables"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
CustomerId = Annotated[str, Path(min_length=1, max_length=200)]
Day = Annotated[date | None, Query(ge=EARLIEST, le=LATEST, description="end of this day")]
Currency = Annotated[str | None, Query(pattern="^[A-Z]{3}$")]


class UnknownCustomerError(NotFoundError):
    """Monitoring has never heard of the customer."""

    code = "unknown_customer"

    def __init__(self, customer_id: str) -> None:
        super().__init__("customer", customer_id)


async def asked_at(
    customer_id: CustomerId, doors: DoorsDep, known_at: KnownAt, as_of: Day = None
) -> Asked:
    """The customer as it was at the end of a day (the business day), from what was known at a moment."""
    async with doors.reading() as conn:
        facts = await facts_of(conn, customer_id, known_at=known_at)
        if not facts and await account_of(conn, customer_id) is None:
            raise UnknownCustomerError(customer_id)
        partition = partition_of(customer_id, doors.partitions)
        day = as_of or await business_day_of(conn, doors, partition)
        policy = await policy_on(conn, doors, day)
    return asked_of(customer_id, facts, policy, as_of=day, known_at=known_at)


@router.get("/customers", summary="Customers, with what they owe now")
async def customers(doors: DoorsDep, principal: Reader, page: PageQuery) -> Page[CustomerOut]:
    """By id. What they owe is as of each partition's business day."""
    del principal
    async with doors.reading() as conn:
        found = await accounts_after(conn, page.after_text(), limit=page.fetch)
        days = {
            each.partition: await business_day_of(conn, doors, each.partition) for each in found
        }
        policy = (await policy_on(conn, doors, max(days.values(), default=date.max))).ledger
    return page.page(
        found,
        cursor=lambda each: (each.customer_id,),
        out=lambda each: _listed(each, policy, as_of=days[each.partition]),
    )


@router.get("/customers/{customer_id}/receivables", summary="Open invoices and their ageing")
async def receivables(
    principal: Reader, asked: Annotated[Asked, Depends(asked_at)], currency: Currency = None
) -> ReceivablesOut:
    """As of the end of a day (now: the business day), with everything known today.

    With `known_at`, as the ledger would have answered then: facts and corrections recorded later do
    not count.
    """
    del principal
    return ReceivablesOut.model_validate(_answer(asked, currency, shown_receivables))


@router.get("/customers/{customer_id}/exposure", summary="What could be lost")
async def exposure(
    principal: Reader, asked: Annotated[Asked, Depends(asked_at)], currency: Currency = None
) -> ExposureOut:
    """Open invoices, open orders at their conversion factor, less unapplied cash."""
    del principal
    return ExposureOut.model_validate(_answer(asked, currency, shown_exposure))


@router.get("/customers/{customer_id}/behaviour", summary="How the customer buys and pays")
async def behaviour(
    principal: Reader, asked: Annotated[Asked, Depends(asked_at)], currency: Currency = None
) -> BehaviourOut:
    """Amount-weighted days late, shares paid late, dishonours, purchases, terms. Null = not known."""
    del principal
    return BehaviourOut.model_validate(_answer(asked, currency, shown_behaviour))


@router.get("/customers/{customer_id}/waiting", summary="Facts that are not due yet")
async def waiting(customer_id: CustomerId, doors: DoorsDep, principal: Reader) -> list[WaitingOut]:
    """Facts dated later than the business day, by their day."""
    del principal
    async with doors.reading() as conn:
        rows = await waiting_of(conn, customer_id)
    return [
        WaitingOut(source=row.source, id=row.event_id, type=row.kind, event_date=row.event_date)
        for row in rows
    ]


def _answer(asked: Asked, currency: str | None, show: Callable[[Asked, str], Shown]) -> Shown:
    """One answer for the currency asked for, or the only one; else one for each."""
    if currency is not None:
        return show(asked, currency)
    if len(asked.currencies) == 1:
        return show(asked, asked.currencies[0])
    return {
        "customer_id": asked.customer_id,
        "as_of": asked.as_of,
        "known_at": asked.known_at,
        "currencies": [show(asked, each) for each in asked.currencies],
    }


def _listed(kept: KeptCustomer, policy: LedgerPolicy, *, as_of: date) -> CustomerOut:
    account = kept.ledger.unfold(policy)
    return CustomerOut(
        customer_id=kept.customer_id,
        registered=kept.standing.registered,
        in_default=kept.standing.defaulted_on is not None,
        currencies=[
            CustomerCurrencyOut(
                currency=ageing.currency,
                open_amount=text(ageing.open, ageing.currency),
                overdue_amount=text(ageing.overdue, ageing.currency),
                max_days_past_due=ageing.max_days_past_due,
            )
            for ageing in age_all(account, as_of=as_of, policy=policy)
        ],
    )
