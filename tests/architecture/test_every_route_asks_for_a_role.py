"""No door is open by mistake: every route of every service names its roles, and means it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import SecretStr
from typing_extensions import override

from shared.auth.keyring import UnknownKeyError
from shared.auth.principals import Principal, Role
from shared.chassis.gate import Allowed
from shared.chassis.settings import Settings
from shared.testing.http import client_of

SERVICES = ("screening", "rating", "monitoring", "tiering", "recovery")
KEY = "the-key"
PROBES = {"/healthz", "/readyz", "/metrics"}
SETTINGS = Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))


@dataclass(frozen=True, slots=True)
class Door:
    service: str
    method: str
    path: str
    roles: tuple[Role, ...] | None

    @override
    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class RingOf:
    """A key ring with one key, that carries these roles."""

    roles: frozenset[Role]

    async def holder_of(self, token: str | None) -> Principal:
        if token != KEY:
            raise UnknownKeyError
        return Principal("k1", "Ada", self.roles)


def app_of(service: str) -> FastAPI:
    app: FastAPI = import_module(f"services.{service}.app").create_app(SETTINGS)
    return app


def doors_of(service: str) -> Iterator[Door]:
    for context in iter_route_contexts(APPS[service].routes):
        if not isinstance(context.original_route, APIRoute):
            continue
        for method in sorted(context.methods or ()):
            yield Door(service, method, str(context.path), roles_in(context.dependant))


def roles_in(dependant: Dependant) -> tuple[Role, ...] | None:
    for each in dependant.dependencies:
        if isinstance(each.call, Allowed):
            return each.call.roles
    return None


APPS = {service: app_of(service) for service in SERVICES}
DOORS = [door for service in SERVICES for door in doors_of(service)]
GUARDED = [door for door in DOORS if door.path not in PROBES]


@asynccontextmanager
async def knocking(door: Door, *roles: Role) -> AsyncIterator[httpx.AsyncClient]:
    app = APPS[door.service]
    app.state.keyring = RingOf(frozenset(roles))
    async with client_of(app) as client:
        yield client


def address(door: Door) -> str:
    """A path that the route matches."""
    return door.path.replace("{day}", "2026-01-01").replace("{", "").replace("}", "")


@pytest.mark.parametrize("service", SERVICES)
def test_the_framework_itself_serves_nothing_but_the_docs(service: str) -> None:
    plain = {
        str(context.path)
        for context in iter_route_contexts(APPS[service].routes)
        if not isinstance(context.original_route, APIRoute)
    }
    assert plain == {f"/{service}/docs", f"/{service}/openapi.json"}


@pytest.mark.parametrize("service", SERVICES)
def test_the_probes_are_the_only_open_routes(service: str) -> None:
    unguarded = {door.path for door in DOORS if door.service == service and door.roles is None}
    assert unguarded == PROBES


@pytest.mark.parametrize("door", GUARDED, ids=str)
def test_a_route_lives_under_its_services_own_prefix(door: Door) -> None:
    assert door.path.startswith(f"/{door.service}/v1/")


@pytest.mark.parametrize("door", GUARDED, ids=str)
async def test_without_a_key_the_answer_is_401(door: Door) -> None:
    async with knocking(door) as client:
        answer = await client.request(door.method, address(door))
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize("door", GUARDED, ids=str)
async def test_with_a_key_of_other_roles_the_answer_is_403(door: Door) -> None:
    """Where every role may pass, a key that carries none stays outside."""
    wanted = frozenset(door.roles or ())
    others = frozenset(Role) - wanted
    if Role.VIEWER in wanted:  # whoever works here may read
        others &= {Role.INGEST}
    async with knocking(door, *others) as client:
        headers = {"Authorization": f"Bearer {KEY}"}
        answer = await client.request(door.method, address(door), headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "role_missing"


@pytest.mark.parametrize("service", SERVICES)
def test_openapi_declares_keys_and_problems_on_every_route(service: str) -> None:
    document = APPS[service].openapi()
    assert "Problem" in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path in PROBES:
                continue
            assert operation["security"] == [{"ApiKey": []}], path
            for status in ("401", "403", "422", "500", "503"):
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], (path, status)
