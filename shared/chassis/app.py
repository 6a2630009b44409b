"""One service as a web application: its own routes, the routes that every service has, its life."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI
from typing_extensions import override

from shared.auth.keyring import KeyRing
from shared.chassis.doors import Doors
from shared.chassis.middleware import RequestFrame
from shared.chassis.problems import answer_with_problems, declared_problems
from shared.chassis.routes import (
    audit,
    commands,
    dead_letters,
    decisions,
    events,
    keys,
    policies,
    positions,
    probes,
    readers,
)
from shared.chassis.schema_check import refuse_another_layout, what_is_missing
from shared.chassis.schemas import InputErrorOut, Problem
from shared.chassis.service import AnyService
from shared.chassis.settings import Pooler, Settings
from shared.chassis.tables import chassis_tables
from shared.db.engine import Database, DatabaseSettings
from shared.telemetry.metrics import Metrics

LARGEST_BODY_BYTES: Final = 10 * 1024 * 1024
Runner = Callable[[Doors], AbstractAsyncContextManager[None]]
"""Something that runs beside the routes while the app lives: the worker, the day scheduler."""

COMMON_ROUTERS: Final = (
    policies.router,
    decisions.router,
    events.router,
    commands.router,
    dead_letters.router,
    positions.router,
    readers.router,
    keys.router,
    audit.router,
)


class ServiceApp(FastAPI):
    """FastAPI, with `Problem` among the schemas: its media type is not FastAPI's own."""

    @override
    def openapi(self) -> dict[str, object]:
        """The OpenAPI document."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for model in (Problem, InputErrorOut):
            shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
            shape.pop("$defs", None)
            schemas.setdefault(model.__name__, shape)
        return document


class DatabaseMissingError(Exception):
    """A service cannot start without a database."""

    def __init__(self) -> None:
        super().__init__("OBLIGOR_DATABASE_URL must say where PostgreSQL is")


def build_app(
    service: AnyService,
    router: APIRouter,
    settings: Settings,
    *,
    database: Database | None = None,
    runners: Sequence[Runner] = (),
) -> FastAPI:
    """The application of one service. The router's paths begin after `/{service}/v1`."""
    doors = _doors(service, settings, database or database_of(service.name, settings))
    app = _bare_app(service.name)
    app.state.doors = doors
    app.state.runners = list(runners)
    app.state.keyring = KeyRing(
        doors.database, doors.tables.api_key, admin_token=_admin_token(settings)
    )
    for each in (router, *COMMON_ROUTERS):
        app.include_router(
            each,
            prefix=f"/{service.name}/v1",
            responses=declared_problems(),
            max_body_size=LARGEST_BODY_BYTES,
        )
    app.include_router(probes.router)
    app.add_middleware(RequestFrame, metrics=doors.metrics, largest_body=LARGEST_BODY_BYTES)
    answer_with_problems(app)
    return app


def _bare_app(name: str) -> FastAPI:
    return ServiceApp(
        title=f"Obligor {name}",
        version="1",
        docs_url=f"/{name}/docs",
        redoc_url=None,
        openapi_url=f"/{name}/openapi.json",
        swagger_ui_oauth2_redirect_url=None,
        lifespan=_lifespan,
    )


def attach(app: FastAPI, runner: Runner) -> None:
    """Run something beside the routes, from the app's start to its end."""
    app.state.runners.append(runner)


def database_of(service: str, settings: Settings) -> Database:
    """The pool a service works with."""
    if settings.database_url is None:
        raise DatabaseMissingError
    found = DatabaseSettings(
        url=settings.database_url.get_secret_value(),
        roles=settings.database_roles,
        pgbouncer=settings.db_pooler is Pooler.PGBOUNCER,
    )
    return Database(found, service)


def _doors(service: AnyService, settings: Settings, database: Database) -> Doors:
    doors = Doors(
        service=service,
        database=database,
        settings=settings,
        tables=chassis_tables(service.name, service.metadata),
        metrics=Metrics(service.name),
    )
    doors.health.ready["database"] = _database_ready(doors)
    return doors


def _database_ready(doors: Doors) -> Callable[[], Awaitable[str | None]]:
    async def check() -> str | None:
        """What the database lacks, if anything."""
        async with doors.reading() as conn:
            return await what_is_missing(conn, doors)

    return check


def _admin_token(settings: Settings) -> str | None:
    token = settings.admin_token
    return None if token is None else token.get_secret_value()


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Runners start in order and stop in reverse; the pool closes when all have stopped."""
    doors: Doors = app.state.doors
    async with AsyncExitStack() as stack:
        stack.push_async_callback(doors.database.close)
        await refuse_another_layout(doors)
        for runner in app.state.runners:
            await stack.enter_async_context(runner(doors))
        doors.health.started = True
        yield
        doors.health.drain()
