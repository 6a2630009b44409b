"""Screening over HTTP: the customer register and its screenings."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath

from services.screening.api.shapes import (
    WITHOUT_NUL,
    CustomerIn,
    CustomerOut,
    Outcome,
    ScreenedCustomerOut,
    ScreeningIn,
    ScreeningOut,
)
from services.screening.domain.model import RegisterEntry
from services.screening.storage import (
    CustomerFilter,
    find_customers,
    find_entry,
    last_screening,
)
from services.screening.usecases import Json, customer_answer, screening_answer
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery

router = APIRouter(tags=["screening"])

PENDING: Final[Json] = {"description": "Not answered yet; Location says where to look"}

CustomerId = Annotated[str, InPath(min_length=1, max_length=200, pattern=WITHOUT_NUL)]
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Registrar = Annotated[
    Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER, Role.ADMIN, Role.INGEST))
]
Screener = Annotated[Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER, Role.ADMIN))]


@router.put(
    "/customers/{customer_id}",
    status_code=201,
    responses={
        200: {"model": CustomerOut, "description": "Known before: unchanged, or a new version"},
        201: {"model": ScreenedCustomerOut, "description": "Registered and screened"},
        202: PENDING,
    },
)
async def put_customer(
    request: Request,
    doors: DoorsDep,
    principal: Registrar,
    customer_id: CustomerId,
    body: CustomerIn,
) -> Response:
    """Register a customer, which screens it at once (201); or replace its facts (200)."""
    return await doors.command(
        request,
        "register_customer",
        customer_id=customer_id,
        payload=body.payload(customer_id),
        principal=principal,
    )


@router.post(
    "/customers/{customer_id}/screenings",
    status_code=201,
    responses={201: {"model": ScreeningOut, "description": "Screened"}, 202: PENDING},
)
async def post_screening(
    request: Request,
    doors: DoorsDep,
    principal: Screener,
    customer_id: CustomerId,
    body: ScreeningIn | None = None,
) -> Response:
    """Screen a customer now."""
    payload = (body or ScreeningIn()).model_dump(mode="json")
    return await doors.command(
        request,
        "screen_customer",
        customer_id=customer_id,
        payload=payload | {"customer_id": customer_id},
        principal=principal,
    )


@router.get("/customers/{customer_id}", response_model=ScreenedCustomerOut)
async def get_customer(doors: DoorsDep, _: Reader, customer_id: CustomerId) -> Json:
    """A customer, with its last screening."""
    async with doors.reading() as conn:
        entry = await find_entry(conn, customer_id)
        screening = await last_screening(conn, entry)
    if screening is None:
        return customer_answer(entry)
    return customer_answer(entry) | screening_answer(
        screening.decision,
        decision_id=screening.decision_id,
        as_of=screening.as_of,
        policy_version=screening.policy_version,
    )


@router.get("/customers", response_model=Page[CustomerOut])
async def list_customers(
    doors: DoorsDep,
    _: Reader,
    page: PageQuery,
    name: Annotated[str | None, Query(min_length=1, max_length=200, pattern=WITHOUT_NUL)] = None,
    identifier: Annotated[
        str | None, Query(min_length=1, max_length=100, pattern=WITHOUT_NUL)
    ] = None,
    outcome: Outcome | None = None,
) -> Page[Json]:
    """Customers by id; by a name's beginning in any script, an identifier, or an outcome."""
    wanted = CustomerFilter(name=name, identifier=identifier, outcome=outcome)
    async with doors.reading() as conn:
        rows = await find_customers(conn, wanted, after=page.after_text(), fetch=page.fetch)
    return page.page(rows, cursor=_cursor, out=customer_answer)


def _cursor(entry: RegisterEntry) -> tuple[str]:
    return (entry.customer.customer_id,)
