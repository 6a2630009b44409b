"""Stored decisions: found by customer, chain or cause, and taken again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import text

from shared.chassis.tables import chassis_tables
from shared.decisions.kinds import DecisionKind
from shared.decisions.storage import save_decisions
from shared.decisions.stored import StoredDecision, canonical_json
from shared.kernel.reasons import Reason
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.toy import ToyPolicy
from shared.testing.workers import Bench

DECISIONS = "/monitoring/v1/decisions"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    orders: int


@dataclass(frozen=True, slots=True)
class OrderDecision:
    too_many: bool
    reasons: tuple[Reason, ...]


def decide_orders(facts: OrderFacts, policy: ToyPolicy, *, as_of: date) -> OrderDecision:
    del as_of
    reason = Reason("orders", value=float(facts.orders), threshold=float(policy.most_orders))
    return OrderDecision(facts.orders > policy.most_orders, (reason,))


KIND: DecisionKind[OrderFacts, ToyPolicy, OrderDecision] = DecisionKind(
    "orders", decide_orders, OrderFacts, OrderDecision, model_version="1"
)


def a_decision(name: str = "d1", **change: object) -> StoredDecision:
    facts = OrderFacts(1001)
    outcome = decide_orders(facts, ToyPolicy(), as_of=date(2026, 3, 2))
    given: dict[str, object] = {
        "decision_id": name,
        "customer_id": "c1",
        "kind": "orders",
        "as_of": date(2026, 3, 2),
        "inputs": canonical_json(facts),
        "outcome": canonical_json(outcome),
        "policy_version": "toy",
        "model_version": "1",
        "cause_id": "e1",
        "cause_source": "/test",
        "cause_type": "order.placed",
        "correlation_id": "chain-1",
    }
    return StoredDecision(**given | change)  # type: ignore[arg-type]  # the fields above


async def save(toy: Bench, *decisions: StoredDecision) -> None:
    table = chassis_tables("monitoring", toy.service.metadata).decision
    for decision in decisions:
        async with toy.database.transaction() as conn:
            await conn.execute(text("SELECT 1"))
            await save_decisions(conn, table, [decision])


@asynccontextmanager
async def calling_toy(toy: Bench) -> AsyncIterator[Caller]:
    service = replace(toy.service, decisions=(KIND,))
    async with calling(service, settings_for(toy.database.settings.url)) as caller:
        yield caller


async def test_a_decision_shows_its_facts_and_why(toy: Bench) -> None:
    await save(toy, a_decision())
    async with calling_toy(toy) as caller:
        shown = (await caller.client.get(f"{DECISIONS}/d1", headers=bearer())).json()
    assert shown["facts"] == {"orders": 1001}
    assert shown["outcome"]["too_many"] is True
    assert shown["outcome"]["reasons"][0]["code"] == "orders"
    assert shown["policy_version"] == "toy"
    assert shown["recorded_at"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"customer_id": "c1"}, ["d2", "d1"]),
        ({"correlation_id": "chain-2"}, ["d3", "d2"]),
        ({"cause_id": "e3"}, ["d3"]),
        ({"kind": "orders"}, ["d3", "d2", "d1"]),
        ({"customer_id": "c1", "correlation_id": "chain-2"}, ["d2"]),
        ({"customer_id": "nobody"}, []),
        ({}, ["d3", "d2", "d1"]),
    ],
)
async def test_decisions_are_found_by_what_they_are_about(
    toy: Bench, query: dict[str, str], found: list[str]
) -> None:
    second = a_decision("d2", correlation_id="chain-2", cause_id="e2")
    third = a_decision("d3", customer_id="c2", correlation_id="chain-2", cause_id="e3")
    await save(toy, a_decision("d1"), second, third)
    async with calling_toy(toy) as caller:
        shown = (await caller.client.get(DECISIONS, params=query, headers=bearer())).json()
    assert [item["decision_id"] for item in shown["items"]] == found


async def test_pages_go_on_where_the_last_one_ended(toy: Bench) -> None:
    table = chassis_tables("monitoring", toy.service.metadata).decision
    async with toy.database.transaction() as conn:  # one moment for all: the id breaks the tie
        await conn.execute(text("SELECT 1"))
        await save_decisions(conn, table, [a_decision(f"d{n}") for n in range(5)])
    async with calling_toy(toy) as caller:
        first = (await caller.client.get(f"{DECISIONS}?limit=3", headers=bearer())).json()
        query = {"limit": "3", "cursor": first["next_cursor"]}
        second = (await caller.client.get(DECISIONS, params=query, headers=bearer())).json()
    names = [item["decision_id"] for page in (first, second) for item in page["items"]]
    assert names == ["d4", "d3", "d2", "d1", "d0"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "WzFd", "WyJhIl0", "%00", "WyJub3QtYS1kYXRlIiwiZDEiXQ"])
async def test_a_cursor_of_another_list_is_refused(toy: Bench, cursor: str) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(DECISIONS, params={"cursor": cursor}, headers=bearer())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("limit", ["0", "201", "many"])
async def test_a_page_has_one_to_two_hundred_rows(toy: Bench, limit: str) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(DECISIONS, params={"limit": limit}, headers=bearer())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "limit"


async def test_an_unknown_decision_is_not_found(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        shown = await caller.client.get(f"{DECISIONS}/nothing", headers=bearer())
        again = await caller.client.post(f"{DECISIONS}/nothing/replay", headers=bearer())
    assert (shown.status_code, again.status_code) == (404, 404)


async def test_deciding_again_comes_to_the_same(toy: Bench) -> None:
    await save(toy, a_decision())
    async with calling_toy(toy) as caller:
        shown = (await caller.client.post(f"{DECISIONS}/d1/replay", headers=bearer())).json()
    assert shown["identical"] is True
    assert shown["differences"] == []
    assert shown["model_version_then"] == shown["model_version_now"] == "1"


async def test_a_doctored_outcome_is_found_out(toy: Bench) -> None:
    doctored = canonical_json(OrderDecision(too_many=False, reasons=()))
    await save(toy, a_decision(outcome=doctored))
    async with calling_toy(toy) as caller:
        shown = (await caller.client.post(f"{DECISIONS}/d1/replay", headers=bearer())).json()
    assert shown["identical"] is False
    assert {"path": "too_many", "then": False, "now": True} in shown["differences"]


async def test_a_decision_under_a_policy_that_is_gone_cannot_be_taken_again(toy: Bench) -> None:
    await save(toy, a_decision(policy_version="lost"))
    async with calling_toy(toy) as caller:
        answer = await caller.client.post(f"{DECISIONS}/d1/replay", headers=bearer())
    assert answer.status_code == 409
    assert answer.json()["code"] == "policy_gone"
