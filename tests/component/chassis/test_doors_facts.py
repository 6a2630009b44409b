"""Facts through a door: into the log all at once, each on its customer's partition."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, Fact, allowed
from shared.contracts import catalogue
from shared.kernel.partitions import partition_of
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, running

router = APIRouter()
PATH = "/monitoring/v1/orders"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def an_order(order_id: str, customer_id: str) -> Fact:
    value = b'{"order_id":"%s","amount":"10","currency":"EUR"}' % order_id.encode()
    return Fact(catalogue.TRANSACTIONS, "order.placed", "/test", order_id, NOON, customer_id, value)


@router.post("/orders")
async def orders(
    body: list[tuple[str, str]],
    request: Request,
    doors: DoorsDep,
    principal: Annotated[Principal, Depends(allowed(Role.INGEST))],
) -> Response:
    facts = [an_order(order_id, customer_id) for order_id, customer_id in body]
    answer = [{"id": fact.id, "status": "accepted"} for fact in facts]
    return await doors.append_facts(request, facts, principal=principal, answer=answer)


@asynccontextmanager
async def calling_toy(toy: Bench) -> AsyncIterator[Caller]:
    settings = settings_for(toy.database.settings.url)
    async with calling(toy.service, settings, router=router) as caller:
        yield caller


async def logged(toy: Bench) -> list[tuple[int, str, str]]:
    rows = await toy.fetch(
        "SELECT partition, key, headers FROM monitoring_log.log "
        "WHERE topic = 'obligor.transactions' ORDER BY partition, \"offset\""
    )
    return [(row.partition, row.key, row.headers["ce_id"]) for row in rows]


async def test_facts_are_accepted_once_they_are_in_the_log(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.post(PATH, json=[["o1", "c1"]], headers=bearer())
    assert answer.status_code == 202
    assert answer.json() == [{"id": "o1", "status": "accepted"}]
    assert await logged(toy) == [(partition_of("c1", 4), "c1", "o1")]


async def test_facts_of_many_customers_land_on_many_partitions(toy: Bench) -> None:
    customers = [f"c{number}" for number in range(20)]
    async with calling_toy(toy) as caller:
        body = [[f"o-{customer}", customer] for customer in customers]
        await caller.client.post(PATH, json=body, headers=bearer())
    rows = await logged(toy)
    assert len(rows) == 20
    assert all(partition == partition_of(key, 4) for partition, key, _ in rows)
    assert len({partition for partition, _, _ in rows}) == 4


async def test_a_fact_about_nobody_in_particular_reaches_every_partition(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await caller.client.post(PATH, json=[["index", ""]], headers=bearer())
    assert await logged(toy) == [(p, "", f"index/{p}") for p in range(4)]


async def test_the_worker_applies_what_the_door_appended(toy: Bench) -> None:
    async with calling_toy(toy) as caller, running(toy.worker()):
        await caller.client.post(PATH, json=[["o1", "c1"], ["o2", "c1"]], headers=bearer())
        await toy.at_rest()
    (row,) = await toy.fetch("SELECT orders FROM monitoring.tally")
    assert row.orders == ["o1", "o2"]


async def test_a_repetition_with_the_same_key_appends_nothing(toy: Bench) -> None:
    headers = bearer() | {"Idempotency-Key": "k"}
    async with calling_toy(toy) as caller:
        first = await caller.client.post(PATH, json=[["o1", "c1"]], headers=headers)
        second = await caller.client.post(PATH, json=[["o1", "c1"]], headers=headers)
    assert (second.status_code, second.json()) == (202, first.json())
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(await logged(toy)) == 1


async def test_two_equal_requests_at_once_append_once(toy: Bench) -> None:
    headers = bearer() | {"Idempotency-Key": "k"}
    async with calling_toy(toy) as caller:
        answers = await asyncio.gather(
            *(caller.client.post(PATH, json=[["o1", "c1"]], headers=headers) for _ in range(5))
        )
    assert {answer.status_code for answer in answers} == {202}
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 4
    assert len(await logged(toy)) == 1


async def test_doors_that_append_to_the_same_partitions_never_deadlock(toy: Bench) -> None:
    customers = [f"c{number}" for number in range(12)]
    async with calling_toy(toy) as caller:
        bodies = [
            [
                [f"o-{turn}-{customer}", customer]
                for customer in (customers, customers[::-1])[turn % 2]
            ]
            for turn in range(8)
        ]
        answers = await asyncio.gather(
            *(caller.client.post(PATH, json=body, headers=bearer()) for body in bodies)
        )
    assert {answer.status_code for answer in answers} == {202}
    assert len(await logged(toy)) == 96


async def test_nothing_is_appended_when_the_transaction_fails(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        headers = bearer() | {"Idempotency-Key": "k"}
        broken = await caller.client.post(PATH, json=[["o\x00", "c1"]], headers=headers)
        assert broken.status_code == 422
        assert broken.json()["code"] == "invalid_input"
        whole = await caller.client.post(PATH, json=[["o1", "c1"]], headers=headers)
    assert whole.status_code == 202
    assert [event_id for _, _, event_id in await logged(toy)] == ["o1"]


async def test_what_only_looks_like_a_nul_is_appended(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        told = await caller.client.post(PATH, json=[[r"o\u0000", "c1"]], headers=bearer())
    assert told.status_code == 202
    assert [event_id for _, _, event_id in await logged(toy)] == [r"o\u0000"]
