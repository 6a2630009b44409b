"""Warnings at the doors: raised by facts, seen and judged by people, cleared by closes."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from services.monitoring.domain.catalogue import Indicator
from shared.auth.principals import Role
from shared.testing.database import TestServer
from shared.testing.http import bearer
from tests.component.monitoring.desk import WARNINGS, Desk, open_desk


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    async with open_desk(postgres) as opened:
        yield opened


async def test_a_late_invoice_is_a_warning_with_its_evidence(desk: Desk) -> None:
    await desk.let_lapse("c1")
    found = await desk.the_warning()
    assert (found["indicator"], found["severity"], found["status"]) == ("T01", "watch", "open")
    assert (found["value"], found["threshold"], found["raised_on"]) == (29.0, 7.0, "2026-03-01")
    assert found["evidence"]["documents"] == ["I-c1"]
    assert found["evidence"]["figures"]["overdue_amount"] == "1000.00"
    assert found["correlation_id"] == "issued-c1"
    assert await desk.get(f"{WARNINGS}/{found['warning_id']}") == found


async def test_warnings_are_announced_to_rating(desk: Desk) -> None:
    await desk.let_lapse("c1")
    rows = await desk.bench.fetch(
        "SELECT headers->>'ce_type' AS type FROM monitoring_log.log "
        "WHERE topic = 'obligor.monitoring' AND key = 'c1'"
    )
    assert [row.type for row in rows].count("monitoring.warning_raised.v1") == 1


async def test_warnings_are_filtered(desk: Desk) -> None:
    for name in ("c1", "c2"):
        await desk.let_lapse(name)
    for query, count in (
        ("", 2),
        ("?customer_id=c2", 1),
        ("?customer_id=c3", 0),
        ("?severity=watch", 2),
        ("?severity=red", 0),
        ("?status=open", 2),
        ("?status=resolved", 0),
        ("?customer_id=c1&severity=watch&status=open", 1),
    ):
        assert len((await desk.get(WARNINGS + query))["items"]) == count, query


async def test_warnings_come_in_pages(desk: Desk) -> None:
    for name in ("c1", "c2", "c3"):
        await desk.let_lapse(name)
    first = await desk.get(f"{WARNINGS}?limit=2")
    second = await desk.get(f"{WARNINGS}?limit=2&cursor={first['next_cursor']}")
    names = {each["customer_id"] for each in (*first["items"], *second["items"])}
    assert names == {"c1", "c2", "c3"}
    assert (len(first["items"]), second["next_cursor"]) == (2, None)


@pytest.mark.parametrize("query", ["?cursor=nonsense", "?cursor=WyJ4IiwieSJd", "?severity=mild"])
async def test_what_cannot_be_asked_is_refused(desk: Desk, query: str) -> None:
    answer = await desk.caller.client.get(WARNINGS + query, headers=bearer())
    assert answer.status_code == 422, answer.text


async def test_a_person_acknowledges_a_warning_once(desk: Desk) -> None:
    await desk.let_lapse("c1")
    path = f"{WARNINGS}/{(await desk.the_warning())['warning_id']}/acknowledgement"
    collector = await desk.caller.key(Role.COLLECTOR, person="Cora")
    status, body = await desk.post(path, {"note": "promised for Friday"}, collector)
    assert (status, body["status"], body["acknowledged_by"]) == (200, "acknowledged", "Cora")
    assert await desk.the_warning() == body
    status, body = await desk.post(path, {}, collector)
    assert (status, body["code"]) == (409, "already_acknowledged")


async def test_a_person_resolves_a_warning_and_it_stays_quiet(desk: Desk) -> None:
    await desk.let_lapse("c1")
    path = f"{WARNINGS}/{(await desk.the_warning())['warning_id']}/resolution"
    analyst = await desk.caller.key(Role.ANALYST, person="Ada")
    status, body = await desk.post(path, {"label": "benign", "note": "lost in the post"}, analyst)
    assert (status, body["status"], body["label"]) == (200, "resolved", "benign")
    assert (body["resolved_by"], body["note"]) == ("Ada", "lost in the post")
    await desk.close(date(2026, 3, 1))
    assert (await desk.the_warning())["status"] == "resolved"
    assert (await desk.get("/monitoring/v1/customers/c1/ews"))["ews"] == 0.0
    status, body = await desk.post(path, {"label": "true"}, analyst)
    assert (status, body["code"]) == (409, "warning_not_open")


async def test_a_warning_clears_two_closes_after_the_payment(desk: Desk) -> None:
    await desk.let_lapse("c1")
    await desk.pay("c1")
    await desk.close(date(2026, 3, 1))
    assert (await desk.the_warning())["status"] == "open"
    await desk.close(date(2026, 3, 2))
    found = await desk.the_warning()
    assert (found["status"], found["resolved_on"]) == ("resolved", "2026-03-02")
    assert (found["resolved_by"], found["value"]) == (None, 0.0)


async def test_the_score_is_shown_with_what_adds_to_it(desk: Desk) -> None:
    await desk.let_lapse("c1")
    found = await desk.get("/monitoring/v1/customers/c1/ews")
    assert found["ews"] == pytest.approx(13.5 * 0.9)  # nobody has registered the customer
    assert (found["band"], found["as_of"], found["hard_triggers"]) == ("green", "2026-03-01", [])
    assert found["groups"] == {"TXN": pytest.approx(0.15 * 0.9)}
    (sign,) = found["contributions"]
    assert (sign["indicator"], sign["severity"], sign["value"]) == ("T01", "watch", 29.0)


async def test_the_catalogue_shows_the_thresholds_in_force(desk: Desk) -> None:
    found = await desk.get("/monitoring/v1/indicators")
    entries = {each["indicator"]: each for each in found["items"]}
    assert len(entries) == len(Indicator)
    assert entries["T01"]["thresholds"] == {"watch": 7, "amber": 30, "red": 60}
    assert (entries["T01"]["hard_trigger"], entries["T09"]["comparator"]) == (90, "at_least")
    assert entries["T02"]["requires"]["open_invoices"] == 5
    assert found["policy_version"].startswith("monitoring-")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{WARNINGS}/unknown", "no_such_warning"),
        ("/monitoring/v1/customers/unknown/ews", "not_watched"),
    ],
)
async def test_what_is_not_there_is_not_found(desk: Desk, path: str, code: str) -> None:
    answer = await desk.caller.client.get(path, headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize(
    ("action", "body"), [("acknowledgement", {}), ("resolution", {"label": "true"})]
)
async def test_nothing_is_done_to_a_warning_that_never_was(
    desk: Desk, action: str, body: dict[str, str]
) -> None:
    status, answer = await desk.post(f"{WARNINGS}/unknown/{action}", body, bearer())
    assert (status, answer["code"]) == (404, "no_such_warning")


@pytest.mark.parametrize("body", [{}, {"label": "wrong"}, {"label": "true", "extra": 1}])
async def test_a_resolution_needs_one_of_the_labels(desk: Desk, body: dict[str, object]) -> None:
    status, answer = await desk.post(f"{WARNINGS}/any/resolution", body, bearer())
    assert (status, answer["code"]) == (422, "invalid_input")


@pytest.mark.parametrize(
    ("role", "action", "body"),
    [
        (Role.VIEWER, "acknowledgement", {}),
        (Role.VIEWER, "resolution", {"label": "true"}),
        (Role.AUDITOR, "resolution", {"label": "true"}),
        (Role.COLLECTOR, "resolution", {"label": "true"}),
        (Role.INGEST, "acknowledgement", {}),
    ],
)
async def test_who_may_not_judge_is_turned_away(
    desk: Desk, role: Role, action: str, body: dict[str, str]
) -> None:
    headers = await desk.caller.key(role)
    status, answer = await desk.post(f"{WARNINGS}/any/{action}", body, headers)
    assert (status, answer["code"]) == (403, "role_missing")
