"""What people say of warnings: seen, put off, and what it turned out to be."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.monitoring.api.warning_schemas import (
    AcknowledgementIn,
    LaterLabelIn,
    ResolutionIn,
    SnoozeDecisionIn,
    SnoozeIn,
    WarningOut,
)
from services.monitoring.api.warnings import NoSuchWarningError, WarningId
from services.monitoring.storage.warnings import find_warning
from services.monitoring.usecases.snoozing import DECIDE_SNOOZE, SNOOZE_WARNING
from services.monitoring.usecases.verdicts import (
    ACKNOWLEDGE_WARNING,
    LABEL_WARNING,
    RESOLVE_WARNING,
)
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, allowed

router = APIRouter(tags=["warnings"])
Watcher = Annotated[Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER, Role.COLLECTOR))]
Judge = Annotated[Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER))]
Approver = Annotated[Principal, Depends(allowed(Role.CREDIT_MANAGER))]


@router.post(
    "/warnings/{warning_id}/acknowledgement",
    summary="Say that a warning has been seen",
    response_model=WarningOut,
)
async def acknowledge(
    warning_id: WarningId,
    body: AcknowledgementIn,
    request: Request,
    doors: DoorsDep,
    principal: Watcher,
) -> Response:
    """409 when it is not open any more, or was acknowledged before."""
    return await doors.command(
        request,
        ACKNOWLEDGE_WARNING,
        customer_id=await _customer(doors, warning_id),
        payload={"warning_id": warning_id, "note": body.note},
        principal=principal,
    )


@router.post(
    "/warnings/{warning_id}/resolution",
    summary="Say what a warning was, and end it",
    response_model=WarningOut,
)
async def resolve(
    warning_id: WarningId,
    body: ResolutionIn,
    request: Request,
    doors: DoorsDep,
    principal: Judge,
) -> Response:
    """It comes back only if it worsens, or clears and recurs; 409 when it is not open any more."""
    return await doors.command(
        request,
        RESOLVE_WARNING,
        customer_id=await _customer(doors, warning_id),
        payload={"warning_id": warning_id, "label": body.label.value, "note": body.note},
        principal=principal,
    )


@router.post(
    "/warnings/{warning_id}/label",
    summary="Say what a warning was that is over already",
    response_model=WarningOut,
)
async def label(
    warning_id: WarningId,
    body: LaterLabelIn,
    request: Request,
    doors: DoorsDep,
    principal: Judge,
) -> Response:
    """The scorecard judges by it; another word takes the place of the first. 409 while it is open."""
    return await doors.command(
        request,
        LABEL_WARNING,
        customer_id=await _customer(doors, warning_id),
        payload={"warning_id": warning_id, "label": body.label.value, "note": body.note},
        principal=principal,
    )


@router.post(
    "/warnings/{warning_id}/snooze",
    summary="Put a warning off until a day",
    response_model=WarningOut,
)
async def snooze(
    warning_id: WarningId,
    body: SnoozeIn,
    request: Request,
    doors: DoorsDep,
    principal: Judge,
) -> Response:
    """It is `suppressed` until that day, at most 30 days on, or until it worsens, and still counts in the score.

    Of a red warning this is a request: nothing changes until another person approves it.
    """
    return await doors.command(
        request,
        SNOOZE_WARNING,
        customer_id=await _customer(doors, warning_id),
        payload={"warning_id": warning_id, "until": body.until.isoformat(), "note": body.note},
        principal=principal,
    )


@router.post(
    "/warnings/{warning_id}/snooze/approval",
    summary="Approve or reject that a red warning is put off",
    response_model=WarningOut,
)
async def decide_snooze(
    warning_id: WarningId,
    body: SnoozeDecisionIn,
    request: Request,
    doors: DoorsDep,
    principal: Approver,
) -> Response:
    """Another person than the one who asked; 409 when nobody did."""
    return await doors.command(
        request,
        DECIDE_SNOOZE,
        customer_id=await _customer(doors, warning_id),
        payload={"warning_id": warning_id, "decision": body.decision.value, "note": body.note},
        principal=principal,
    )


async def _customer(doors: Doors, warning_id: str) -> str:
    """Whom a warning is about. Raises `NoSuchWarningError`."""
    async with doors.reading() as conn:
        kept = await find_warning(conn, warning_id)
    if kept is None:
        raise NoSuchWarningError(warning_id)
    return kept.customer_id
