"""The scorecard at the doors: what became of warnings, and what is proposed about the poor ones."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from shared.auth.principals import Role
from shared.testing.database import TestServer
from shared.testing.http import bearer
from tests.component.monitoring.desk import WARNINGS, Desk, open_desk

SCORECARD = "/monitoring/v1/scorecard"
PROPOSALS = "/monitoring/v1/proposals"
FIRST = date(2026, 3, 1)
_POOR = """
INSERT INTO monitoring.warning (warning_id, customer_id, partition, indicator, severity, status,
    raised_on, changed_on, value, threshold, evidence, correlation_id, worst_value, exposure,
    said, held, resolved_on)
SELECT 'old-' || number, 'old-' || number, 0, 'B01', 'watch', 'resolved', DATE '2025-06-01',
    DATE '2025-06-01', 3.1, 3, '{"figures": {}, "documents": [], "window": null}', 'chain', 3.1,
    '[{"minor": 100000, "currency": "EUR"}]', 1, 3, DATE '2025-06-03'
FROM generate_series(1, :count) AS number
"""


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    async with open_desk(postgres) as opened:
        yield opened


async def poor(desk: Desk, count: int = 120) -> None:
    """So many warnings of B01 that nothing came of."""
    async with desk.bench.database.transaction() as conn:
        await conn.execute(text(_POOR), {"count": count})


async def test_an_empty_ledger_has_a_scorecard_too(desk: Desk) -> None:
    found = await desk.get(SCORECARD)
    assert (found["last"], found["as_of"]) == ("2026-02-28", "2026-02-28")
    assert (found["total"]["raised"], found["total"]["precision"]) == (0, None)
    assert (found["recall"]["is_met"], found["indicators"]) == (None, [])


async def test_warnings_are_judged_by_labels_and_by_what_happened(desk: Desk) -> None:
    await desk.let_lapse("c1", due=date(2025, 12, 2))
    await desk.let_lapse("c2")
    path = f"{WARNINGS}/{(await desk.the_warning('c1'))['warning_id']}/resolution"
    await desk.post(path, {"label": "true"}, bearer())
    for days in range(3):
        await desk.close(FIRST + timedelta(days=days))
    found = await desk.get(f"{SCORECARD}?from=2026-03-01&to=2026-03-31")
    (late,) = [each for each in found["indicators"] if each["indicator"] == "T01"]
    # that of c1 is raised again after the word on it, on the day it becomes a hard trigger
    assert (late["raised"], late["judged"], late["came_true"], late["pending"]) == (3, 1, 1, 2)
    assert (late["failures"], late["warned_of"], late["labels"]) == (1, 1, {"true": 1})
    assert late["money_warned_of"] == {"amount": "3000.00", "currency": "EUR"}
    assert (late["title"], late["precision"], found["total"]["failures"]) == (
        "Days past due",
        1.0,
        1,
    )
    assert found["precision"]["red"] == {"value": 1.0, "target": 0.3, "cases": 1, "is_met": True}
    outcomes = await desk.bench.fetch(
        'SELECT customer_id, kind FROM monitoring.outcome ORDER BY "on", kind'
    )
    assert [(row.customer_id, row.kind) for row in outcomes] == [
        ("c1", "default"),
        ("c1", "long_overdue"),
    ]


@pytest.mark.parametrize("span", ["from=0001-01-01", "to=0001-06-01", "to=9999-12-31"])
async def test_a_span_beyond_any_calendar_is_refused(desk: Desk, span: str) -> None:
    answer = await desk.caller.client.get(f"{SCORECARD}?{span}", headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_a_span_the_wrong_way_round_is_refused(desk: Desk) -> None:
    answer = await desk.caller.client.get(
        f"{SCORECARD}?from=2026-02-01&to=2026-01-01", headers=bearer()
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_an_indicator_shows_what_its_warnings_were(desk: Desk) -> None:
    await poor(desk, 3)
    items = (await desk.get("/monitoring/v1/indicators"))["items"]
    (surge,) = [each for each in items if each["indicator"] == "B01"]
    figures = surge["figures"]
    assert (figures["raised"], figures["judged"], figures["precision"]) == (3, 3, 0.0)
    assert (figures["suppressed"], surge["retired"]) == (0.75, False)


async def test_a_poor_indicator_is_proposed_to_be_retired_and_a_person_drafts_it(
    desk: Desk,
) -> None:
    await poor(desk)
    (made,) = (await desk.get(PROPOSALS))["items"]
    assert (made["indicator"], made["kind"], made["state"]) == ("B01", "retire", "open")
    assert (made["judged"], made["came_true"], made["precision"]) == (120, 0, 0.0)
    path = f"{PROPOSALS}/{made['proposal_id']}/decision"
    analyst = await desk.caller.key(Role.ANALYST, person="Ada")
    manager = await desk.caller.key(Role.CREDIT_MANAGER, person="Bob")
    wish = {"decision": "accept", "version": "quieter-1", "effective_from": "2026-03-05"}
    status, body = await desk.post(path, wish, analyst)
    assert (status, body["state"], body["policy_version"]) == (200, "accepted", "quieter-1")
    assert body["decided_by"] == "Ada"
    policies = "/monitoring/v1/policies/quieter-1"
    draft = await desk.get(policies)
    assert (draft["state"], draft["author"]) == ("draft", "Ada")
    assert draft["policy"]["warnings"]["indicators"]["B01"]["retired"] is True
    assert draft["policy"]["warnings"]["indicators"]["B02"]["retired"] is False
    status, body = await desk.post(f"{policies}/approval", {}, manager)
    assert (status, body["state"]) == (200, "approved")
    (decided,) = (await desk.get(PROPOSALS))["items"]
    assert (decided["state"], decided["policy_version"]) == ("accepted", "quieter-1")
    deeds = await desk.bench.fetch("SELECT action FROM monitoring.audit WHERE person = 'Ada'")
    assert "proposal.accepted" in [row.action for row in deeds]


async def test_a_proposal_that_was_dismissed_rests(desk: Desk) -> None:
    await poor(desk)
    (made,) = (await desk.get(PROPOSALS))["items"]
    path = f"{PROPOSALS}/{made['proposal_id']}/decision"
    status, body = await desk.post(path, {"decision": "dismiss", "note": "season"}, bearer())
    assert (status, body["state"], body["note"]) == (200, "dismissed", "season")
    (kept,) = (await desk.get(PROPOSALS))["items"]
    assert (kept["state"], kept["policy_version"]) == ("dismissed", None)
    status, body = await desk.post(path, {"decision": "accept"}, bearer())
    assert (status, body["code"]) == (404, "no_such_proposal")


async def test_a_draft_never_takes_the_name_of_the_default(desk: Desk) -> None:
    await poor(desk)
    (made,) = (await desk.get(PROPOSALS))["items"]
    shipped = (await desk.get("/monitoring/v1/policies/current"))["version"]
    path = f"{PROPOSALS}/{made['proposal_id']}/decision"
    status, body = await desk.post(path, {"decision": "accept", "version": shipped}, bearer())
    assert (status, body["code"]) == (409, "policy_exists")


async def test_a_decision_sent_twice_is_taken_once(desk: Desk) -> None:
    await poor(desk)
    (made,) = (await desk.get(PROPOSALS))["items"]
    path, key = f"{PROPOSALS}/{made['proposal_id']}/decision", {"Idempotency-Key": "K1"}
    once = await desk.post(path, {"decision": "dismiss"}, bearer() | key)
    again = await desk.post(path, {"decision": "dismiss"}, bearer() | key)
    assert once == again
    assert (once[0], once[1]["state"]) == (200, "dismissed")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COLLECTOR, Role.AUDITOR])
async def test_who_may_not_draft_a_policy_decides_on_no_proposal(desk: Desk, role: Role) -> None:
    headers = await desk.caller.key(role)
    status, body = await desk.post(f"{PROPOSALS}/any/decision", {"decision": "accept"}, headers)
    assert (status, body["code"]) == (403, "role_missing")
