"""Around every request: an id, the time it took, and a last net for our own faults. Pure ASGI."""

import re
from time import perf_counter
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.chassis.problems import (
    REQUEST_ID,
    body_too_large_response,
    failure_response,
    internal_error_response,
)
from shared.kernel.ids import new_id
from shared.telemetry.metrics import Metrics

HEADER: Final = "X-Request-Id"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_UNMATCHED: Final = "unmatched"
_SILENT: Final = frozenset({"/healthz", "/readyz", "/metrics"})
log = structlog.get_logger()


class RequestFrame:
    """Gives each request its id, counts and times it, and answers what nobody caught."""

    def __init__(self, app: ASGIApp, metrics: Metrics, largest_body: int) -> None:
        self._app = app
        self._metrics = metrics
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request (or lifespan, passed through)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[REQUEST_ID] = _request_id(scope)
        began = perf_counter()
        reply = _Reply(send, scope[REQUEST_ID])
        try:
            if self._announced_too_large(scope):
                await body_too_large_response(scope)(scope, receive, reply.send)
            else:
                await self._app(scope, receive, reply.send)
        except Exception as error:
            if reply.status is not None:
                raise
            await self._answer_failure(error, scope, receive, reply)
        finally:
            self._count(scope, reply.status or 499, perf_counter() - began)

    def _announced_too_large(self, scope: Scope) -> bool:
        """Whether the request says itself that it is too long; others are measured on the way."""
        length = Headers(scope=scope).get("content-length", "")
        return length.isdecimal() and int(length) > self._largest_body

    async def _answer_failure(
        self, error: Exception, scope: Scope, receive: Receive, reply: "_Reply"
    ) -> None:
        response = failure_response(error, scope)
        if response is None:
            log.error(
                "request_failed", request_id=scope[REQUEST_ID], path=scope["path"], exc_info=error
            )
            response = internal_error_response(scope)
        else:
            log.warning("request_put_off", request_id=scope[REQUEST_ID], reason=str(error))
        await response(scope, receive, reply.send)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_template(scope)
        if route in _SILENT:
            return
        method = scope["method"] if route != _UNMATCHED else "any"
        self._metrics.count(
            "obligor_http_requests_total", method=method, route=route, status=str(status)
        )
        self._metrics.observe("obligor_http_request_seconds", seconds, method=method, route=route)


class _Reply:
    """Remembers the status on its way out and adds the request's id."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on, the request's id among its headers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self._request_id
        await self._send(message)


def _request_id(scope: Scope) -> str:
    """The caller's own request id if it is a harmless one, else a fresh one."""
    given = Headers(scope=scope).get(HEADER, "")
    return given if _ACCEPTABLE.fullmatch(given) else new_id()


def route_template(scope: Scope) -> str:
    """The path with its parameters' names, so that labels stay few: never a customer's id."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    path = getattr(context, "path", None) or getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else _UNMATCHED
