"""A command's outcome as the HTTP response its sender gets."""

from fastapi.responses import JSONResponse
from starlette.types import Scope

from shared.chassis.idempotency.claims import REPLAYED_HEADER
from shared.chassis.idempotency.commands import Answer, CommandStatus
from shared.chassis.problems import problem, problem_response
from shared.chassis.schemas import InputErrorOut


def command_path(service: str, command_id: str) -> str:
    """Where a command's outcome can be looked up."""
    return f"/{service}/v1/commands/{command_id}"


def in_progress(service: str, command_id: str) -> JSONResponse:
    """202: the worker has not answered yet, and where to look."""
    path = command_path(service, command_id)
    body = {"command_id": command_id, "status": CommandStatus.PENDING.value, "location": path}
    return JSONResponse(body, status_code=202, headers={"Location": path})


def response_to(answer: Answer, scope: Scope) -> JSONResponse:
    """What the worker (or the door) answered; a refusal leaves as a problem."""
    if answer.status is CommandStatus.DONE:
        return JSONResponse(answer.body, status_code=answer.http_status)
    body = answer.body if isinstance(answer.body, dict) else {}
    wrong = [InputErrorOut.model_validate(each) for each in body.get("errors") or ()]
    return problem_response(
        problem(
            answer.http_status,
            str(body.get("code", "refused")),
            str(body.get("detail", "refused")),
            scope=scope,
            errors=wrong,
        )
    )


def replayed(answer: Answer, scope: Scope) -> JSONResponse:
    """The first request's answer, marked as a repetition."""
    response = response_to(answer, scope)
    response.headers[REPLAYED_HEADER] = "true"
    return response
