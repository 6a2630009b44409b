"""Keys and roles at the doors of a service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from shared.auth.keyring import REMEMBERED_SECONDS, KeyRing, UnknownKeyError
from shared.auth.keys import KeyRequest, add_key, revoke_key
from shared.auth.principals import Role
from shared.chassis.tables import chassis_tables
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench

KEYS = "/monitoring/v1/keys"
ADA = {"person": "Ada", "name": "laptop", "roles": ["analyst"]}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@asynccontextmanager
async def calling_toy(toy: Bench) -> AsyncIterator[Caller]:
    async with calling(toy.service, settings_for(toy.database.settings.url)) as caller:
        yield caller


async def test_a_new_key_opens_what_its_roles_allow(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        made = await caller.client.post(KEYS, json=ADA, headers=bearer())
        assert made.status_code == 201
        ada = bearer(made.json()["key"])
        read = await caller.client.get("/monitoring/v1/positions", headers=ada)
        manage = await caller.client.get(KEYS, headers=ada)
    assert read.status_code == 200
    assert manage.status_code == 403
    assert manage.json()["code"] == "role_missing"


async def test_without_a_key_nothing_opens(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(KEYS)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "token",
    ["nonsense", "obl_", "obl_abc", "obl_abc_def", "obl_" + "a" * 300, "xyz_abc_def"],
)
async def test_a_wrong_token_opens_nothing(toy: Bench, token: str) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(KEYS, headers=bearer(token))
    assert answer.status_code == 401


async def test_a_known_key_id_with_another_secret_opens_nothing(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        made = (await caller.client.post(KEYS, json=ADA, headers=bearer())).json()
        forged = f"obl_{made['key_id']}_{'0' * 64}"
        answer = await caller.client.get("/monitoring/v1/positions", headers=bearer(forged))
    assert answer.status_code == 401


async def test_secrets_are_not_kept(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        made = (await caller.client.post(KEYS, json=ADA, headers=bearer())).json()
    secret = made["key"].rsplit("_", 1)[1]
    (row,) = await toy.fetch("SELECT * FROM monitoring.api_key")
    assert secret not in str(row)
    assert secret.encode() not in bytes(row.digest)


async def test_the_list_shows_keys_without_secrets(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        made = (await caller.client.post(KEYS, json=ADA, headers=bearer())).json()
        shown = (await caller.client.get(KEYS, headers=bearer())).json()
    (item,) = shown["items"]
    assert item["key_id"] == made["key_id"]
    assert item["roles"] == ["analyst"]
    assert "key" not in item
    assert shown["next_cursor"] is None


async def test_keys_come_in_pages_none_twice_none_missing(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        for number in range(5):
            await caller.client.post(KEYS, json=ADA | {"name": str(number)}, headers=bearer())
        found: list[str] = []
        query: dict[str, str] = {"limit": "2"}
        while True:
            page = (await caller.client.get(KEYS, params=query, headers=bearer())).json()
            found += [item["name"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
    assert sorted(found) == ["0", "1", "2", "3", "4"]


async def test_a_revoked_key_opens_nothing_at_once(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        made = (await caller.client.post(KEYS, json=ADA, headers=bearer())).json()
        ada = bearer(made["key"])
        assert (await caller.client.get("/monitoring/v1/positions", headers=ada)).status_code == 200
        gone = await caller.client.delete(f"{KEYS}/{made['key_id']}", headers=bearer())
        assert gone.status_code == 200
        assert gone.json()["revoked_at"] is not None
        again = await caller.client.get("/monitoring/v1/positions", headers=ada)
    assert again.status_code == 401


async def test_revoking_an_unknown_key_says_so(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.delete(f"{KEYS}/nobody", headers=bearer())
    assert answer.status_code == 404


async def test_an_expired_key_opens_nothing(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()  # noqa: TID251  # keys expire by the real clock
        body = ADA | {"expires_at": past}
        made = (await caller.client.post(KEYS, json=body, headers=bearer())).json()
        answer = await caller.client.get("/monitoring/v1/positions", headers=bearer(made["key"]))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles[0]"),
        ({"person": ""}, "person"),
        ({"expires_at": "2026-01-01T00:00:00"}, "expires_at"),
        ({"password": "x"}, "password"),
    ],
)
async def test_a_key_nobody_should_have_is_refused(
    toy: Bench, change: dict[str, object], field: str
) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.post(KEYS, json=ADA | change, headers=bearer())
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_making_and_revoking_keys_is_in_the_audit_trail(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        made = (await caller.client.post(KEYS, json=ADA, headers=bearer())).json()
        await caller.client.delete(f"{KEYS}/{made['key_id']}", headers=bearer())
        auditor = await caller.key(Role.AUDITOR)
        trail = (await caller.client.get("/monitoring/v1/audit", headers=auditor)).json()
    assert [deed["action"] for deed in trail["items"]] == ["key.revoked", "key.made"]
    assert {deed["subject"] for deed in trail["items"]} == {made["key_id"]}
    assert made["key"] not in str(trail)


async def test_an_analyst_may_not_read_the_audit_trail(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        headers = await caller.key(Role.ANALYST)
        answer = await caller.client.get("/monitoring/v1/audit", headers=headers)
    assert answer.status_code == 403


async def test_a_key_is_looked_up_again_after_five_seconds(toy: Bench) -> None:
    table = chassis_tables("monitoring", toy.service.metadata).api_key
    ticks = [0.0]
    ring = KeyRing(
        toy.database, table, admin_token=None, clock=lambda: NOON, ticks=lambda: ticks[0]
    )
    async with toy.database.transaction() as conn:
        key, token = await add_key(conn, table, KeyRequest("Ada", "", frozenset({Role.VIEWER})))
    assert (await ring.holder_of(token)).person == "Ada"
    async with toy.database.transaction() as conn:
        await revoke_key(conn, table, key.key_id)
    ticks[0] = REMEMBERED_SECONDS - 0.01
    assert (await ring.holder_of(token)).person == "Ada"
    ticks[0] = REMEMBERED_SECONDS
    with pytest.raises(UnknownKeyError):
        await ring.holder_of(token)


async def test_without_an_admin_token_no_token_is_the_administrators(toy: Bench) -> None:
    table = chassis_tables("monitoring", toy.service.metadata).api_key
    ring = KeyRing(toy.database, table, admin_token=None)
    for token in (None, "", "None"):
        with pytest.raises(UnknownKeyError):
            await ring.holder_of(token)
