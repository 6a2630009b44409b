"""Administration repeated with its Idempotency-Key is done once and answered alike."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.auth.principals import Role
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench

KEYS, POLICIES = "/monitoring/v1/keys", "/monitoring/v1/policies"
ADA = {"person": "Ada", "name": "laptop", "roles": ["analyst"]}
SPRING = {"version": "2026-spring", "effective_from": "2026-04-01", "policy": {"most_orders": 7}}
KEY = {"Idempotency-Key": "k"}


@pytest.fixture
async def caller(toy: Bench) -> AsyncIterator[Caller]:
    async with calling(toy.service, settings_for(toy.database.settings.url)) as caller:
        yield caller


async def twice(
    caller: Caller, path: str, body: dict[str, object], headers: dict[str, str]
) -> tuple[httpx.Response, httpx.Response]:
    first = await caller.client.post(path, json=body, headers=headers | KEY)
    again = await caller.client.post(path, json=body, headers=headers | KEY)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.status_code == first.status_code
    return first, again


async def deeds(toy: Bench) -> list[str]:
    rows = await toy.fetch("SELECT action FROM monitoring.audit ORDER BY 1")
    return [row.action for row in rows]


async def test_a_key_is_made_once_and_its_secret_shown_once(toy: Bench, caller: Caller) -> None:
    first, again = await twice(caller, KEYS, dict(ADA), bearer())
    assert first.status_code == 201
    assert again.json() == first.json() | {"key": None}
    assert await deeds(toy) == ["key.made"]


async def test_the_secret_of_a_key_is_not_kept_for_a_repetition(toy: Bench, caller: Caller) -> None:
    made = await caller.client.post(KEYS, json=ADA, headers=bearer() | KEY)
    secret = made.json()["key"].rsplit("_", 1)[1]
    (kept,) = await toy.fetch("SELECT * FROM monitoring.idempotent_request")
    assert secret not in str(kept)


async def test_a_policy_is_drafted_once(toy: Bench, caller: Caller) -> None:
    ada = await caller.key(Role.CREDIT_MANAGER, person="Ada")
    first, again = await twice(caller, POLICIES, dict(SPRING), ada)
    assert (first.status_code, again.json()) == (201, first.json())
    assert await deeds(toy) == ["policy.drafted"]


async def test_a_policy_is_approved_once(toy: Bench, caller: Caller) -> None:
    ada = await caller.key(Role.CREDIT_MANAGER, person="Ada")
    bo = await caller.key(Role.CREDIT_MANAGER, person="Bo")
    await caller.client.post(POLICIES, json=SPRING, headers=ada)
    first, again = await twice(caller, f"{POLICIES}/2026-spring/approval", {}, bo)
    assert (first.json()["state"], again.json()) == ("approved", first.json())
    assert await deeds(toy) == ["policy.approved", "policy.drafted"]


async def test_the_key_of_another_request_is_refused(caller: Caller) -> None:
    await caller.client.post(KEYS, json=ADA, headers=bearer() | KEY)
    other = await caller.client.post(KEYS, json=ADA | {"name": "desk"}, headers=bearer() | KEY)
    assert other.json()["code"] == "idempotency_mismatch"


async def test_what_was_refused_may_be_asked_again(caller: Caller) -> None:
    ada = await caller.key(Role.CREDIT_MANAGER, person="Ada")
    path = f"{POLICIES}/2026-spring/approval"
    bo = await caller.key(Role.CREDIT_MANAGER, person="Bo")
    refused = await caller.client.post(path, json={}, headers=bo | KEY)
    await caller.client.post(POLICIES, json=SPRING, headers=ada)
    approved = await caller.client.post(path, json={}, headers=bo | KEY)
    assert (refused.status_code, approved.status_code) == (404, 200)


async def test_two_at_once_make_one_key(toy: Bench, caller: Caller) -> None:
    answers = await asyncio.gather(
        *(caller.client.post(KEYS, json=ADA, headers=bearer() | KEY) for _ in range(4))
    )
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["key_id"] for each in answers}) == 1
    assert await deeds(toy) == ["key.made"]


async def test_after_a_day_a_key_may_be_used_for_another_request(
    toy: Bench, caller: Caller
) -> None:
    await caller.client.post(KEYS, json=ADA, headers=bearer() | KEY)
    await toy.fetch(
        "UPDATE monitoring.idempotent_request SET claimed_at = now() - interval '25 hours' "
        "RETURNING 1"
    )
    made = await caller.client.post(KEYS, json=ADA, headers=bearer() | KEY)
    assert (made.status_code, "Idempotent-Replayed" in made.headers) == (201, False)
    assert await deeds(toy) == ["key.made", "key.made"]
