"""Policies: drafted by one, approved by another, acting from a day that has not begun."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from shared.auth.principals import Role
from shared.policies.versions import load_policies
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench

POLICIES = "/monitoring/v1/policies"
SPRING = {"version": "2026-spring", "effective_from": "2026-04-01", "policy": {"most_orders": 7}}


@asynccontextmanager
async def calling_toy(toy: Bench) -> AsyncIterator[Caller]:
    async with calling(toy.service, settings_for(toy.database.settings.url)) as caller:
        yield caller


async def close_days_until(toy: Bench, day: str, *, partition: int = 0) -> None:
    await toy.fetch(
        "UPDATE monitoring.partition_state SET closed_on = CAST(:day AS date) "
        "WHERE partition = :partition RETURNING 1",
        day=date.fromisoformat(day),
        partition=partition,
    )


async def drafted_by(caller: Caller, person: str, **change: object) -> httpx.Response:
    headers = await caller.key(Role.CREDIT_MANAGER, person=person)
    return await caller.client.post(POLICIES, json=SPRING | change, headers=headers)


async def decided_by(
    caller: Caller, person: str, version: str = "2026-spring", **body: object
) -> httpx.Response:
    headers = await caller.key(Role.CREDIT_MANAGER, person=person)
    return await caller.client.post(f"{POLICIES}/{version}/approval", json=body, headers=headers)


async def test_the_shipped_policy_is_in_force_at_first(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        answer = await caller.client.get(f"{POLICIES}/current", headers=bearer())
    shown = answer.json()
    assert shown["version"] == "toy"
    assert shown["effective_from"] is None
    assert shown["policy"] == {"most_orders": 1000}


@dataclass(frozen=True, slots=True)
class LadderPolicy:
    steps: tuple[int, ...]
    caps: dict[int, float]


async def test_a_policy_of_any_shape_is_shown_as_it_may_be_sent_in(
    toy: Bench, tmp_path: Path
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("version: ladder\nsteps: [3, 10]\ncaps: {1: 0.5}\n")
    service = replace(toy.service, policy=LadderPolicy, policy_file=file)
    async with calling(service, settings_for(toy.database.settings.url)) as caller:
        shown = (await caller.client.get(f"{POLICIES}/current", headers=bearer())).json()
        drafted = await drafted_by(caller, "Ada", policy=shown["policy"])
    assert shown["policy"] == {"steps": [3, 10], "caps": {"1": 0.5}}
    assert drafted.status_code == 201


async def test_a_draft_is_not_in_force(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        drafted = await drafted_by(caller, "Ada")
        current = await caller.client.get(
            f"{POLICIES}/current", params={"as_of": "2026-05-01"}, headers=bearer()
        )
    assert drafted.status_code == 201
    assert (drafted.json()["state"], drafted.json()["author"]) == ("draft", "Ada")
    assert current.json()["version"] == "toy"


async def test_another_person_puts_a_draft_in_force_from_its_day(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
        approved = await decided_by(caller, "Bo", note="agreed in committee")
        async with caller.doors.reading() as conn:
            book = await load_policies(conn, toy.service)
    assert approved.status_code == 200
    assert approved.json()["approver"] == "Bo"
    assert approved.json()["approval_note"] == "agreed in committee"
    assert book.in_force(date(2026, 3, 31)).version == "toy"
    assert book.in_force(date(2026, 4, 1)).version == "2026-spring"
    assert book.in_force(date(2026, 4, 1)).policy.most_orders == 7


async def test_the_author_may_not_approve(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
        answer = await decided_by(caller, "Ada")
    assert answer.status_code == 403
    assert answer.json()["code"] == "second_person_needed"


async def test_the_administrator_may_not_approve_his_own_draft_either(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await caller.client.post(POLICIES, json=SPRING, headers=bearer())
        path = f"{POLICIES}/2026-spring/approval"
        answer = await caller.client.post(path, json={}, headers=bearer())
    assert answer.status_code == 403


async def test_an_analyst_may_draft_but_not_approve(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        analyst = await caller.key(Role.ANALYST, person="Cy")
        drafted = await caller.client.post(POLICIES, json=SPRING, headers=analyst)
        path = f"{POLICIES}/2026-spring/approval"
        approved = await caller.client.post(path, json={}, headers=analyst)
    assert (drafted.status_code, approved.status_code) == (201, 403)


async def test_a_draft_is_decided_once(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
        rejected = await decided_by(caller, "Bo", decision="rejected", note="too lax")
        approved = await decided_by(caller, "Cy")
    assert rejected.json()["state"] == "rejected"
    assert approved.status_code == 409
    assert approved.json()["code"] == "policy_decided"


async def test_a_version_is_named_once(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
        again = await drafted_by(caller, "Bo")
    assert again.status_code == 409
    assert again.json()["code"] == "policy_exists"


@pytest.mark.parametrize("version", ["toy", "current"])
async def test_the_names_of_the_shipped_and_the_current_version_are_taken(
    toy: Bench, version: str
) -> None:
    async with calling_toy(toy) as caller:
        answer = await drafted_by(caller, "Ada", version=version)
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("closed_on", "status"),
    [("2026-03-30", 200), ("2026-03-31", 422), ("2026-04-01", 422)],
)
async def test_a_policy_must_begin_after_the_business_day(
    toy: Bench, closed_on: str, status: int
) -> None:
    await close_days_until(toy, closed_on)
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
        answer = await decided_by(caller, "Bo")
    assert answer.status_code == status


async def test_the_partition_that_is_furthest_ahead_counts(toy: Bench) -> None:
    await close_days_until(toy, "2026-01-01", partition=0)
    await close_days_until(toy, "2026-06-01", partition=3)
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
        answer = await decided_by(caller, "Bo")
    assert answer.status_code == 422
    assert answer.json()["code"] == "policy_too_late"
    assert answer.json()["errors"][0]["field"] == "effective_from"


async def test_a_policy_that_is_too_late_may_still_be_rejected(toy: Bench) -> None:
    await close_days_until(toy, "2026-06-01")
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
        answer = await decided_by(caller, "Bo", decision="rejected")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "policy",
    [{}, {"most_orders": "many"}, {"most_orders": 7, "most_odrers": 8}],
)
async def test_a_policy_the_worker_could_not_read_is_refused(
    toy: Bench, policy: dict[str, object]
) -> None:
    async with calling_toy(toy) as caller:
        answer = await drafted_by(caller, "Ada", policy=policy)
    assert (answer.status_code == 422) == (policy != {})


@pytest.mark.parametrize("version", ["", "a b", "../x", "-x", "x" * 65])
async def test_a_version_has_a_plain_name(toy: Bench, version: str) -> None:
    async with calling_toy(toy) as caller:
        answer = await drafted_by(caller, "Ada", version=version)
    assert answer.status_code == 422


async def test_an_unknown_version_is_not_found(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        shown = await caller.client.get(f"{POLICIES}/nothing", headers=bearer())
        decided = await decided_by(caller, "Bo", version="nothing")
    assert (shown.status_code, decided.status_code) == (404, 404)


async def test_the_shipped_version_can_be_read_by_its_name(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        shown = (await caller.client.get(f"{POLICIES}/toy", headers=bearer())).json()
    assert (shown["state"], shown["author"]) == ("approved", "shipped")
    assert shown["policy"] == {"most_orders": 1000}


async def test_the_list_tells_each_versions_history(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada", note="tighter")
        await decided_by(caller, "Bo")
        shown = (await caller.client.get(POLICIES, headers=bearer())).json()
        version = (await caller.client.get(f"{POLICIES}/2026-spring", headers=bearer())).json()
    assert shown["items"] == [version]
    assert (version["note"], version["author"], version["approver"]) == ("tighter", "Ada", "Bo")


async def test_what_people_did_to_policies_is_in_the_audit_trail(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
        await decided_by(caller, "Bo")
        trail = (await caller.client.get("/monitoring/v1/audit", headers=bearer())).json()
    deeds = [(deed["person"], deed["action"]) for deed in trail["items"]]
    assert deeds == [("Bo", "policy.approved"), ("Ada", "policy.drafted")]


async def test_the_database_itself_refuses_an_approver_who_is_the_author(toy: Bench) -> None:
    async with calling_toy(toy) as caller:
        await drafted_by(caller, "Ada")
    with pytest.raises(Exception, match="second_person"):
        await toy.fetch("UPDATE monitoring.policy_version SET approver = 'Ada' RETURNING 1")
