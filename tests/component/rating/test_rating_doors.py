"""Rating's doors, in front of its worker and a real database."""

from typing import Any

import pytest

from shared.auth.principals import Role
from shared.testing.http import Caller, bearer
from tests.component.rating.conftest import Desk

CUSTOMER = "/rating/v1/customers/c1"
STATEMENT: dict[str, Any] = {
    "period_end": "2025-12-31",
    "months": 12,
    "basis": "audited",
    "currency": "EUR",
    "unit": "millions",
    "filed_on": "2026-03-02",
    "lines": {
        "TA": "40",
        "TL": "25.5",
        "TE": 14.5,
        "CA": 21,
        "CL": 15.5,
        "INV": 7.5,
        "PREPAY": 0,
        "CASH": 2.5,
        "DEBT": 12,
        "REV": 48,
        "EBIT": 2.6,
        "DA": 1.4,
        "INT_EXP": 0.9,
        "NI": 1.25,
        "CFO": 2.3,
        "COGS": 38.4,
        "AP": 6.8,
        "INTANG": 1,
    },
}

BODIES: dict[str, Any] = {
    "financial-statements": STATEMENT,
    "external-ratings": {"agency": "S&P", "grade": "BB", "affirmed_on": "2020-01-31"},
    "overrides": {"grade": "B", "reason": "visit", "expires_on": "2026-03-31"},
}


async def filed(caller: Caller, desk: Desk, *, ratings: int = 1) -> None:
    answer = await caller.client.post(
        f"{CUSTOMER}/financial-statements", json=STATEMENT, headers=bearer()
    )
    assert answer.status_code == 202, answer.text
    await desk.rated("c1", ratings)


