"""The order credit check: the one door that changes state itself, because orders cannot wait."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tiering.api.policies import policies_of
from services.tiering.api.schemas import CreditCheckIn, CreditCheckOut, Identifier, ReleaseIn
from services.tiering.storage.checks import KeptCheck, raw_connection
from services.tiering.usecases.checking import (
    CheckDesk,
    cancel_order,
    check_order,
    find_check,
    release_order,
    shown_check,
)
from services.tiering.usecases.order_facts import OrderAsked
from shared.audit.trail import AuditEntry
from shared.auth.principals import Principal, Role
from shared.chassis.answers import replayed
from shared.chassis.doors import Doors, DoorsDep, allowed
from shared.chassis.idempotency import claims
from shared.chassis.idempotency.claims import EarlierRequest
from shared.chassis.idempotency.commands import Answer
from shared.chassis.submission import claim_of
from shared.kernel.money import Money

router = APIRouter(prefix="/credit-checks", tags=["credit checks"])
Seller = Annotated[
    Principal, Depends(allowed(Role.INGEST, Role.ANALYST, Role.CREDIT_MANAGER, Role.ADMIN))
]
Authority = Annotated[Principal, Depends(allowed(Role.CREDIT_MANAGER))]
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER, Role.INGEST))]
Verb = Callable[[CheckDesk], Awaitable[KeptCheck]]


@router.post("", summary="May this order go on credit?", response_model=CreditCheckOut)
async def check(
    body: CreditCheckIn, request: Request, doors: DoorsDep, principal: Seller
) -> Response:
    """Answer at once, with reasons; a release or a partial one reserves room in the limit.

    A new check of the same order takes the place of the one before.
    """
    order = OrderAsked(
        order_id=body.order_id,
        customer_id=body.customer_id,
        amount=Money.parse(body.amount, body.currency),
        terms_days=body.terms_days,
        accepts_partial=body.accepts_partial,
        asked_by=principal.person,
    )
    return await _once(request, doors, principal, lambda desk: check_order(desk, order))


@router.get("/{check_id}", summary="What was answered", response_model=CreditCheckOut)
async def answered(check_id: Identifier, doors: DoorsDep, principal: Reader) -> Response:
    """A credit check as it was answered, with its reservation as it stands now."""
    del principal
    async with doors.reading() as conn:
        return JSONResponse(shown_check(await find_check(await _desk(doors, conn), check_id)))


@router.post("/{check_id}/release", summary="Let a held order go", response_model=CreditCheckOut)
async def release(
    check_id: Identifier,
    request: Request,
    doors: DoorsDep,
    principal: Authority,
    body: ReleaseIn | None = None,
) -> Response:
    """A person takes the order on their authority; it must fit into the limit all the same."""
    deed = _deed(principal, "credit_check.released", check_id, "" if body is None else body.note)
    return await _once(
        request,
        doors,
        principal,
        lambda desk: release_order(desk, check_id, person=principal.person),
        deed=deed,
    )


@router.post("/{check_id}/cancellation", summary="The order is off", response_model=CreditCheckOut)
async def cancellation(
    check_id: Identifier, request: Request, doors: DoorsDep, principal: Seller
) -> Response:
    """End the order's reservation; doing so again changes nothing."""
    deed = _deed(principal, "credit_check.cancelled", check_id, "")
    return await _once(
        request, doors, principal, lambda desk: cancel_order(desk, check_id), deed=deed
    )


def _deed(principal: Principal, action: str, check_id: str, note: str) -> AuditEntry:
    return AuditEntry(
        person=principal.person,
        key_id=principal.key_id,
        action=action,
        subject=check_id,
        detail={"note": note},
    )


async def _once(
    request: Request,
    doors: Doors,
    principal: Principal,
    verb: Verb,
    *,
    deed: AuditEntry | None = None,
) -> Response:
    """Do it in one transaction; a repeated Idempotency-Key gets the first request's answer."""
    claim = await claim_of(request, principal)
    async with doors.transaction() as conn:
        if claim is not None:
            earlier = await claims.take(conn, doors.tables.claim, claim)
            if earlier is not None:
                answer = Answer("", earlier.status or 200, earlier.answer)
                return replayed(answer, request.scope)
        if deed is not None:
            await doors.note(conn, request, deed)
        shown = shown_check(await verb(await _desk(doors, conn)))
        if claim is not None:
            await claims.settle(conn, doors.tables.claim, claim, EarlierRequest(200, shown, None))
    return JSONResponse(shown)


async def _desk(doors: Doors, conn: AsyncConnection) -> CheckDesk:
    driver = await raw_connection(conn)
    policies = await policies_of(doors, conn, driver)
    return CheckDesk(driver, policies, doors.clock().astimezone(doors.settings.zone).date())
