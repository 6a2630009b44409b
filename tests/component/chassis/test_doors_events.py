"""A service's log as its doors show it: by customer, chain or type; and who reads it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from shared.auth.principals import Role
from shared.contracts.transactions import OrderPlaced
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, running

EVENTS = "/monitoring/v1/events"
READERS = "/monitoring/v1/readers"


@asynccontextmanager
async def calling_toy(toy: Bench) -> AsyncIterator[Caller]:
    async with calling(toy.service, settings_for(toy.database.settings.url)) as caller:
        yield caller


async def place_orders(toy: Bench, count: int = 3, *, customer_id: str = "c1") -> None:
    for number in range(count):
        order = OrderPlaced(order_id=f"o{number}", amount=Decimal(10), currency="EUR")
        event_id = f"{customer_id}-e{number}"
        await toy.append(toy.entry(order, customer_id=customer_id, event_id=event_id))


async def found(toy: Bench, query: dict[str, str]) -> list[dict[str, object]]:
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(EVENTS, params=query, headers=bearer())
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


async def test_a_customers_events_come_in_the_order_of_the_log(toy: Bench) -> None:
    await place_orders(toy)
    await place_orders(toy, customer_id="c2")

    items = await found(toy, {"customer_id": "c1"})

    assert [item["id"] for item in items] == ["c1-e0", "c1-e1", "c1-e2"]
    assert {item["customer_id"] for item in items} == {"c1"}


async def test_an_event_says_what_it_says_and_where_it_stands(toy: Bench) -> None:
    await place_orders(toy, 1)

    (item,) = await found(toy, {"customer_id": "c1"})

    assert item["type"] == "order.placed"
    assert item["topic"] == "obligor.transactions"
    assert item["event"]["order_id"] == "o0"  # type: ignore[index]  # JSON
    assert item["correlation_id"] == "c1-e0"
    assert item["causation_id"] == ""


async def test_a_chain_is_found_by_its_first_event(toy: Bench) -> None:
    await place_orders(toy)

    items = await found(toy, {"correlation_id": "c1-e1"})

    assert [item["id"] for item in items] == ["c1-e1"]


async def test_events_are_found_by_type(toy: Bench) -> None:
    await place_orders(toy)

    assert len(await found(toy, {"type": "order.placed"})) == 3
    assert await found(toy, {"type": "invoice.issued"}) == []
    assert await found(toy, {"type": "nobody.knows.v1"}) == []


async def test_pages_go_on_where_the_last_one_ended(toy: Bench) -> None:
    await place_orders(toy, 5)
    async with calling_toy(toy) as caller:
        query = {"customer_id": "c1", "limit": "3"}
        first = (await caller.client.get(EVENTS, params=query, headers=bearer())).json()
        query["cursor"] = first["next_cursor"]
        second = (await caller.client.get(EVENTS, params=query, headers=bearer())).json()

    names = [item["id"] for page in (first, second) for item in page["items"]]
    assert names == [f"c1-e{number}" for number in range(5)]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "WzFd", "WyJhIiwiYiIsImMiXQ"])
async def test_a_cursor_of_another_list_is_refused(toy: Bench, cursor: str) -> None:
    query = {"customer_id": "c1", "cursor": cursor}
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(EVENTS, params=query, headers=bearer())

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


async def test_a_question_for_everything_is_refused(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(EVENTS, headers=bearer())

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "customer_id"


async def test_bytes_that_are_no_json_are_shown_as_text(toy: Bench) -> None:
    order = OrderPlaced(order_id="o", amount=Decimal(10), currency="EUR")
    entry = toy.entry(order, customer_id="c1", event_id="e")
    await toy.append(replace(entry, value=b"not json"))

    (item,) = await found(toy, {"customer_id": "c1"})

    assert item["event"] == {"unreadable": "not json"}


async def test_who_reads_the_log_is_shown_with_what_is_left_to_read(toy: Bench) -> None:
    await place_orders(toy)
    async with running(toy.worker()):
        await toy.at_rest()
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(READERS, headers=bearer())

    assert answer.status_code == 200
    assert all(item["behind"] >= 0 for item in answer.json()["items"])


async def test_an_unknown_reader_cannot_be_dropped(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.delete(f"{READERS}/nobody", headers=bearer())

    assert answer.status_code == 404


async def test_only_an_administrator_drops_readers(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        headers = await caller.key(Role.ANALYST)
        answer = await caller.client.delete(f"{READERS}/nobody", headers=headers)

    assert answer.status_code == 403


async def test_a_reader_that_is_gone_no_longer_holds_the_log(toy: Bench) -> None:
    async with toy.database.transaction() as conn:
        await conn.execute(
            text("INSERT INTO monitoring_log.log_reader VALUES ('gone', 'obligor.x', 1, 7)")
        )
    async with calling_toy(toy) as caller:
        dropped = await caller.client.delete(f"{READERS}/gone", headers=bearer())
        left = await caller.client.get(READERS, headers=bearer())

    assert dropped.json() == {"group_name": "gone", "partitions": 1}
    assert "gone" not in [item["group_name"] for item in left.json()["items"]]
