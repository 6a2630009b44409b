"""What people do with warnings at the doors: put them off, label them afterwards, work the queue."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from shared.auth.principals import Role
from shared.testing.database import TestServer
from shared.testing.http import bearer
from tests.component.monitoring.desk import WARNINGS, Desk, open_desk

QUEUE = "/monitoring/v1/queue"
RED = date(2025, 12, 25)
AMBER = date(2026, 1, 20)
FIRST = date(2026, 3, 1)


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    async with open_desk(postgres) as opened:
        yield opened


async def put_off(
    desk: Desk, customer_id: str, *, until: str, headers: dict[str, str]
) -> tuple[int, Any]:
    path = f"{WARNINGS}/{(await desk.the_warning(customer_id))['warning_id']}/snooze"
    return await desk.post(path, {"until": until, "note": "paid on Friday"}, headers)


async def test_a_snoozed_warning_is_suppressed_and_back_on_its_day(desk: Desk) -> None:
    await desk.let_lapse("c1")
    analyst = await desk.caller.key(Role.ANALYST, person="Ada")
    status, body = await put_off(desk, "c1", until="2026-03-04", headers=analyst)
    assert (status, body["status"]) == (200, "suppressed")
    assert (body["snooze"]["until"], body["snooze"]["state"]) == ("2026-03-04", "in_force")
    assert await desk.the_warning() == body
    assert (await desk.get(QUEUE))["items"] == []
    assert (await desk.get(QUEUE))["snoozed_warnings"] == 1
    await desk.close(FIRST)
    await desk.close(FIRST + timedelta(days=1))
    assert (await desk.the_warning())["status"] == "suppressed"
    await desk.close(FIRST + timedelta(days=2))
    found = await desk.the_warning()
    assert (found["status"], found["snooze"]) == ("open", None)
    assert found["severity"] == "amber"


async def test_a_red_warning_is_put_off_by_two(desk: Desk) -> None:
    await desk.let_lapse("c1", due=RED)
    manager = await desk.caller.key(Role.CREDIT_MANAGER, person="Ada")
    other = await desk.caller.key(Role.CREDIT_MANAGER, person="Bob")
    status, body = await put_off(desk, "c1", until="2026-03-20", headers=manager)
    assert (status, body["status"], body["snooze"]["state"]) == (200, "open", "requested")
    path = f"{WARNINGS}/{body['warning_id']}/snooze/approval"
    status, body = await desk.post(path, {}, manager)
    assert (status, body["code"]) == (403, "second_person_needed")
    status, body = await desk.post(path, {}, other)
    assert (status, body["status"], body["snooze"]["approved_by"]) == (200, "suppressed", "Bob")
    status, body = await desk.post(path, {}, other)
    assert (status, body["code"]) == (409, "no_snooze_asked")
    deeds = await desk.bench.fetch("SELECT action, person FROM monitoring.audit ORDER BY sequence")
    assert ("command.snooze_warning", "Ada") in [(row.action, row.person) for row in deeds]
    assert ("command.decide_snooze", "Bob") in [(row.action, row.person) for row in deeds]


@pytest.mark.parametrize("until", ["2026-03-01", "2026-04-01", "soon"])
async def test_a_day_too_near_or_too_far_is_refused(desk: Desk, until: str) -> None:
    await desk.let_lapse("c1")
    status, body = await put_off(desk, "c1", until=until, headers=bearer())
    assert (status, body["code"]) == (422, "invalid_input")


@pytest.mark.parametrize(
    ("role", "action", "body"),
    [
        (Role.COLLECTOR, "snooze", {"until": "2026-03-04"}),
        (Role.VIEWER, "label", {"label": "true"}),
        (Role.ANALYST, "snooze/approval", {}),
    ],
)
async def test_who_may_not_is_turned_away(
    desk: Desk, role: Role, action: str, body: dict[str, str]
) -> None:
    status, answer = await desk.post(f"{WARNINGS}/any/{action}", body, await desk.caller.key(role))
    assert (status, answer["code"]) == (403, "role_missing")


async def test_a_warning_that_cleared_is_labelled_later(desk: Desk) -> None:
    await desk.let_lapse("c1")
    path = f"{WARNINGS}/{(await desk.the_warning())['warning_id']}/label"
    analyst = await desk.caller.key(Role.ANALYST, person="Ada")
    status, body = await desk.post(path, {"label": "true"}, analyst)
    assert (status, body["code"]) == (409, "warning_still_open")
    await desk.pay("c1")
    for days in (0, 1):
        await desk.close(FIRST + timedelta(days=days))
    status, body = await desk.post(path, {"label": "benign", "note": "bank holiday"}, analyst)
    assert (status, body["label"], body["labelled_by"]) == (200, "benign", "Ada")
    assert (body["status"], body["resolved_by"]) == ("resolved", None)
    status, body = await desk.post(path, {"label": "true"}, analyst)
    assert (status, body["label"], body["note"]) == (200, "true", "bank holiday")
    assert (await desk.the_warning())["label"] == "true"


async def test_another_word_on_a_resolved_one_changes_the_score(desk: Desk) -> None:
    await desk.let_lapse("c1")
    path = f"{WARNINGS}/{(await desk.the_warning())['warning_id']}"
    analyst = await desk.caller.key(Role.ANALYST, person="Ada")
    await desk.post(f"{path}/resolution", {"label": "benign"}, analyst)
    assert (await desk.get("/monitoring/v1/customers/c1/ews"))["ews"] == 0
    status, _ = await desk.post(f"{path}/label", {"label": "true"}, analyst)
    assert status == 200
    assert (await desk.get("/monitoring/v1/customers/c1/ews"))["ews"] > 0


async def test_a_warning_shows_what_is_at_stake_and_what_to_do(desk: Desk) -> None:
    await desk.let_lapse("c1", due=AMBER)
    found = await desk.the_warning()
    assert found["exposure"] == [{"amount": "1000.00", "currency": "EUR"}]
    assert found["expected_loss"] == {"amount": "90.00", "currency": "EUR"}
    assert found["recommended_action"]["code"] == "call"
    assert found["expires_on"] is None  # it stands: it is no older than today
    assert (found["said"], found["held_back"], found["pending_since"]) == (1, 0, "2026-03-01")
    same_case = await desk.get(f"{WARNINGS}?case_id={found['case_id']}")
    assert [each["warning_id"] for each in same_case["items"]] == [found["warning_id"]]


async def test_the_queue_is_ranked_by_money_at_risk(desk: Desk) -> None:
    await desk.let_lapse("small", due=RED, amount=900)
    await desk.let_lapse("large", due=AMBER, amount=40_000)
    found = await desk.get(QUEUE)
    assert [each["customer_id"] for each in found["items"]] == ["large", "small"]
    assert found["budget"] == {
        "analysts": 1,
        "per_analyst": 30,
        "capacity": 30,
        "kept": 2,
        "beyond": 0,
        "in_default": 0,
        "lowered": {},
    }
    first = found["items"][0]
    assert (first["rank"], first["severity"], first["decide_by"]) == (1, "amber", "2026-03-03")
    assert first["unsecured"] == {"amount": "40000.00", "currency": "EUR"}
    assert first["money_at_risk"]["amount"] == f"{400 * first['ews']:.2f}"
    (concern,) = first["warnings"]
    assert (concern["indicator"], concern["title"]) == ("T01", "Days past due")
    assert concern["case_id"] == first["case_id"] is not None
    assert first["recommended_action"]["wording"]["zh"]


async def test_an_unseen_red_one_goes_to_the_credit_head(desk: Desk) -> None:
    await desk.let_lapse("c1", due=RED)
    assert (await desk.get(QUEUE))["items"][0]["owner"] == "analyst"
    for days in range(3):
        await desk.close(FIRST + timedelta(days=days))
    (case,) = (await desk.get(f"{QUEUE}?owner=credit_head"))["items"]
    assert (case["owner"], case["is_late"]) == ("credit_head", True)
    path = f"{WARNINGS}/{case['warnings'][0]['warning_id']}/acknowledgement"
    await desk.post(path, {}, bearer())
    (case,) = (await desk.get(QUEUE))["items"]
    assert (case["owner"], case["warnings"][0]["acknowledge_by"]) == ("analyst", None)


async def test_the_queue_comes_in_pages(desk: Desk) -> None:
    for number in range(3):
        await desk.let_lapse(f"c{number}", amount=1000 + number)
    first = await desk.get(f"{QUEUE}?limit=2")
    second = await desk.get(f"{QUEUE}?limit=2&cursor={first['next_cursor']}")
    names = [each["customer_id"] for each in (*first["items"], *second["items"])]
    assert (names, second["next_cursor"]) == (["c2", "c1", "c0"], None)
    assert [each["rank"] for each in second["items"]] == [3]


async def test_nothing_is_lowered_while_there_are_hands(desk: Desk) -> None:
    await desk.let_lapse("c1")
    assert (await desk.get(f"{QUEUE}?part=lowered"))["items"] == []
    assert len((await desk.get(f"{QUEUE}?part=all&analysts=2"))["items"]) == 1
