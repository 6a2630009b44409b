"""The doors' parts that need no database: facts, claims, payloads, answers, waiting, health."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from starlette.requests import Request
from starlette.types import Message, Scope

from shared.auth.principals import Principal, Role
from shared.chassis.answers import in_progress, replayed, response_to
from shared.chassis.facts import Fact, entries_of
from shared.chassis.health import Health
from shared.chassis.idempotency.claims import checked_key, request_hash
from shared.chassis.idempotency.commands import Answer, CommandStatus, Submission
from shared.chassis.idempotency.waiting import WaitingRoom
from shared.chassis.schemas import In
from shared.chassis.service import CommandAnswer, CommandKind
from shared.chassis.submission import checked_payload, claim_of, entry_for
from shared.chassis.work import Work
from shared.kernel.errors import InvalidInputError
from shared.kernel.partitions import partition_of
from shared.testing.toy import ToyBook, ToyPolicy, toy_service

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADA = Principal("k1", "Ada", frozenset({Role.ANALYST}))
SCOPE: Scope = {"type": "http", "path": "/x"}


class Limit(Struct):
    amount: Decimal


class LimitIn(In):
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlainLimit:
    amount: Decimal


def a_fact(customer_id: str = "c1", event_id: str = "e1") -> Fact:
    return Fact("obligor.signals", "t", "/test", event_id, NOON, customer_id, b"{}")


def a_submission(customer_id: str = "c1") -> Submission:
    return Submission("cmd-1", "limit", customer_id, "Ada", "k1", b'{"amount":"1"}')


def set_limit(payload: Limit, book: ToyBook, work: Work[ToyPolicy]) -> CommandAnswer:
    del book, work
    return CommandAnswer(200, {"amount": str(payload.amount)})


LIMITED = replace(toy_service(), commands={"limit": CommandKind(Limit, set_limit)})


def a_request(body: bytes = b"{}", key: str | None = None, path: str = "/x") -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [] if key is None else [(b"idempotency-key", key.encode())]
    scope: Scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    scope.update({"query_string": b"", "server": ("x", 80), "scheme": "http"})
    return Request(scope, receive)


@given(st.text(min_size=1), st.integers(1, 64))
def test_a_fact_goes_where_its_customer_lives(customer_id: str, partitions: int) -> None:
    (entry,) = entries_of([a_fact(customer_id)], partitions)
    assert (entry.key, entry.partition) == (customer_id, partition_of(customer_id, partitions))


@given(st.integers(1, 64))
def test_a_broadcast_has_one_copy_per_partition_each_with_its_own_id(partitions: int) -> None:
    entries = entries_of([a_fact("", "day/2026-03-02")], partitions)
    assert [entry.partition for entry in entries] == list(range(partitions))
    assert [entry.headers["ce_id"] for entry in entries] == [
        f"day/2026-03-02/{partition}" for partition in range(partitions)
    ]


def test_facts_keep_their_order() -> None:
    entries = entries_of([a_fact(event_id=f"e{n}") for n in range(5)], 4)
    assert [entry.headers["ce_id"] for entry in entries] == ["e0", "e1", "e2", "e3", "e4"]


def test_a_fact_begins_a_chain_of_its_own() -> None:
    (entry,) = entries_of([a_fact()], 4)
    assert entry.headers["ce_correlationid"] == "e1"
    assert entry.headers["ce_causationid"] == ""
    assert entry.headers["ce_time"] == "2026-03-02T12:00:00+00:00"


@pytest.mark.parametrize(
    "payload",
    [
        Limit(Decimal("1.5")),
        LimitIn(amount=Decimal("1.5")),
        PlainLimit(Decimal("1.5")),
        {"amount": "1.5"},
    ],
)
def test_a_payload_may_come_as_any_plain_object(payload: object) -> None:
    assert checked_payload(LIMITED, "limit", payload) == b'{"amount":"1.5"}'


@pytest.mark.parametrize(
    ("payload", "field"),
    [({}, "body"), ({"amount": "x"}, "amount"), ({"amount": None}, "amount"), ([], "body")],
)
def test_a_payload_the_worker_could_not_read_is_refused(payload: object, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_payload(LIMITED, "limit", payload)
    assert refused.value.field == field


@given(st.text(min_size=1))
def test_a_command_goes_where_its_customer_lives(customer_id: str) -> None:
    submission = a_submission(customer_id)
    entry = entry_for(LIMITED, submission, topic="commands", partitions=24, clock=lambda: NOON)
    assert (entry.topic, entry.key) == ("commands", customer_id)
    assert entry.partition == partition_of(customer_id, 24)


def test_a_commands_record_says_who_wished_what() -> None:
    entry = entry_for(LIMITED, a_submission(), topic="commands", partitions=4, clock=lambda: NOON)
    assert entry.value == b'{"amount":"1"}'
    assert entry.headers["ce_type"] == "command.limit"
    assert entry.headers["ce_id"] == "cmd-1"
    assert entry.headers["ce_source"] == "/obligor/monitoring/commands"
    assert (entry.headers["obligor_person"], entry.headers["obligor_key"]) == ("Ada", "k1")


async def test_without_an_idempotency_key_nothing_is_claimed() -> None:
    assert await claim_of(a_request(), ADA) is None


async def test_a_claim_belongs_to_the_person() -> None:
    claim = await claim_of(a_request(key="k"), ADA)
    assert claim is not None
    assert (claim.person, claim.key) == ("Ada", "k")


@pytest.mark.parametrize(
    "other", [("PUT", "/x", b"1"), ("POST", "/y", b"1"), ("POST", "/x", b"2"), ("POST", "/x1", b"")]
)
def test_requests_that_differ_anywhere_hash_differently(other: tuple[str, str, bytes]) -> None:
    assert request_hash(*other) != request_hash("POST", "/x", b"1")


@pytest.mark.parametrize("key", ["k", "k" * 255, None])
def test_a_sensible_idempotency_key_is_taken(key: str | None) -> None:
    assert checked_key(key) == key


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "done"), (201, "done"), (399, "done"), (400, "refused"), (409, "refused")],
)
def test_an_answer_with_an_errors_status_is_a_refusal(status: int, state: str) -> None:
    assert Answer("cmd-1", status, {}).status == CommandStatus(state)


def test_an_answer_leaves_as_the_worker_gave_it() -> None:
    response = response_to(Answer("cmd-1", 201, {"case_id": "7"}), SCOPE)
    assert response.status_code == 201
    assert msgspec.json.decode(bytes(response.body)) == {"case_id": "7"}


@pytest.mark.parametrize("body", [{}, None, [], {"code": "x"}])
def test_a_refusal_leaves_as_a_problem_however_it_was_written(body: object) -> None:
    response = response_to(Answer("cmd-1", 409, body), SCOPE)
    assert response.status_code == 409
    assert response.media_type == "application/problem+json"


def test_a_refused_field_keeps_its_name() -> None:
    wrong = {"field": "amount", "value": "-1", "rule": "must be positive"}
    body = {"code": "invalid_input", "detail": "amount", "errors": [wrong]}
    shown = msgspec.json.decode(bytes(response_to(Answer("", 422, body), SCOPE).body))
    assert shown["errors"] == [wrong]


def test_a_repetition_is_marked() -> None:
    assert replayed(Answer("", 200, {}), SCOPE).headers["Idempotent-Replayed"] == "true"


def test_an_undecided_command_gets_a_link() -> None:
    response = in_progress("tiering", "cmd-1")
    assert response.status_code == 202
    assert response.headers["Location"] == "/tiering/v1/commands/cmd-1"


async def test_a_bell_rung_before_one_listens_is_heard() -> None:
    room = WaitingRoom()
    room.enter("cmd-1")
    room.ring(["cmd-1", "someone-elses"])
    async with asyncio.timeout(1):
        await room.rung("cmd-1", seconds=30)


async def test_a_bell_that_does_not_ring_is_not_waited_for_long() -> None:
    room = WaitingRoom()
    room.enter("cmd-1")
    async with asyncio.timeout(1):
        await room.rung("cmd-1", seconds=0.01)


def test_ringing_for_whoever_left_does_no_harm() -> None:
    room = WaitingRoom()
    room.enter("cmd-1")
    room.leave("cmd-1")
    room.leave("cmd-1")
    room.ring(["cmd-1"])


async def test_a_process_is_not_ready_before_it_has_started() -> None:
    assert await Health().unready_because() == {"process": "starting"}


async def test_a_started_process_without_complaints_is_ready() -> None:
    assert await Health(started=True).unready_because() == {}


async def test_every_complaint_is_told() -> None:
    async def away() -> str | None:
        return "cannot be reached"

    async def broken() -> str | None:
        raise ConnectionRefusedError

    async def fine() -> str | None:
        return None

    health = Health(started=True)
    health.ready |= {"database": away, "broker": broken, "disk": fine}
    health.alive["worker"] = lambda: "stuck"
    assert await health.unready_because() == {
        "database": "cannot be reached",
        "broker": "ConnectionRefusedError",
        "worker": "stuck",
    }


def test_only_what_a_restart_can_mend_makes_a_process_dead() -> None:
    health = Health(started=True, draining=True)
    assert health.dead_because() == {}
