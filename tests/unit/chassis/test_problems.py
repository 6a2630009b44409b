"""Every error leaves as a problem document, and none tells a secret."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import Field, SecretStr

from shared.chassis.middleware import RequestFrame
from shared.chassis.problems import answer_with_problems, declared_problems, problem_of
from shared.chassis.schemas import In
from shared.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ObligorError,
    PoisonError,
    UnauthenticatedError,
)
from shared.telemetry.metrics import Metrics
from shared.testing.http import client_of


class LineIn(In):
    amount: Decimal
    name: Annotated[str, Field(max_length=5)] = ""


class BodyIn(In):
    lines: list[LineIn]
    password: SecretStr | None = None


def an_app() -> FastAPI:
    app, router = FastAPI(), APIRouter()

    @router.post("/lines")
    async def lines(body: BodyIn) -> int:
        return len(body.lines)

    @router.get("/refuse/{name}")
    async def refuse(name: str) -> None:
        raise ERRORS[name]

    app.include_router(router, max_body_size=1000)
    app.add_middleware(RequestFrame, metrics=Metrics("toy"), largest_body=1000)
    answer_with_problems(app)
    return app


ERRORS: dict[str, ObligorError] = {
    "input": InvalidInputError(field="amount", value="-1", rule="must be positive"),
    "missing": NotFoundError("case", "7"),
    "conflict": ConflictError("case 7 is closed"),
    "forbidden": ForbiddenError("not yours"),
    "unknown": UnauthenticatedError("send a key"),
    "poison": PoisonError("never"),
}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(an_app()) as client:
        yield client


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("input", 422, "invalid_input"),
        ("missing", 404, "not_found"),
        ("conflict", 409, "conflict"),
        ("forbidden", 403, "forbidden"),
        ("unknown", 401, "unauthenticated"),
        ("poison", 422, "poison"),
    ],
)
async def test_a_refusal_keeps_its_status_and_code(
    client: httpx.AsyncClient, name: str, status: int, code: str
) -> None:
    answer = await client.get(f"/refuse/{name}")
    shown = answer.json()
    assert answer.status_code == shown["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert shown["code"] == code
    assert shown["type"] == f"urn:obligor:problem:{code}"
    assert shown["instance"] == f"/refuse/{name}"
    assert shown["request_id"] == answer.headers["X-Request-Id"]


async def test_an_invalid_field_is_named_with_value_and_rule(client: httpx.AsyncClient) -> None:
    answer = await client.get("/refuse/input")
    assert answer.json()["errors"] == [
        {"field": "amount", "value": "-1", "rule": "must be positive"}
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lines"),
        ({"lines": "x"}, "lines"),
        ({"lines": [{}]}, "lines[0].amount"),
        ({"lines": [{"amount": "1"}, {"amount": "x"}]}, "lines[1].amount"),
        ({"lines": [{"amount": "NaN"}]}, "lines[0].amount"),
        ({"lines": [{"amount": "1", "name": "too long"}]}, "lines[0].name"),
        ({"lines": [], "more": 1}, "more"),
    ],
)
async def test_a_body_is_refused_field_by_field(
    client: httpx.AsyncClient, body: object, field: str
) -> None:
    answer = await client.post("/lines", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_all_wrong_fields_are_told_at_once(client: httpx.AsyncClient) -> None:
    body = {"lines": [{"amount": "x"}, {"amount": "y"}]}
    answer = await client.post("/lines", json=body)
    assert [error["value"] for error in answer.json()["errors"]] == ["x", "y"]


async def test_at_most_fifty_errors_are_told(client: httpx.AsyncClient) -> None:
    answer = await client.post("/lines", json={"lines": [1] * 200})
    assert len(answer.json()["errors"]) == 50


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b"[[[["])
async def test_broken_json_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/lines", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_long_value_is_shortened(client: httpx.AsyncClient) -> None:
    body = {"lines": [{"amount": "x" * 500}]}
    answer = await client.post("/lines", json=body)
    (error,) = answer.json()["errors"]
    assert len(error["value"]) == 80
    assert error["value"].endswith("…")


async def test_a_secret_is_never_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.post("/lines", json={"lines": [], "password": ["hush-hush"]})
    assert answer.status_code == 422
    assert "hush" not in answer.text


async def test_an_unknown_path_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_wrong_method_is_a_problem_that_names_the_right_one(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.delete("/lines")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST"


async def test_a_body_at_the_limit_is_taken(client: httpx.AsyncClient) -> None:
    body = b'{"lines":[]}'.ljust(1000)
    headers = {"Content-Type": "application/json"}
    assert (await client.post("/lines", content=body, headers=headers)).status_code == 200


async def test_a_body_above_the_limit_is_a_problem(client: httpx.AsyncClient) -> None:
    body = b'{"lines":[]}'.ljust(1001)
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/lines", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_that_does_not_say_its_length_is_measured_on_the_way(
    client: httpx.AsyncClient,
) -> None:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"          "

    headers = {"Content-Type": "application/json"}
    answer = await client.post("/lines", content=drops(), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("name", ["r-1", "a" * 64, "A.b_c-9"])
async def test_a_harmless_request_id_is_kept(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get("/nothing", headers={"X-Request-Id": name})
    assert answer.headers["X-Request-Id"] == name


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "<script>", "a;b"])
async def test_an_odd_request_id_is_replaced(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get("/nothing", headers={"X-Request-Id": name})
    assert len(answer.headers["X-Request-Id"]) == 32


def test_a_secrets_value_is_hidden_whoever_refuses_it() -> None:
    error = InvalidInputError(field="admin_token", value="hush-hush", rule="is too short")
    shown = problem_of(error).model_dump_json()
    assert "hush" not in shown
    assert "is too short" in shown


def test_a_key_in_a_sentence_is_hidden() -> None:
    error = ConflictError("cannot use obl_k1_" + "f" * 64)
    assert "ffff" not in problem_of(error).model_dump_json()


def test_a_sentence_has_at_most_five_hundred_characters() -> None:
    assert len(problem_of(ConflictError("x" * 9999)).detail) == 500


def test_the_problems_of_a_route_are_declared_as_problems() -> None:
    for status, response in declared_problems().items():
        assert int(status) >= 400
        assert list(response["content"]) == ["application/problem+json"]  # type: ignore[call-overload]  # JSON
