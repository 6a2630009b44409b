"""Every error leaves as an RFC 9457 problem; this is the one place that decides HTTP statuses."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from shared.chassis.schemas import InputErrorOut, Problem
from shared.db.faults import is_transient
from shared.kernel.errors import InvalidInputError, ObligorError, UnauthenticatedError
from shared.telemetry.logs import HIDDEN, is_secret_name, without_secrets

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = "2"
REQUEST_ID: Final = "obligor.request_id"
_LONGEST_VALUE = 80
_LONGEST_DETAIL = 500
_MOST_ERRORS = 50
_CODES: Final[Mapping[int, str]] = {
    400: "malformed_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid_input",
    500: "internal_error",
    503: "unavailable",
}
_UNSTORABLE: Final = frozenset({"22021", "22P05"})  # PostgreSQL: not in its character set
_DECLARED: Final = (401, 403, 404, 409, 413, 422, 500, 503)


def declared_problems() -> dict[int | str, dict[str, object]]:
    """The problems that every route may answer with, for OpenAPI."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in _DECLARED
    }


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    scope: Scope | None = None,
    errors: Sequence[InputErrorOut] | None = None,
) -> Problem:
    """Build a problem document."""
    return Problem(
        type=f"urn:obligor:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=without_secrets(detail)[:_LONGEST_DETAIL],
        code=code,
        instance=scope.get("path") if scope else None,
        request_id=scope.get(REQUEST_ID) if scope else None,
        errors=list(errors) if errors else None,
    )


def problem_of(error: ObligorError, *, scope: Scope | None = None) -> Problem:
    """The problem that a refusal makes."""
    if isinstance(error, InvalidInputError):
        wrong = _input_error(error.field, error.value, error.rule)
        detail = f"{wrong.field}: {wrong.rule}"
        return problem(error.status, error.code, detail, scope=scope, errors=[wrong])
    return problem(error.status, error.code, str(error), scope=scope)


def problem_response(found: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem as an HTTP response."""
    return JSONResponse(
        found.model_dump(exclude_none=True),
        status_code=found.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def failure_response(error: Exception, scope: Scope) -> JSONResponse | None:
    """The response to a failure that is not our own fault; None for one that is."""
    cause = getattr(error, "orig", None) or error
    if getattr(cause, "sqlstate", None) in _UNSTORABLE:
        detail = "the input contains characters that no text may contain, such as NUL"
        return problem_response(problem(422, _CODES[422], detail, scope=scope))
    if not is_transient(error):
        return None
    detail = "a part of the platform cannot be reached just now; nothing was changed, try again"
    found = problem(503, _CODES[503], detail, scope=scope)
    return problem_response(found, {"Retry-After": RETRY_AFTER_SECONDS})


def body_too_large_response(scope: Scope) -> JSONResponse:
    """The response to a body longer than any route reads."""
    return problem_response(problem(413, _CODES[413], "the body is too long", scope=scope))


def internal_error_response(scope: Scope) -> JSONResponse:
    """The response to our own fault: an id to look for in the log, and nothing else."""
    detail = "something went wrong inside; the request id leads to it in the log"
    return problem_response(problem(500, _CODES[500], detail, scope=scope))


def answer_with_problems(app: FastAPI) -> None:
    """Make every error of an app a problem document."""
    app.add_exception_handler(ObligorError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid_input)
    app.add_exception_handler(HTTPException, on_http_error)


async def _on_refusal(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ObligorError):
        raise error
    challenge = {"WWW-Authenticate": "Bearer"} if isinstance(error, UnauthenticatedError) else {}
    return problem_response(problem_of(error, scope=request.scope), challenge)


async def _on_invalid_input(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        _input_error(_path(found["loc"]), _echoed(found), str(found["msg"]))
        for found in error.errors()[:_MOST_ERRORS]
    ]
    detail = "; ".join(f"{wrong.field}: {wrong.rule}" for wrong in errors)
    return problem_response(problem(422, _CODES[422], detail, scope=request.scope, errors=errors))


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer the framework's own errors (no such path, wrong method, body too large)."""
    if not isinstance(error, HTTPException):
        raise error
    code = _CODES.get(error.status_code, "refused")
    found = problem(error.status_code, code, str(error.detail), scope=request.scope)
    return problem_response(found, error.headers)


def _path(location: Sequence[int | str]) -> str:
    """`("body", "lines", 0, "TA")` as `lines[0].TA`."""
    parts = location[1:] if len(location) > 1 else location
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return path.removeprefix(".")


def _echoed(found: Mapping[str, object]) -> object:
    """What to repeat of the input: nothing where a field is missing or the JSON is broken."""
    return None if found["type"] in {"missing", "json_invalid"} else found.get("input")


def _input_error(field: str, value: object, rule: str) -> InputErrorOut:
    rule = without_secrets(rule)[:_LONGEST_DETAIL]
    if value is None or is_secret_name(field):
        return InputErrorOut(field=field, value=None if value is None else HIDDEN, rule=rule)
    if isinstance(value, dict | list | tuple | set):
        return InputErrorOut(field=field, value=f"({len(value)} elements)", rule=rule)
    return InputErrorOut(field=field, value=_shortened(value), rule=rule)


def _shortened(value: object) -> str:
    text = without_secrets(str(value))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
