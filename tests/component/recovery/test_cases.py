"""Cases on a real PostgreSQL, from what monitoring and tiering say to what people do."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from shared.auth.principals import Role
from shared.testing.http import bearer
from shared.testing.workers import until
from tests.component.recovery.conftest import Recovery
from tests.unit.recovery.builders import TODAY, YESTERDAY, a_tier, an_invoice, arrears, days


async def with_a_case(recovery: Recovery, customer_id: str = "C1") -> str:
    """Close a day on which a customer was three days late; the case's id."""
    owed = arrears(an_invoice(TODAY - days(3)), customer_id=customer_id)
    await recovery.monitoring.say(owed, customer_id=customer_id)
    await recovery.close(TODAY)
    cases = await recovery.cases(customer_id=customer_id)
    return str(cases[0]["case_id"])


async def test_a_late_customer_gets_a_case_when_the_day_closes(recovery: Recovery) -> None:
    await recovery.close(YESTERDAY)
    case_id = await with_a_case(recovery)
    case = await recovery.get(f"cases/{case_id}")
    assert (case["state"], case["cause"], case["step"]) == ("reminded", "dunning", "L1")
    assert (case["amount"], case["currency"]) == ("100.00", "EUR")
    assert case["next_action"] == "send_interest_notice"
    assert case["next_action_on"] == (TODAY + days(7)).isoformat()
    history = case["history"]
    assert isinstance(history, list)
    assert [deed["type"] for deed in history] == ["opened", "dunning_step"]


async def test_a_case_goes_up_the_ladder_over_many_days(recovery: Recovery) -> None:
    case_id = await with_a_case(recovery)
    for ahead in range(1, 29):
        await recovery.monitoring.close(TODAY + days(ahead))
        await recovery.tiering.close(TODAY + days(ahead))
    await recovery.close(TODAY + days(29))
    case = await recovery.get(f"cases/{case_id}")
    assert (case["state"], case["step"]) == ("formal_demand", "L4")
    assert await recovery.announced("dunning_step_taken") == 4
    assert await recovery.announced("case_opened") == 1
    assert await recovery.announced("day_closed") == 4 * 30


async def test_one_publisher_alone_closes_no_day(recovery: Recovery) -> None:
    await recovery.close(YESTERDAY)
    owed = arrears(an_invoice(TODAY - days(3)))
    await recovery.monitoring.say(owed, customer_id="C1")
    await recovery.monitoring.close(TODAY)
    await asyncio.sleep(1.5)
    assert await recovery.cases() == []
    await recovery.tiering.close(TODAY)
    await recovery.close(TODAY + days(1))
    assert len(await recovery.cases()) == 1


async def test_tier_high_with_arrears_opens_a_case_at_once(recovery: Recovery) -> None:
    await recovery.close(YESTERDAY)
    await recovery.tiering.say(a_tier("high"), customer_id="C1")

    async def opened() -> bool:
        return bool(await recovery.cases(customer_id="C1"))

    await until(opened)
    case = (await recovery.cases(customer_id="C1"))[0]
    assert (case["cause"], case["tier"]) == ("tier_high", "high")


async def test_paid_arrears_close_the_case(recovery: Recovery) -> None:
    case_id = await with_a_case(recovery)
    await recovery.monitoring.say(arrears(as_of=TODAY + days(1)), customer_id="C1")
    await recovery.close(TODAY + days(1))
    case = await recovery.get(f"cases/{case_id}")
    assert (case["state"], case["outcome"], case["next_action"]) == ("closed", "paid", None)
    assert await recovery.announced("case_closed") == 1


async def test_cases_are_found_by_customer_state_and_openness(recovery: Recovery) -> None:
    first = await with_a_case(recovery, "C1")
    await recovery.monitoring.say(arrears(as_of=TODAY + days(1)), customer_id="C1")
    late = arrears(an_invoice(TODAY - days(10)), customer_id="C2")
    await recovery.monitoring.say(late, customer_id="C2")
    await recovery.close(TODAY + days(1))
    assert [case["case_id"] for case in await recovery.cases(state="CLOSED")] == [first]
    assert [case["customer_id"] for case in await recovery.cases(state="open")] == ["C2"]
    assert [case["customer_id"] for case in await recovery.cases()] == ["C2", "C1"]
    assert [case["case_id"] for case in await recovery.cases(state="closed")] == [first]
    assert await recovery.cases(customer_id="nobody") == []


async def test_a_state_that_no_case_can_have_is_a_problem(recovery: Recovery) -> None:
    url = "/recovery/v1/cases?state=lost"
    answer = await recovery.caller.client.get(url, headers=bearer())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "state")