async def rating_of(caller: Caller, query: str = "") -> Any:
    answer = await caller.client.get(f"{CUSTOMER}/rating{query}", headers=bearer())
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_filed_statement_becomes_a_grade(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        rating = await rating_of(caller)
    assert rating["grade"] == rating["model_grade"]
    assert rating["trigger"] == "financial_statement"
    assert [each["name"] for each in rating["components"]] == ["prior", "financial"]
    assert {"R01", "R15"} <= {reason["code"] for reason in rating["reasons"]}


async def test_an_answer_has_the_promised_shape(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        rating = await rating_of(caller)
    promised = {
        *("grade", "pd", "confidence", "reasons", "components", "caps"),
        *("model_version", "policy_version", "valid_to"),
    }
    assert promised <= set(rating)


async def test_a_customer_never_rated_is_not_found(desk: Desk) -> None:
    async with desk.open() as caller:
        answer = await caller.client.get(f"{CUSTOMER}/rating", headers=bearer())
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_rated"


async def test_before_its_first_day_there_was_no_rating(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        path = f"{CUSTOMER}/rating?as_of=2026-03-01"
        answer = await caller.client.get(path, headers=bearer())
        assert (await rating_of(caller, "?as_of=2026-03-02"))["as_of"] == "2026-03-02"
    assert answer.status_code == 404


async def test_a_person_may_have_a_customer_rated_now(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        analyst = await caller.key(Role.ANALYST)
        answer = await caller.client.post(f"{CUSTOMER}/ratings", headers=analyst)
    assert answer.status_code == 201
    assert answer.json()["trigger"] == "command"


async def test_an_unknown_customer_cannot_be_rated_now(desk: Desk) -> None:
    async with desk.open() as caller:
        answer = await caller.client.post(f"{CUSTOMER}/ratings", headers=bearer())
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_history_comes_in_pages_newest_first(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        for _ in range(2):
            await caller.client.post(f"{CUSTOMER}/ratings", headers=bearer())
        path = f"{CUSTOMER}/ratings?limit=2"
        first = (await caller.client.get(path, headers=bearer())).json()
        path = f"{path}&cursor={first['next_cursor']}"
        second = (await caller.client.get(path, headers=bearer())).json()
    triggers = [each["trigger"] for each in (*first["items"], *second["items"])]
    assert triggers == ["command", "command", "financial_statement"]
    assert second["next_cursor"] is None


async def test_statements_are_shown_as_filed(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        path = f"{CUSTOMER}/financial-statements"
        (shown,) = (await caller.client.get(path, headers=bearer())).json()["items"]
    assert shown["period_end"] == "2025-12-31"
    assert shown["lines"]["TA"] == "40"
    assert shown["unit"] == "millions"


async def test_ratios_are_shown_with_their_points(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        path = f"{CUSTOMER}/ratios?as_of=2026-03-02"
        shown = (await caller.client.get(path, headers=bearer())).json()
    by_code = {each["code"]: each for each in shown["ratios"]}
    assert by_code["tl_ta"]["value"] == pytest.approx(0.6375)
    assert by_code["tl_ta"]["points"] == pytest.approx(47.5)
    assert by_code["growth"]["status"] == "missing"
    assert by_code["growth"]["value"] is None


async def test_a_customer_without_a_statement_has_no_ratios(desk: Desk) -> None:
    async with desk.open() as caller:
        answer = await caller.client.get(f"{CUSTOMER}/ratios", headers=bearer())
    assert answer.status_code == 404
    assert answer.json()["code"] == "no_statement"


REFUSED: list[tuple[dict[str, Any], str, str | None]] = [
    ({"lines": {"TA": 40, "TL": 25.5, "TE": 20}}, "unbalanced_statement", None),
    ({"lines": {"TA": 40, "TL": 25.5, "TE": 14.5, "XX": 1}}, "invalid_input", "lines.XX"),
    ({"lines": {"TA": 40, "TL": 40}}, "invalid_input", "lines.TE"),
    ({"months": 0}, "invalid_input", "months"),
    ({"currency": "euro"}, "invalid_input", "currency"),
    ({"basis": "hearsay"}, "invalid_input", "basis"),
    ({"period_ended": "2025-12-31"}, "invalid_input", "period_ended"),
]


async def test_a_statement_that_cannot_be_true_is_refused_at_the_door(desk: Desk) -> None:
    path = f"{CUSTOMER}/financial-statements"
    async with desk.open() as caller:
        for change, code, field in REFUSED:
            body = {**STATEMENT, **change}
            answer = await caller.client.post(path, json=body, headers=bearer())
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (422, code), problem
            assert field is None or problem["errors"][0]["field"] == field


async def test_a_wrong_unit_is_refused_beside_the_year_before(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        body = {**STATEMENT, "period_end": "2026-02-28", "unit": "units"}
        path = f"{CUSTOMER}/financial-statements"
        answer = await caller.client.post(path, json=body, headers=bearer())
    assert answer.status_code == 422
    assert answer.json()["code"] == "statement_unit_mismatch"


async def test_an_outside_grade_comes_into_the_rating(desk: Desk) -> None:
    body = {"agency": "S&P", "grade": "BB", "affirmed_on": "2020-01-31"}
    async with desk.open() as caller:
        path = f"{CUSTOMER}/external-ratings"
        answer = await caller.client.post(path, json=body, headers=bearer())
        assert answer.status_code == 202
        (rated,) = await desk.rated("c1", 1)
    assert rated.trigger == "external_rating"


async def test_an_outside_grade_nobody_can_read_is_refused(desk: Desk) -> None:
    body = {"agency": "S&P", "grade": "BB", "affirmed_on": "2020-01-31"}
    path = f"{CUSTOMER}/external-ratings"
    async with desk.open() as caller:
        for change in ({"agency": "My Cousin"}, {"grade": "Baa1"}, {"kind": "gossip"}):
            answer = await caller.client.post(path, json={**body, **change}, headers=bearer())
            assert answer.status_code == 422, change


async def test_an_override_takes_two_people(desk: Desk) -> None:
    async with desk.open() as caller:
        await filed(caller, desk)
        now = await caller.client.post(f"{CUSTOMER}/ratings", headers=bearer())
        today = now.json()["as_of"]
        anna = await caller.key(Role.CREDIT_MANAGER, person="Anna")
        bert = await caller.key(Role.CREDIT_MANAGER, person="Bert")
        wish = {"grade": "B", "reason": "visited the plant", "expires_on": today}
        proposed = await caller.client.post(f"{CUSTOMER}/overrides", json=wish, headers=anna)
        assert proposed.status_code == 201, proposed.text
        path = f"{CUSTOMER}/overrides/{proposed.json()['proposal_id']}/approval"
        alone = await caller.client.post(path, headers=anna)
        together = await caller.client.post(path, headers=bert)
    assert alone.status_code == 403
    assert alone.json()["code"] == "same_person"
    assert together.status_code == 201
    assert together.json()["grade"] == "B"
    assert together.json()["overridden"] is True


TURNED_AWAY = [
    ("GET", "rating", Role.INGEST),
    ("GET", "ratings", Role.INGEST),
    ("GET", "financial-statements", Role.INGEST),
    ("GET", "ratios", Role.INGEST),
    ("POST", "ratings", Role.VIEWER),
    ("POST", "financial-statements", Role.VIEWER),
    ("POST", "external-ratings", Role.COLLECTOR),
    ("POST", "overrides", Role.INGEST),
    ("POST", "overrides/x/approval", Role.ANALYST),
]


async def test_a_role_that_may_not_is_turned_away(desk: Desk) -> None:
    async with desk.open() as caller:
        for method, path, role in TURNED_AWAY:
            key = await caller.key(role)
            answer = await caller.client.request(
                method, f"{CUSTOMER}/{path}", headers=key, json=BODIES.get(path)
            )
            assert answer.status_code == 403, (method, path, answer.text)


async def test_without_a_key_every_door_is_shut(desk: Desk) -> None:
    async with desk.open() as caller:
        for method, path, _ in TURNED_AWAY:
            answer = await caller.client.request(
                method, f"{CUSTOMER}/{path}", json=BODIES.get(path)
            )
            assert answer.status_code == 401, (method, path, answer.text)
