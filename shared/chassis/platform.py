"""Several services in one process, behind one address: the all-in-one platform."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.chassis.doors import Doors
from shared.chassis.health import Health
from shared.chassis.problems import on_http_error
from shared.chassis.routes.probes import health_response
from shared.telemetry.metrics import text_of

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


class Platform:
    """Sends each request to the service its path begins with; the rest is the platform's own."""

    def __init__(self, apps: Sequence[FastAPI]) -> None:
        self.apps = {doors_behind(app).service.name: app for app in apps}
        self._root = _root(self.apps)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the process's life."""
        await self._chosen(scope)(scope, receive, send)

    def drain(self) -> None:
        """Make every service unready, before the process stops."""
        for app in self.apps.values():
            doors_behind(app).health.drain()

    def _chosen(self, scope: Scope) -> ASGIApp:
        if scope["type"] == "lifespan":
            return self._root
        first = str(scope["path"]).lstrip("/").split("/", 1)[0]
        return self.apps.get(first, self._root)


def build_platform(apps: Sequence[FastAPI]) -> Platform:
    """The ASGI application that serves these services' applications under one address."""
    return Platform(apps)


def doors_behind(app: FastAPI) -> Doors:
    """The doors of a service's application."""
    doors: Doors = app.state.doors
    return doors


def _root(apps: Mapping[str, FastAPI]) -> Starlette:
    doors = {name: doors_behind(app) for name, app in apps.items()}

    async def alive(_request: Request) -> Response:
        """200 while no service asks to be started again."""
        return health_response({name: why for name, each in doors.items() if (why := _dead(each))})

    async def ready(_request: Request) -> Response:
        """200 while every service can be sent requests."""
        reasons = {name: await each.health.unready_because() for name, each in doors.items()}
        return health_response({name: why for name, why in reasons.items() if why})

    async def metrics(_request: Request) -> Response:
        """The metrics of all services as text."""
        text = text_of([each.metrics for each in doors.values()])
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    async def index(request: Request) -> Response:
        """What is served here."""
        return _index(request, list(doors))

    own = {"/healthz": alive, "/readyz": ready, "/metrics": metrics, "/": index}
    return Starlette(
        routes=[Route(path, answer) for path, answer in own.items()],
        lifespan=_lives_of(list(apps.values())),
        exception_handlers={HTTPException: on_http_error},
    )


def _dead(doors: Doors) -> dict[str, str]:
    health: Health = doors.health
    return health.dead_because() if health.started else {"process": "starting"}


def _lives_of(apps: Sequence[FastAPI]) -> Lifespan:
    """Start the services in order; stop them in reverse, whatever one of them does."""

    @asynccontextmanager
    async def lives(_root: Starlette) -> AsyncIterator[None]:
        """All services' lives, one inside the other."""
        async with AsyncExitStack() as stack:
            for app in apps:
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield
            for app in apps:
                doors_behind(app).health.drain()

    return lives


def _index(request: Request, services: Sequence[str]) -> Response:
    """What is here: a page for people, JSON for programs."""
    if "text/html" in request.headers.get("accept", ""):
        links = "".join(f'<li><a href="/{name}/docs">{name}</a></li>' for name in services)
        page = f"<!doctype html><title>Obligor</title><h1>Obligor</h1><ul>{links}</ul>"
        return HTMLResponse(page)
    docs = {name: f"/{name}/docs" for name in services}
    return JSONResponse({"name": "obligor", "services": docs, "health": "/healthz"})
