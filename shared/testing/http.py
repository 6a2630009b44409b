"""A service's doors as a test sees them: the real application, called in process."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import APIRouter, FastAPI
from pydantic import SecretStr
from starlette.types import ASGIApp

from shared.auth.keys import KeyRequest, add_key
from shared.auth.principals import Role
from shared.chassis.app import Runner, build_app
from shared.chassis.doors import Doors
from shared.chassis.service import AnyService
from shared.chassis.settings import Settings

ADMIN = "the-administrator-of-the-tests"


@dataclass(frozen=True, slots=True)
class Caller:
    """A service's application and a client in front of it."""

    app: FastAPI
    client: httpx.AsyncClient

    @property
    def doors(self) -> Doors:
        """The doors behind the application."""
        doors: Doors = self.app.state.doors
        return doors

    async def key(self, *roles: Role, person: str = "Ada") -> dict[str, str]:
        """The headers of a request with a fresh key that carries these roles."""
        wish = KeyRequest(person=person, name="test", roles=frozenset(roles))
        async with self.doors.transaction() as conn:
            _, token = await add_key(conn, self.doors.tables.api_key, wish)
        return bearer(token)


def bearer(token: str = ADMIN) -> dict[str, str]:
    """The headers of a request with a token; the administrator's by default."""
    return {"Authorization": f"Bearer {token}"}


def settings_for(url: str = "postgresql:///none", **more: object) -> Settings:
    """Settings for a database, with the tests' admin token."""
    given: Mapping[str, object] = {
        "database_url": SecretStr(url),
        "admin_token": SecretStr(ADMIN),
        "command_wait_seconds": 0.3,
        **more,
    }
    return Settings.model_validate(given)


@asynccontextmanager
async def calling(
    service: AnyService,
    settings: Settings,
    *,
    router: APIRouter | None = None,
    runners: Sequence[Runner] = (),
) -> AsyncIterator[Caller]:
    """A service's application, alive, with a client that calls it in process."""
    app = build_app(service, router or APIRouter(), settings, runners=runners)
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield Caller(app, client)


@asynccontextmanager
async def client_of(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """A client that calls an application in process."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://obligor.test") as client:
        yield client
