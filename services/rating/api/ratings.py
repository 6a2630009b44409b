"""Questions about ratings, and the wish for a new one."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from services.rating.api.schemas import RateIn, RatingOut
from services.rating.storage.questions import rating_as_of, ratings_before
from services.rating.usecases.overrides import RATE_NOW
from services.rating.usecases.shown import shown
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery
from shared.kernel.errors import NotFoundError

router = APIRouter()
CustomerId = Annotated[str, Path(min_length=1, max_length=200)]
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Analyst = Annotated[Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER))]


class NotRatedError(NotFoundError):
    """The customer has no rating, or had none by that day."""

    code = "not_rated"

    def __init__(self, customer_id: str) -> None:
        super().__init__("rating of customer", customer_id)


@router.get("/customers/{customer_id}/rating")
async def rating(
    customer_id: CustomerId, doors: DoorsDep, principal: Reader, as_of: date | None = None
) -> RatingOut:
    """How likely is the customer to default, as of the end of a day (or now), and why."""
    del principal
    async with doors.reading() as conn:
        found = await rating_as_of(conn, customer_id, as_of=as_of)
    if found is None:
        raise NotRatedError(customer_id)
    return RatingOut.model_validate(shown(found))


@router.get("/customers/{customer_id}/ratings")
async def ratings(
    customer_id: CustomerId, doors: DoorsDep, principal: Reader, page: PageQuery
) -> Page[RatingOut]:
    """All ratings of a customer, the newest first."""
    del principal
    async with doors.reading() as conn:
        found = await ratings_before(
            conn, customer_id, before=page.after_number(), limit=page.fetch
        )
    return page.page(
        found,
        cursor=lambda row: (row.number,),
        out=lambda row: RatingOut.model_validate(shown(row)),
    )


@router.post("/customers/{customer_id}/ratings", status_code=201, response_model=RatingOut)
async def rate_now(
    customer_id: CustomerId,
    doors: DoorsDep,
    principal: Analyst,
    request: Request,
    body: RateIn | None = None,
) -> Response:
    """Rate the customer now; answers with the rating, or after two seconds with 202 and a link."""
    return await doors.command(
        request,
        RATE_NOW,
        customer_id=customer_id,
        payload=body or RateIn(),
        principal=principal,
    )
