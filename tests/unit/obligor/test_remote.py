from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from obligor.remote import (
    RefusedError,
    Remote,
    UnreachableError,
    connect,
    places_of,
    token_of,
)

Handler = Callable[[httpx.Request], httpx.Response]


class Thing(msgspec.Struct):
    name: str


def a_remote(handler: Handler, *, patience: float = 0.0) -> Remote:
    client = httpx.Client(transport=httpx.MockTransport(handler), base_url="http://there")
    return Remote(client, patience=patience, sleep=lambda _: None)


def _problem(status: int, **more: object) -> httpx.Response:
    body = {"status": status, "code": "nope", "detail": "not like this", **more}
    return httpx.Response(status, json=body)


def test_an_answer_is_read_into_its_type() -> None:
    remote = a_remote(lambda _: httpx.Response(200, json={"name": "x", "more": 1}))

    assert remote.get("/monitoring/v1/thing", Thing) == Thing("x")


def test_what_is_not_asked_for_is_not_sent() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"name": "x"})

    a_remote(answer).get("/rating/v1/thing", Thing, customer_id="C 1", as_of=None)

    assert asked == ["http://there/rating/v1/thing?customer_id=C+1"]


def test_a_problem_is_passed_on_in_its_own_words() -> None:
    wrong = [{"field": "amount", "value": "x", "rule": "must be a number"}]
    remote = a_remote(lambda _: _problem(422, errors=wrong, request_id="r-1"))

    with pytest.raises(RefusedError) as caught:
        remote.get("/rating/v1/thing", Thing)

    assert str(caught.value) == (
        "not like this [422 nope] (request r-1)\n  amount = 'x': must be a number"
    )


def test_a_missing_key_says_where_to_get_one() -> None:
    with pytest.raises(RefusedError, match="Set OBLIGOR_TOKEN"):
        a_remote(lambda _: _problem(401)).get("/rating/v1/thing", Thing)


def test_an_error_that_is_no_problem_document_is_shown_as_text() -> None:
    remote = a_remote(lambda _: httpx.Response(500, text="<h1>oops</h1>"))

    with pytest.raises(RefusedError, match=r"<h1>oops</h1> \[500 unknown\]"):
        remote.get("/rating/v1/thing", Thing)


def test_an_unexpected_answer_names_its_path() -> None:
    remote = a_remote(lambda _: httpx.Response(200, json=[1, 2]))

    with pytest.raises(RefusedError, match="/rating/v1/thing answered something unexpected"):
        remote.get("/rating/v1/thing", Thing)


def test_what_is_not_there_is_none_where_that_is_an_answer() -> None:
    assert a_remote(lambda _: _problem(404)).find("/rating/v1/thing", Thing) is None


def test_other_refusals_are_still_refusals() -> None:
    with pytest.raises(RefusedError):
        a_remote(lambda _: _problem(403)).find("/rating/v1/thing", Thing)


def test_a_silent_platform_says_how_to_start_one() -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(UnreachableError, match="start one with `obligor up`"):
        a_remote(silent).get("/rating/v1/thing", Thing)


def test_passing_failures_are_waited_out() -> None:
    answers = iter(
        [httpx.Response(503), httpx.Response(502), httpx.Response(200, json={"name": "x"})]
    )

    remote = a_remote(lambda _: next(answers), patience=60)

    assert remote.get("/rating/v1/thing", Thing) == Thing("x")


def test_passing_failures_are_not_waited_out_without_patience() -> None:
    with pytest.raises(RefusedError):
        a_remote(lambda _: httpx.Response(503)).get("/rating/v1/thing", Thing)


def test_a_list_is_followed_to_its_end() -> None:
    pages = {None: (["a", "b"], "2"), "2": (["c"], None)}

    def answer(request: httpx.Request) -> httpx.Response:
        names, cursor = pages[request.url.params.get("cursor")]
        items = [{"name": name} for name in names]
        return httpx.Response(200, json={"items": items, "next_cursor": cursor})

    found = a_remote(answer).pages("/rating/v1/things", Thing)

    assert [thing.name for thing in found] == ["a", "b", "c"]


def test_a_command_under_way_is_waited_for() -> None:
    states = iter(
        [
            {"status": "pending", "answer": None},
            {"status": "done", "http_status": 201, "answer": {"name": "x"}},
        ]
    )

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            where = {"Location": "/screening/v1/commands/7"}
            return httpx.Response(202, json={}, headers=where)
        return httpx.Response(200, json=next(states))

    assert a_remote(answer).put("/screening/v1/customers/C", Thing, b"{}") == Thing("x")


def test_a_command_that_was_refused_in_the_end_is_a_refusal() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            where = {"Location": "/screening/v1/commands/7"}
            return httpx.Response(202, json={}, headers=where)
        said = {"code": "closed", "detail": "the case is closed"}
        body = {"status": "refused", "http_status": 409, "answer": said}
        return httpx.Response(200, json=body)

    with pytest.raises(RefusedError, match=r"the case is closed \[409 closed\]"):
        a_remote(answer).post("/recovery/v1/cases/1/actions", Thing)


def test_accepted_facts_are_not_waited_for() -> None:
    remote = a_remote(lambda _: httpx.Response(202, json={"name": "x"}))

    assert remote.post("/monitoring/v1/transactions", Thing, b"[]") == Thing("x")


def test_many_things_are_answered_in_their_order() -> None:
    remote = a_remote(lambda request: httpx.Response(200, json={"name": request.url.path}))

    found = remote.for_each(range(40), lambda n: remote.get(f"/rating/{n}", Thing).name)

    assert list(found) == [f"/rating/{n}" for n in range(40)]


def test_something_can_be_removed() -> None:
    remote = a_remote(lambda request: httpx.Response(200, json={"name": request.method}))

    assert remote.delete("/rating/v1/keys/1", Thing) == Thing("DELETE")


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
def test_a_platform_says_whether_it_is_ready(status: int, *, ready: bool) -> None:
    assert a_remote(lambda _: httpx.Response(status)).is_ready() is ready


def test_services_may_be_in_different_places() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"name": "x"})

    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://there")
    remote = Remote(client, places={"rating": "http://here:81"})
    remote.get("/rating/v1/thing", Thing)
    remote.get("/tiering/v1/thing", Thing)

    assert asked == ["http://here:81/rating/v1/thing", "http://there/tiering/v1/thing"]


def test_places_are_read_from_one_setting() -> None:
    assert places_of("rating=http://a:1/, tiering=http://b:2") == {
        "rating": "http://a:1",
        "tiering": "http://b:2",
    }
    assert places_of("http://127.0.0.1:8000") == {}


def test_the_token_of_the_shell_comes_first(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")

    assert token_of({"OBLIGOR_TOKEN": "mine"}, tmp_path / "token") == "mine"


def test_the_token_that_up_left_is_used_otherwise(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")

    assert token_of({}, tmp_path / "token") == "from-file"


def test_there_may_be_no_token(tmp_path: Path) -> None:
    assert token_of({}, tmp_path / "token") is None


def test_the_platform_is_where_the_environment_says() -> None:
    assert connect({"OBLIGOR_URL": "http://elsewhere:9"}).url == "http://elsewhere:9"
    assert connect({}).url == "http://127.0.0.1:8000"
