"""Screening over HTTP: the customer register and its screenings."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from pydantic import Field

from services.screening.domain.model import RegisterEntry, RegistrationStatus, script_of
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
from shared.chassis.schemas import In

router = APIRouter(tags=["screening"])

WITHOUT_NUL = r"^[^\x00]*$"  # PostgreSQL cannot hold it
CustomerId = Annotated[str, InPath(min_length=1, max_length=200, pattern=WITHOUT_NUL)]
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Registrar = Annotated[
    Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER, Role.ADMIN, Role.INGEST))
]
Screener = Annotated[Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER, Role.ADMIN))]
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=WITHOUT_NUL)]
Code = Annotated[str, Field(min_length=1, max_length=50, pattern=WITHOUT_NUL)]


class LegalNameIn(In):
    """A name; without a script it is guessed: Hans for Chinese characters, else Latn."""

    name: Text
    script: Annotated[str, Field(pattern="^[A-Z][a-z]{3}$")] | None = None
    type: Code = "registered"


class IdentifierIn(In):
    """An identifier, e.g. `uscc` or `lei`."""

    scheme: Code
    value: Text


class IndustryIn(In):
    """An industry code in its own scheme."""

    scheme: Code
    code: Code


class AddressIn(In):
    """An address."""

    lines: Annotated[tuple[Text, ...], Field(max_length=10)] = ()
    city: Text | None = None
    region: Text | None = None
    postal_code: Code | None = None
    country: Code | None = None
    type: Code = "registered"


class ContactIn(In):
    """Whom to speak to."""

    name: Text | None = None
    role: Text | None = None
    email: Text | None = None
    phone: Code | None = None


class BankAccountIn(In):
    """An account the customer pays from."""

    number: Code
    bank: Text | None = None
    holder: Text | None = None
    country: Code | None = None
    currency: Code | None = None


class RelationshipIn(In):
    """An edge to another party: owns, votes, controls, guarantees."""

    type: Code
    party: Text
    share: Annotated[float, Field(ge=0, le=1)] | None = None


class CustomerIn(In):
    """A customer; only names and country are required."""

    legal_names: Annotated[tuple[LegalNameIn, ...], Field(min_length=1, max_length=20)]
    country: Annotated[str, Field(pattern="^[A-Za-z]{2}$")]
    identifiers: Annotated[tuple[IdentifierIn, ...], Field(max_length=50)] = ()
    industry: IndustryIn | None = None
    registered_on: date | None = None
    registration_status: RegistrationStatus | None = None
    size_class: Code | None = None
    segment: Code | None = None
    addresses: Annotated[tuple[AddressIn, ...], Field(max_length=50)] = ()
    contacts: Annotated[tuple[ContactIn, ...], Field(max_length=50)] = ()
    bank_accounts: Annotated[tuple[BankAccountIn, ...], Field(max_length=50)] = ()
    relationships: Annotated[tuple[RelationshipIn, ...], Field(max_length=200)] = ()

    def payload(self, customer_id: str) -> Json:
        """The command that registers the customer."""
        written = self.model_dump(mode="json")
        for name in written["legal_names"]:
            name["script"] = name["script"] or script_of(name["name"])
        return written | {"customer_id": customer_id, "country": self.country.upper()}


class FinancialsIn(In):
    """Statement figures for check C12; what is left out is not known."""

    period_end: date
    z_double_prime: Annotated[float, Field(allow_inf_nan=False)] | None = None
    total_equity: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24)] | None = None
    audited: bool | None = None
    opinion: (
        Literal["unqualified", "qualified", "adverse", "disclaimer", "going_concern"] | None
    ) = None


class ScreeningIn(In):
    """What a screening may take into account beside the register."""

    financials: FinancialsIn | None = None


@router.put("/customers/{customer_id}", status_code=201)
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


@router.post("/customers/{customer_id}/screenings", status_code=201)
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


@router.get("/customers/{customer_id}")
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


@router.get("/customers")
async def list_customers(
    doors: DoorsDep,
    _: Reader,
    page: PageQuery,
    name: Annotated[str | None, Query(min_length=1, max_length=200, pattern=WITHOUT_NUL)] = None,
    identifier: Annotated[
        str | None, Query(min_length=1, max_length=100, pattern=WITHOUT_NUL)
    ] = None,
    outcome: Literal["pass", "refer", "reject_credit", "reject"] | None = None,
) -> Page[Json]:
    """Customers by id; by a name's beginning in any script, an identifier, or an outcome."""
    wanted = CustomerFilter(name=name, identifier=identifier, outcome=outcome)
    async with doors.reading() as conn:
        rows = await find_customers(conn, wanted, after=page.after_text(), fetch=page.fetch)
    return page.page(rows, cursor=_cursor, out=customer_answer)


def _cursor(entry: RegisterEntry) -> tuple[str]:
    return (entry.customer.customer_id,)
