"""Differing from the model: proposed by one person, approved by another, never for ever."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from services.rating.api.ratings import Analyst, CustomerId
from services.rating.api.schemas import OverrideIn, ProposalOut, RatingOut
from services.rating.usecases.overrides import APPROVE_OVERRIDE, PROPOSE_OVERRIDE
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed

router = APIRouter()
Approver = Annotated[Principal, Depends(allowed(Role.CREDIT_MANAGER))]


@router.post("/customers/{customer_id}/overrides", status_code=201, response_model=ProposalOut)
async def propose_override(
    customer_id: CustomerId,
    body: OverrideIn,
    doors: DoorsDep,
    principal: Analyst,
    request: Request,
) -> Response:
    """Propose another grade; it takes effect when another person approves it."""
    return await doors.command(
        request, PROPOSE_OVERRIDE, customer_id=customer_id, payload=body, principal=principal
    )


@router.post(
    "/customers/{customer_id}/overrides/{proposal_id}/approval",
    status_code=201,
    response_model=RatingOut,
)
async def approve_override(
    customer_id: CustomerId,
    proposal_id: Annotated[str, Path(max_length=64)],
    doors: DoorsDep,
    principal: Approver,
    request: Request,
) -> Response:
    """Approve a colleague's proposal; the customer is rated under it at once."""
    return await doors.command(
        request,
        APPROVE_OVERRIDE,
        customer_id=customer_id,
        payload={"proposal_id": proposal_id},
        principal=principal,
    )
