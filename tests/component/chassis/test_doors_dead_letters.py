"""Dead letters at the doors: seen whole, found by reason, given to the worker again."""

from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from shared.auth.principals import Role
from shared.contracts.transactions import OrderPlaced
from shared.log.append import Entry
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, running

LETTERS = "/monitoring/v1/dead-letters"


def an_order(name: str) -> OrderPlaced:
    return OrderPlaced(order_id=name, amount=Decimal(10), currency="EUR")


@asynccontextmanager
async def calling_toy(toy: Bench) -> AsyncIterator[Caller]:
    async with calling(toy.service, settings_for(toy.database.settings.url)) as caller:
        yield caller


async def park(toy: Bench) -> None:
    """A refused order of c1 and a record of c2 that is no JSON at all."""
    poison = toy.entry(an_order("poison-1"), customer_id="c1", event_id="bad")
    other = toy.entry(an_order("o1"), customer_id="c2", event_id="junk")
    await toy.append(poison, Entry(other.topic, other.partition, "c2", other.headers, b"\xff\x00{"))
    async with running(toy.worker()):
        await toy.at_rest()


async def test_a_parked_record_is_shown_with_its_reason(toy: Bench) -> None:
    await park(toy)
    async with calling_toy(toy) as caller:
        query = {"customer_id": "c1"}
        shown = (await caller.client.get(LETTERS, params=query, headers=bearer())).json()
    (letter,) = shown["items"]
    assert letter["code"] == "poison_order"
    assert letter["reason"] == "poison-1 can never be applied"
    assert letter["event_type"] == "order.placed"
    assert letter["status"] == "parked"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"malformed_event", "poison_order"}),
        ({"code": "malformed_event"}, {"malformed_event"}),
        ({"status": "parked"}, {"malformed_event", "poison_order"}),
        ({"status": "replayed"}, set()),
        ({"topic": "obligor.signals"}, set()),
    ],
)
async def test_dead_letters_are_found_by_what_is_wrong(
    toy: Bench, query: dict[str, str], found: set[str]
) -> None:
    await park(toy)
    async with calling_toy(toy) as caller:
        shown = (await caller.client.get(LETTERS, params=query, headers=bearer())).json()
    assert {letter["code"] for letter in shown["items"]} == found


async def test_dead_letters_come_in_pages(toy: Bench) -> None:
    await park(toy)
    async with calling_toy(toy) as caller:
        first = (await caller.client.get(f"{LETTERS}?limit=1", headers=bearer())).json()
        query = {"cursor": first["next_cursor"]}
        second = (await caller.client.get(LETTERS, params=query, headers=bearer())).json()
    names = [item["dead_letter_id"] for page in (first, second) for item in page["items"]]
    assert len(set(names)) == 2
    assert second["next_cursor"] is None


async def test_one_dead_letter_is_shown_byte_for_byte(toy: Bench) -> None:
    await park(toy)
    async with calling_toy(toy) as caller:
        query = {"code": "malformed_event"}
        shown = (await caller.client.get(LETTERS, params=query, headers=bearer())).json()
        path = f"{LETTERS}/{shown['items'][0]['dead_letter_id']}"
        whole = (await caller.client.get(path, headers=bearer())).json()
    assert b64decode(whole["value_base64"]) == b"\xff\x00{"
    assert whole["value"] is None
    assert whole["headers"]["ce_id"] == "junk"


async def test_a_replayed_record_that_is_refused_again_stays_parked(toy: Bench) -> None:
    await park(toy)
    async with calling_toy(toy) as caller, running(toy.worker()):
        query = {"customer_id": "c1"}
        shown = (await caller.client.get(LETTERS, params=query, headers=bearer())).json()
        path = f"{LETTERS}/{shown['items'][0]['dead_letter_id']}"
        answer = await caller.client.post(f"{path}/replay", headers=bearer())
        await toy.at_rest()
        after = (await caller.client.get(path, headers=bearer())).json()
    assert answer.status_code == 202
    assert answer.json()["status"] == "submitted"
    assert after["status"] == "parked"


async def test_a_replayed_record_that_can_be_applied_now_is_applied(toy: Bench) -> None:
    await park(toy)
    good = b'{"order_id":"o9","amount":"10","currency":"EUR"}'
    await toy.fetch(
        "UPDATE monitoring.dead_letter SET value = :good WHERE key = 'c2' RETURNING 1", good=good
    )
    async with calling_toy(toy) as caller, running(toy.worker()):
        query = {"customer_id": "c2"}
        shown = (await caller.client.get(LETTERS, params=query, headers=bearer())).json()
        path = f"{LETTERS}/{shown['items'][0]['dead_letter_id']}"
        await caller.client.post(f"{path}/replay", headers=bearer())
        await toy.at_rest()
        after = (await caller.client.get(path, headers=bearer())).json()
    assert after["status"] == "replayed"
    assert after["replayed_at"] is not None
    (row,) = await toy.fetch("SELECT orders FROM monitoring.tally WHERE customer_id = 'c2'")
    assert row.orders == ["o9"]


async def test_replaying_is_in_the_audit_trail(toy: Bench) -> None:
    await park(toy)
    async with calling_toy(toy) as caller:
        shown = (await caller.client.get(LETTERS, headers=bearer())).json()
        name = shown["items"][0]["dead_letter_id"]
        await caller.client.post(f"{LETTERS}/{name}/replay", headers=bearer())
        trail = (await caller.client.get("/monitoring/v1/audit", headers=bearer())).json()
    assert [(deed["action"], deed["subject"]) for deed in trail["items"]] == [
        ("dead_letter.replayed", name)
    ]


async def test_a_viewer_may_look_but_not_replay(toy: Bench) -> None:
    await park(toy)
    async with calling_toy(toy) as caller:
        viewer = await caller.key(Role.VIEWER)
        shown = await caller.client.get(LETTERS, headers=viewer)
        name = shown.json()["items"][0]["dead_letter_id"]
        answer = await caller.client.post(f"{LETTERS}/{name}/replay", headers=viewer)
    assert (shown.status_code, answer.status_code) == (200, 403)


async def test_an_unknown_dead_letter_is_not_found(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        shown = await caller.client.get(f"{LETTERS}/nothing", headers=bearer())
        again = await caller.client.post(f"{LETTERS}/nothing/replay", headers=bearer())
    assert (shown.status_code, again.status_code) == (404, 404)


async def test_positions_say_whether_everything_has_been_read(toy: Bench) -> None:
    order = toy.entry(an_order("o1"), customer_id="c1", event_id="e1")
    await toy.append(order)
    async with calling_toy(toy) as caller:
        path = "/monitoring/v1/positions"
        before = (await caller.client.get(path, headers=bearer())).json()
        async with running(toy.worker()):
            await toy.at_rest()
        after = (await caller.client.get(path, headers=bearer())).json()
    place = {"topic": "obligor.transactions", "partition": order.partition}
    assert before["service"] == "monitoring"
    assert before["checkpoints"] == []
    assert before["log"] == [place | {"next_offset": 1}]
    assert place | {"position": 1, "log_offset": 0} in after["checkpoints"]
    assert [each["closed_on"] for each in after["partitions"]] == [None] * 4
