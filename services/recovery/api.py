"""Recovery over HTTP: the cases, their history, and what people do in them."""

from datetime import date
from typing import Annotated, Final, Self

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from pydantic import ConfigDict, Field, model_validator

from services.recovery.domain.acting import ActionType
from services.recovery.domain.model import Case, CaseCause, CaseState, Planner
from services.recovery.storage import CaseFilter, Scalar, find_case, find_cases, find_deeds
from services.recovery.usecases import Json, case_answer, deed_answer
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery, PageRequest, UnreadableCursorError
from shared.chassis.schemas import In, Out
from shared.kernel.errors import ForbiddenError, InvalidInputError

router = APIRouter(tags=["recovery"])

PENDING: Final[Json] = {"description": "Not answered yet; Location says where to look"}

OPEN = "open"  # stands for every state but closed
WITHOUT_NUL = r"^[^\x00]*$"  # PostgreSQL cannot hold it
CaseId = Annotated[str, InPath(min_length=1, max_length=200, pattern=WITHOUT_NUL)]
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Collector = Annotated[Principal, Depends(allowed(Role.COLLECTOR, Role.CREDIT_MANAGER, Role.ADMIN))]
Text = Annotated[str, Field(max_length=500, pattern=WITHOUT_NUL)]


class WaiverForbiddenError(ForbiddenError):
    """Money that is still owed is given up by a credit manager only."""

    code = "waiver_forbidden"

    def __init__(self) -> None:
        super().__init__("only a credit manager may waive what is still overdue")


class ActionDetailsIn(In):
    """What the action brings: the next one, a promise, a waiver; anything else is kept as it is."""

    model_config = ConfigDict(extra="allow", frozen=True, str_max_length=2_000)
    __pydantic_extra__: dict[str, Scalar] = Field(init=False)

    next_action: Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)] | None = (
        None
    )
    next_action_on: date | None = None
    promised_on: date | None = None
    waiver: bool = False

    @model_validator(mode="after")
    def _refuse_nul(self) -> Self:
        for name, value in self.__pydantic_extra__.items():
            if "\x00" in name or (isinstance(value, str) and "\x00" in value):
                message = "text must not hold NUL"
                raise ValueError(message)
        return self


class ActionIn(In):
    """What was done in a case."""

    type: ActionType
    note: Annotated[str, Field(max_length=5_000, pattern=WITHOUT_NUL)] = ""
    data: ActionDetailsIn = ActionDetailsIn()

    def payload(self, case: Case) -> Json:
        """The command that records it."""
        known = self.data.model_dump(mode="json", include=set(ActionDetailsIn.model_fields))
        return known | {
            "customer_id": case.customer_id,
            "case_id": case.case_id,
            "type": self.type.value,
            "note": self.note,
            "details": dict(self.data.__pydantic_extra__),
        }


class CaseOut(Out):
    """A case: its state, what is owed, and what happens next."""

    case_id: str
    customer_id: str
    state: CaseState
    cause: CaseCause
    opened_on: date
    closed_on: date | None
    outcome: str | None
    tier: str | None
    amount: str
    currency: str
    step: str | None
    next_action: str | None
    next_action_on: date | None
    planned_by: Planner | None
    promise_until: date | None
    version: int


class DeedOut(Out):
    """One line of a case's history, and how the case stood after it."""

    type: str
    actor: str
    note: str
    decision_id: str | None
    details: dict[str, Scalar]
    ordinal: int
    on: date
    state: CaseState
    next_action: str | None
    next_action_on: date | None


class CaseWithHistoryOut(CaseOut):
    """A case with all that was done in it."""

    history: tuple[DeedOut, ...]


@router.get("/cases", response_model=Page[CaseOut])
async def list_cases(
    doors: DoorsDep,
    _: Reader,
    page: PageQuery,
    customer_id: Annotated[str | None, Query(max_length=200, pattern=WITHOUT_NUL)] = None,
    state: Annotated[str | None, Query(max_length=40)] = None,
) -> Page[Json]:
    """Cases, the newest first; of a customer, in a state, or `open`: all that go on."""
    wanted = _filter(customer_id, state)
    after = _after(page)
    async with doors.reading() as conn:
        rows = await find_cases(conn, wanted, after=after, fetch=page.fetch)
    return page.page(rows, cursor=_cursor, out=case_answer)


@router.get("/cases/{case_id}", response_model=CaseWithHistoryOut)
async def get_case(doors: DoorsDep, _: Reader, case_id: CaseId) -> Json:
    """A case with its history."""
    async with doors.reading() as conn:
        case = await find_case(conn, case_id)
        deeds = await find_deeds(conn, case_id)
    return case_answer(case) | {"history": [deed_answer(deed) for deed in deeds]}


@router.post(
    "/cases/{case_id}/actions",
    status_code=201,
    responses={201: {"model": CaseOut, "description": "The case after the action"}, 202: PENDING},
)
async def post_action(
    request: Request, doors: DoorsDep, principal: Collector, case_id: CaseId, body: ActionIn
) -> Response:
    """Record what was done in a case, and what is to happen next."""
    if body.data.waiver and not principal.may(Role.CREDIT_MANAGER):
        raise WaiverForbiddenError
    async with doors.reading() as conn:
        case = await find_case(conn, case_id)
    return await doors.command(
        request,
        "add_action",
        customer_id=case.customer_id,
        payload=body.payload(case),
        principal=principal,
    )


def _filter(customer_id: str | None, state: str | None) -> CaseFilter:
    if state is None:
        return CaseFilter(customer_id)
    if state.lower() == OPEN:
        return CaseFilter(customer_id, open_only=True)
    if state.lower() not in set(CaseState):
        rule = f"must be {OPEN} or one of {', '.join(CaseState)}"
        raise InvalidInputError(field="state", value=state, rule=rule)
    return CaseFilter(customer_id, state.lower())


def _cursor(case: Case) -> tuple[str, str]:
    return (case.opened_on.isoformat(), case.case_id)


def _after(page: PageRequest) -> tuple[date, str] | None:
    match page.after:
        case None:
            return None
        case (str(day), str(case_id)):
            try:
                return date.fromisoformat(day), case_id
            except ValueError as error:
                raise UnreadableCursorError from error
        case _:
            raise UnreadableCursorError