async def test_cases_come_in_pages(recovery: Recovery) -> None:
    for number in range(3):
        name = f"C{number}"
        owed = arrears(an_invoice(TODAY - days(3)), customer_id=name)
        await recovery.monitoring.say(owed, customer_id=name)
    await recovery.close(TODAY)
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = await recovery.get("cases", **query)
        items = page["items"]
        assert isinstance(items, list)
        seen += [case["customer_id"] for case in items]
        if page["next_cursor"] is None:
            break
        query["cursor"] = str(page["next_cursor"])
    assert sorted(seen) == ["C0", "C1", "C2"]


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "WyJub3QgYSBkYXkiLCJrIl0"])
async def test_a_cursor_of_another_list_is_a_problem(recovery: Recovery, cursor: str) -> None:
    admin = await recovery.caller.key(Role.VIEWER)
    url = "/recovery/v1/cases"
    answer = await recovery.caller.client.get(url, params={"cursor": cursor}, headers=admin)
    assert answer.status_code == 422


async def test_a_collector_records_what_was_done(recovery: Recovery) -> None:
    case_id = await with_a_case(recovery)
    collector = await recovery.caller.key(Role.COLLECTOR, person="Bo")
    answer = await recovery.caller.client.post(
        f"/recovery/v1/cases/{case_id}/actions",
        json={
            "type": "call",
            "note": "pays on Friday 王",
            "data": {"with": "李先生", "minutes": 3},
        },
        headers=collector,
    )
    assert answer.status_code == 201
    history = (await recovery.get(f"cases/{case_id}"))["history"]
    assert isinstance(history, list)
    last = history[-1]
    assert (last["type"], last["actor"], last["note"]) == ("call", "Bo", "pays on Friday 王")
    assert last["details"] == {"with": "李先生", "minutes": 3}


async def test_a_promise_stops_the_ladder(recovery: Recovery) -> None:
    case_id = await with_a_case(recovery)
    promised = (TODAY + days(7)).isoformat()
    status, case = await recovery.act(
        case_id, type="promise_to_pay", data={"promised_on": promised}
    )
    assert (status, case["state"], case["next_action"]) == (201, "ptp", "check_promise")
    assert case["promise_until"] == (TODAY + days(9)).isoformat()
    for ahead, step in ((8, "L1"), (9, "L2")):
        await recovery.close(TODAY + days(ahead))
        assert (await recovery.get(f"cases/{case_id}"))["step"] == step


async def test_closing_with_arrears_is_a_conflict(recovery: Recovery) -> None:
    case_id = await with_a_case(recovery)
    status, problem = await recovery.act(case_id, type="close", note="enough")
    assert (status, problem["code"]) == (409, "arrears_remain")


async def test_a_waiver_needs_a_credit_manager(recovery: Recovery) -> None:
    case_id = await with_a_case(recovery)
    url = f"/recovery/v1/cases/{case_id}/actions"
    body = {"type": "close", "note": "goodwill", "data": {"waiver": True}}
    client = recovery.caller.client
    collector = await recovery.caller.key(Role.COLLECTOR)
    refused = await client.post(url, json=body, headers=collector)
    assert (refused.status_code, refused.json()["code"]) == (403, "waiver_forbidden")
    manager = await recovery.caller.key(Role.CREDIT_MANAGER)
    closed = await client.post(url, json=body, headers=manager)
    assert (closed.status_code, closed.json()["outcome"]) == (201, "waived")
    again = await client.post(url, json=body, headers=manager)
    assert (again.status_code, again.json()["code"]) == (409, "case_closed")


async def test_an_unknown_case_is_not_found(recovery: Recovery) -> None:
    status, problem = await recovery.act("nothing", type="note", note="x")
    assert (status, problem["code"]) == (404, "not_found")


async def test_a_viewer_looks_and_does_nothing(recovery: Recovery) -> None:
    case_id = await with_a_case(recovery)
    viewer = await recovery.caller.key(Role.VIEWER)
    client, url = recovery.caller.client, f"/recovery/v1/cases/{case_id}"
    assert (await client.get(url, headers=viewer)).status_code == 200
    refused = await client.post(f"{url}/actions", json={"type": "note"}, headers=viewer)
    assert refused.status_code == 403


async def test_nobody_looks_without_a_key(recovery: Recovery) -> None:
    client = recovery.caller.client
    assert (await client.get("/recovery/v1/cases")).status_code == 401
    assert (await client.get("/recovery/v1/cases/K1")).status_code == 401
    assert (await client.post("/recovery/v1/cases/K1/actions", json={})).status_code == 401


async def test_the_database_itself_refuses_a_second_open_case(recovery: Recovery) -> None:
    await with_a_case(recovery)
    copy = (
        "INSERT INTO recovery.\"case\" SELECT 'another', customer_id, partition, state, cause, "
        "opened_on, closed_on, tier, amount, currency, step, next_action, next_action_on, version, "
        'body FROM recovery."case" RETURNING case_id'
    )
    with pytest.raises(IntegrityError, match="uq_case_one_open_per_customer"):
        await recovery.bench.fetch(copy)
