"""Recovery over HTTP: the cases, their history, and what people do in them."""

from datetime import date
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from pydantic import ConfigDict, Field, model_validator

from services.recovery.domain.acting import ActionType
from services.recovery.domain.model import Case, CaseState
from services.recovery.storage import CaseFilter, Scalar, find_case, find_cases, find_deeds
from services.recovery.usecases import case_answer, deed_answer
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery, PageRequest, UnreadableCursorError
from shared.chassis.schemas import In
from shared.kernel.errors import ForbiddenError

router = APIRouter(tags=["recovery"])

WITHOUT_NUL = r"^[^\x00]*$"  # PostgreSQL cannot hold it
CaseId = Annotated[str, InPath(min_length=1, max_length=200, pattern=WITHOUT_NUL)]
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Collector = Annotated[Principal, Depends(allowed(Role.COLLECTOR, Role.CREDIT_MANAGER, Role.ADMIN))]
Text = Annotated[str, Field(max_length=500, pattern=WITHOUT_NUL)]
Json = dict[str, Any]  # answers grow; their shape is in usecases.answers


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


@router.get("/cases")
async def list_cases(
    doors: DoorsDep,
    _: Reader,
    page: PageQuery,
    customer_id: Annotated[str | None, Query(max_length=200, pattern=WITHOUT_NUL)] = None,
    state: CaseState | None = None,
    *,
    open_only: Annotated[bool, Query(alias="open")] = False,
) -> Page[Json]:
    """Cases, the newest first; of a customer, in a state, or only those that go on."""
    wanted = CaseFilter(customer_id, state.value if state else None, open_only)
    after = _after(page)
    async with doors.reading() as conn:
        rows = await find_cases(conn, wanted, after=after, fetch=page.fetch)
    return page.page(rows, cursor=_cursor, out=case_answer)


@router.get("/cases/{case_id}")
async def get_case(doors: DoorsDep, _: Reader, case_id: CaseId) -> Json:
    """A case with its history."""
    async with doors.reading() as conn:
        case = await find_case(conn, case_id)
        deeds = await find_deeds(conn, case_id)
    return case_answer(case) | {"history": [deed_answer(deed) for deed in deeds]}


@router.post("/cases/{case_id}/actions", status_code=201)
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
