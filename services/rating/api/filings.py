"""Statements and outside grades in; the statements and their ratios out."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.rating.api.dating import business_day_of, moment_of
from services.rating.api.ratings import CustomerId, Reader
from services.rating.api.schemas import (
    AcceptedOut,
    ExternalRatingIn,
    RatiosOut,
    StatementIn,
    StatementOut,
)
from services.rating.domain.external import check_opinion
from services.rating.domain.policy import RatingPolicy
from services.rating.domain.statements import check_statement, latest_statement
from services.rating.storage.questions import statements_filed
from services.rating.usecases.learn import opinion_of, statement_of
from services.rating.usecases.shown import shown_ratios, shown_statement
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, Fact, allowed
from shared.chassis.paging import Page
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.contracts.financials import ExternalRatingPublished, FinancialStatementFiled
from shared.kernel.errors import NotFoundError
from shared.kernel.ids import new_id
from shared.policies.book import PolicyBook
from shared.policies.versions import load_policies

router = APIRouter()
SOURCE = "/obligor/rating/doors"
Filer = Annotated[
    Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER, Role.INGEST, Role.ADMIN))
]


class NoStatementError(NotFoundError):
    """The customer has filed no statement, or none that counted by that day."""

    code = "no_statement"

    def __init__(self, customer_id: str) -> None:
        super().__init__("financial statement of customer", customer_id)


@router.post(
    "/customers/{customer_id}/financial-statements", status_code=202, response_model=AcceptedOut
)
async def file_statement(
    customer_id: CustomerId,
    body: StatementIn,
    doors: DoorsDep,
    principal: Filer,
    request: Request,
) -> Response:
    """File a statement. Refused at once when it cannot be true: unknown lines, out of balance."""
    event = FinancialStatementFiled(
        period_end=body.period_end,
        months=body.months,
        basis=body.basis.value,
        currency=body.currency,
        unit=body.unit.value,
        lines=body.lines,
        opinion=None if body.opinion is None else body.opinion.value,
        auditor=body.auditor,
    )
    statement = statement_of(event)
    async with doors.reading() as conn:
        today = await business_day_of(conn, doors, customer_id)
        policy = (await load_policies(conn, doors.service)).in_force(today).policy
        filed = [each.statement for each in await statements_filed(conn, customer_id)]
    earlier = [each for each in filed if each.period_end < statement.period_end]
    previous = latest_statement(earlier, as_of=statement.period_end)
    check_statement(statement, policy.statements, previous=previous)
    fact = _fact(doors, customer_id, event, day=body.filed_on or today)
    return await _append(request, doors, principal, fact)


@router.post(
    "/customers/{customer_id}/external-ratings", status_code=202, response_model=AcceptedOut
)
async def publish_external_rating(
    customer_id: CustomerId,
    body: ExternalRatingIn,
    doors: DoorsDep,
    principal: Filer,
    request: Request,
) -> Response:
    """Note an agency's grade. Refused at once when the policy knows neither agency nor grade."""
    event = ExternalRatingPublished(
        agency=body.agency,
        grade=body.grade,
        kind=body.kind.value,
        affirmed_on=body.affirmed_on,
        outlook=body.outlook.value,
    )
    async with doors.reading() as conn:
        today = await business_day_of(conn, doors, customer_id)
        policy = (await load_policies(conn, doors.service)).in_force(today).policy
    check_opinion(opinion_of(event), policy.external)
    return await _append(request, doors, principal, _fact(doors, customer_id, event, day=today))


def _fact(doors: Doors, customer_id: str, event: Event, *, day: date) -> Fact:
    return Fact(
        topic=catalogue.FINANCIALS,
        type=catalogue.EVENT_TYPES[type(event)],
        source=SOURCE,
        id=new_id(),
        time=moment_of(day, doors),
        customer_id=customer_id,
        value=catalogue.encode(event),
    )


async def _append(request: Request, doors: Doors, principal: Principal, fact: Fact) -> Response:
    accepted = AcceptedOut(id=fact.id, source=fact.source)
    return await doors.append_facts(
        request, [fact], principal=principal, answer=accepted.model_dump(mode="json")
    )


@router.get("/customers/{customer_id}/financial-statements")
async def statements(
    customer_id: CustomerId, doors: DoorsDep, principal: Reader
) -> Page[StatementOut]:
    """A customer's statements, the latest period first."""
    del principal
    async with doors.reading() as conn:
        filed = await statements_filed(conn, customer_id)
    return Page(items=[StatementOut.model_validate(shown_statement(each)) for each in filed])


@router.get("/customers/{customer_id}/ratios")
async def ratios(
    customer_id: CustomerId, doors: DoorsDep, principal: Reader, as_of: date | None = None
) -> RatiosOut:
    """The ratios of the statement that counts as of a day, with their points on FS-1."""
    del principal
    async with doors.reading() as conn:
        day = as_of or await business_day_of(conn, doors, customer_id)
        policies: PolicyBook[RatingPolicy] = await load_policies(conn, doors.service)
        filed = await statements_filed(conn, customer_id, as_of=day)
    counted = shown_ratios(
        [each.statement for each in filed], policies.in_force(day).policy, as_of=day
    )
    if counted is None:
        raise NoStatementError(customer_id)
    return RatiosOut.model_validate({"customer_id": customer_id, **counted})
