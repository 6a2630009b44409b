"""Commands through a door: submitted, answered by the worker, honoured once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

import msgspec
import pytest
from fastapi import APIRouter, Depends, Request, Response

from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.idempotency.commands import Answer, record_answers
from shared.chassis.schemas import In
from shared.kernel.ids import new_id
from shared.kernel.partitions import partition_of
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, running

router = APIRouter()
Analyst = Annotated[Principal, Depends(allowed(Role.ANALYST))]
PATH = "/monitoring/v1/customers/c1/oblivion"


class NoteIn(In):
    text: str = ""


@router.post("/customers/{customer_id}/oblivion")
async def forget(
    customer_id: str, body: NoteIn, request: Request, doors: DoorsDep, principal: Analyst
) -> Response:
    return await doors.command(
        request, "forget", customer_id=customer_id, payload=body, principal=principal
    )


@asynccontextmanager
async def calling_toy(toy: Bench, *, patience: float = 5.0) -> AsyncIterator[Caller]:
    settings = settings_for(toy.database.settings.url, command_wait_seconds=patience)
    async with calling(toy.service, settings, router=router) as caller:
        yield caller


def once(key: str) -> dict[str, str]:
    return bearer() | {"Idempotency-Key": key}


async def test_a_command_is_answered_with_the_workers_outcome(toy: Bench) -> None:
    async with calling_toy(toy) as caller, running(toy.worker()):
        answer = await caller.client.post(PATH, json={}, headers=bearer())
    assert answer.status_code == 200
    assert answer.json() == {"forgotten_by": "administrator"}


async def test_a_command_nobody_answers_in_time_gets_a_link(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.05) as caller:
        answer = await caller.client.post(PATH, json={}, headers=bearer())
        assert answer.status_code == 202
        found = await caller.client.get(answer.headers["Location"], headers=bearer())
    assert found.json()["status"] == "pending"
    assert found.json()["http_status"] is None
    assert found.json()["customer_id"] == "c1"


async def test_the_link_shows_the_answer_once_the_worker_has_given_it(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        link = (await caller.client.post(PATH, json={}, headers=bearer())).headers["Location"]
        async with running(toy.worker()):
            await toy.at_rest()
        found = (await caller.client.get(link, headers=bearer())).json()
    assert found["status"] == "done"
    assert found["http_status"] == 200
    assert found["answer"] == {"forgotten_by": "administrator"}


async def test_a_command_lies_in_the_log_of_its_customers_partition(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        await caller.client.post(PATH, json={"text": "gone"}, headers=bearer())
    (row,) = await toy.fetch("SELECT * FROM monitoring_log.log WHERE topic = 'commands'")
    assert (row.partition, row.key) == (partition_of("c1", 4), "c1")
    assert row.headers["ce_type"] == "command.forget"
    assert row.headers["obligor_person"] == "administrator"
    assert msgspec.json.decode(row.value) == {"text": "gone"}


async def test_the_commands_row_and_its_record_carry_the_same_id(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        answer = await caller.client.post(PATH, json={}, headers=bearer())
    rows = await toy.fetch("SELECT command_id FROM monitoring.command")
    records = await toy.fetch("SELECT headers FROM monitoring_log.log WHERE topic = 'commands'")
    assert [row.command_id for row in rows] == [answer.json()["command_id"]]
    assert [row.headers["ce_id"] for row in records] == [answer.json()["command_id"]]


async def test_a_command_of_a_person_is_in_the_audit_trail(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        await caller.client.post(PATH, json={}, headers=bearer() | {"X-Request-Id": "r-7"})
        trail = (await caller.client.get("/monitoring/v1/audit", headers=bearer())).json()
    (deed,) = trail["items"]
    assert deed["action"] == "command.forget"
    assert deed["subject"] == "c1"
    assert deed["request_id"] == "r-7"


async def test_a_refusal_by_the_worker_leaves_as_a_problem(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        link = (await caller.client.post(PATH, json={}, headers=once("k"))).headers["Location"]
        command_id = link.rsplit("/", 1)[1]
        body = {"code": "case_closed", "detail": "case 7 is closed", "status": 409}
        async with caller.doors.transaction() as conn:
            table = caller.doors.tables.command
            await record_answers(conn, table, [Answer(command_id, 409, body)])
        again = await caller.client.post(PATH, json={}, headers=once("k"))
        shown = (await caller.client.get(link, headers=bearer())).json()
    assert again.status_code == 409
    assert again.headers["content-type"] == "application/problem+json"
    assert again.json()["code"] == "case_closed"
    assert shown["status"] == "refused"


async def test_the_same_idempotency_key_gets_the_same_answer_and_one_command(toy: Bench) -> None:
    async with calling_toy(toy) as caller, running(toy.worker()):
        first = await caller.client.post(PATH, json={}, headers=once("k"))
        second = await caller.client.post(PATH, json={}, headers=once("k"))
    assert second.json() == first.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(await toy.fetch("SELECT 1 FROM monitoring.command")) == 1


async def test_an_answer_is_repeated_letter_for_letter(toy: Bench) -> None:
    body = {"zebra": 1, "a": {"y": 1, "b": None}, "kind": "x"}
    async with calling_toy(toy, patience=0.0) as caller:
        link = (await caller.client.post(PATH, json={}, headers=once("k"))).headers["Location"]
        async with caller.doors.transaction() as conn:
            answer = Answer(link.rsplit("/", 1)[1], 200, body)
            await record_answers(conn, caller.doors.tables.command, [answer])
        again = await caller.client.post(PATH, json={}, headers=once("k"))
    assert again.text == '{"zebra":1,"a":{"y":1,"b":null},"kind":"x"}'


async def test_the_same_key_with_another_body_is_refused(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        await caller.client.post(PATH, json={}, headers=once("k"))
        second = await caller.client.post(PATH, json={"text": "x"}, headers=once("k"))
    assert second.status_code == 422
    assert second.json()["code"] == "idempotency_mismatch"


async def test_the_same_key_while_the_first_is_undecided_is_a_conflict(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        await caller.client.post(PATH, json={}, headers=once("k"))
        second = await caller.client.post(PATH, json={}, headers=once("k"))
    assert second.status_code == 409
    assert second.json()["code"] == "idempotency_in_flight"


async def test_the_same_key_with_another_question_mark_is_refused(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        await caller.client.post(PATH, json={}, headers=once("k"))
        second = await caller.client.post(f"{PATH}?force=1", json={}, headers=once("k"))
    assert second.json()["code"] == "idempotency_mismatch"


async def test_commands_are_counted_by_what_their_senders_were_told(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        await caller.client.post(PATH, json={}, headers=bearer())
        metrics = (await caller.client.get("/metrics")).text
    labels = 'command="forget",service="monitoring",status="pending"'
    assert f"obligor_commands_total{{{labels}}} 1.0" in metrics


async def test_a_key_is_free_again_after_a_day(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        await caller.client.post(PATH, json={}, headers=once("k"))
        async with caller.doors.transaction() as conn:
            table = caller.doors.tables.claim
            aged = table.c.claimed_at - timedelta(hours=24, seconds=1)
            await conn.execute(table.update().values(claimed_at=aged))
        second = await caller.client.post(PATH, json={"text": "new"}, headers=once("k"))
    assert second.status_code == 202
    assert len(await toy.fetch("SELECT 1 FROM monitoring.command")) == 2


async def test_two_people_may_use_the_same_idempotency_key(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        for person in ("Ada", "Bo"):
            headers = await caller.key(Role.ANALYST, person=person)
            answer = await caller.client.post(
                PATH, json={"text": person}, headers=headers | {"Idempotency-Key": "k"}
            )
            assert answer.status_code == 202
    assert len(await toy.fetch("SELECT 1 FROM monitoring.command")) == 2


@pytest.mark.parametrize("key", ["", " ", "k" * 256])
async def test_an_absurd_idempotency_key_is_refused(toy: Bench, key: str) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        answer = await caller.client.post(PATH, json={}, headers=once(key))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_a_field_nobody_reads_is_refused(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        answer = await caller.client.post(PATH, json={"txet": "x"}, headers=bearer())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "txet"
    assert await toy.fetch("SELECT 1 FROM monitoring.command") == []


async def test_an_unknown_command_is_not_found(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        path = f"/monitoring/v1/commands/{new_id()}"
        answer = await caller.client.get(path, headers=bearer())
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_a_writing_key_sees_its_own_commands_only(toy: Bench) -> None:
    async with calling_toy(toy, patience=0.0) as caller:
        theirs = await caller.client.post(PATH, json={}, headers=bearer())
        ingest = await caller.key(Role.INGEST)
        answer = await caller.client.get(theirs.headers["Location"], headers=ingest)
    assert answer.status_code == 404
