"""Routes and what they depend on are coroutines: a plain function costs a thread per request.

FastAPI gives plain functions to a pool of threads, which want the interpreter while it decides.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import iscoroutinefunction, isfunction

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import SecretStr

from shared.chassis.settings import Settings

SERVICES = ("screening", "rating", "monitoring", "tiering", "recovery")
SETTINGS = Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))


def everyone_in(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from everyone_in(each)


def is_coroutine(call: Callable[..., object] | None) -> bool:
    """Whether a function, or what makes an object callable, is a coroutine function."""
    return iscoroutinefunction(call if isfunction(call) else type(call).__call__)


def threaded(app: FastAPI) -> Iterator[str]:
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            for each in everyone_in(context.dependant):
                if not is_coroutine(each.call):
                    yield f"{context.path}: {each.call}"


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_and_dependency_is_a_coroutine(service: str) -> None:
    app: FastAPI = import_module(f"services.{service}.app").create_app(SETTINGS)
    assert list(threaded(app)) == []
