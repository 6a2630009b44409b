"""The register on a real PostgreSQL, through its doors and its worker."""

import asyncio
from datetime import date
from decimal import Decimal

from shared.auth.principals import Role
from shared.contracts.monitoring import ArrearsChanged, OverdueInvoice
from shared.testing.http import bearer
from tests.component.screening.conftest import Screening

CHINESE_NAME = "北京小桔科技有限公司"
USCC = "91330100799655058B"
TODAY = date(2026, 3, 2)


async def test_a_new_customer_is_registered_and_screened_at_once(screening: Screening) -> None:
    answer = await screening.put("C1", identifiers=[{"scheme": "uscc", "value": USCC}])
    assert (answer["status"], answer["outcome"], answer["version"]) == (201, "pass", 1)
    assert await screening.announced("customer_registered") == 1
    assert await screening.announced("customer_cleared") == 1


async def test_the_same_customer_again_is_no_new_version(screening: Screening) -> None:
    await screening.put("C1")
    answer = await screening.put("C1")
    assert (answer["status"], answer["version"]) == (200, 1)
    assert await screening.announced("customer_updated") == 0


async def test_a_changed_customer_is_a_new_version(screening: Screening) -> None:
    await screening.put("C1")
    answer = await screening.put("C1", segment="retail")
    assert (answer["status"], answer["version"]) == (200, 2)
    assert await screening.announced("customer_updated") == 1
    assert await screening.announced("customer_cleared") == 1


async def test_a_customer_is_found_with_its_last_screening(screening: Screening) -> None:
    await screening.put("C1", registered_on="2010-01-01", industry={"scheme": "isic4", "code": "1"})
    found = await screening.get("customers/C1")
    assert found["name"] == "Acme Ltd"
    assert found["outcome"] == "pass"
    assert found["industry"] == {"scheme": "isic4", "code": "1"}
    checks = found["checks"]
    assert isinstance(checks, list)
    assert len(checks) == 21
    assert found["matches"] == []
    not_checked = found["not_checked"]
    assert isinstance(not_checked, list)
    assert "C02" in not_checked
    assert "C11" not in not_checked


async def test_an_unknown_customer_is_not_found(screening: Screening) -> None:
    url = "/screening/v1/customers/nobody"
    answer = await screening.caller.client.get(url, headers=bearer())
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_screening_a_stranger_is_not_found(screening: Screening) -> None:
    url = "/screening/v1/customers/nobody/screenings"
    answer = await screening.caller.client.post(url, headers=bearer())
    assert answer.status_code == 404


async def test_a_screening_on_demand_takes_statement_figures(screening: Screening) -> None:
    await screening.put("C1", registered_on="2010-01-01")
    answer = await screening.caller.client.post(
        "/screening/v1/customers/C1/screenings",
        json={"financials": {"period_end": "2026-06-30", "z_double_prime": 0.5, "audited": False}},
        headers=bearer(),
    )
    assert answer.status_code == 201
    assert (answer.json()["outcome"], answer.json()["points"]) == ("refer", 28)
    assert (await screening.get("customers/C1"))["points"] == 28


async def test_a_chinese_name_is_kept_and_found_by_its_beginning(screening: Screening) -> None:
    await screening.put("C1", legal_names=[{"name": CHINESE_NAME, "script": "Hans"}])
    await screening.put("C2", legal_names=[{"name": "上海小桔科技有限公司"}])
    found = await screening.get("customers", name="北京小桔")
    items = found["items"]
    assert isinstance(items, list)
    assert [(each["customer_id"], each["name"]) for each in items] == [("C1", CHINESE_NAME)]
    assert items[0]["legal_names"][0]["script"] == "Hans"


async def test_a_name_is_found_in_any_width_and_case(screening: Screening) -> None:
    await screening.put("C1", legal_names=[{"name": "\uff21cme  100% Ltd"}, {"name": "其他"}])
    for typed in ("ACME 100%", "acme", "其"):
        assert len((await screening.get("customers", name=typed))["items"]) == 1  # type: ignore[arg-type]  # JSON list
    assert (await screening.get("customers", name="acme 1_0"))["items"] == []


async def test_a_customer_is_found_by_its_identifier_however_written(screening: Screening) -> None:
    await screening.put("C1", identifiers=[{"scheme": "uscc", "value": USCC}])
    await screening.put("C2")
    found = await screening.get("customers", identifier="9133-0100-79965505-8b")
    items = found["items"]
    assert isinstance(items, list)
    assert [each["customer_id"] for each in items] == ["C1"]


async def test_lists_come_in_pages(screening: Screening) -> None:
    for name in ("C1", "C2", "C3"):
        await screening.put(name)
    first = await screening.get("customers", limit="2")
    second = await screening.get("customers", limit="2", cursor=str(first["next_cursor"]))
    pages = (first["items"], second["items"])
    shown = [each["customer_id"] for page in pages if isinstance(page, list) for each in page]
    assert shown == ["C1", "C2", "C3"]
    assert second["next_cursor"] is None


async def test_customers_are_listed_by_outcome(screening: Screening) -> None:
    await screening.put("C1")
    await screening.put("C2", registration_status="revoked")
    found = await screening.get("customers", outcome="reject")
    items = found["items"]
    assert isinstance(items, list)
    assert [each["customer_id"] for each in items] == ["C2"]


async def test_an_identifier_that_somebody_holds_refers_the_second(screening: Screening) -> None:
    mine = [{"scheme": "uscc", "value": USCC}]
    await screening.put("C1", identifiers=mine)
    answer = await screening.put("C2", identifiers=mine)
    assert answer["outcome"] == "refer"
    assert await screening.announced("customer_referred") == 1
    rows = await screening.bench.fetch("SELECT customer_id FROM screening.identifier")
    assert [row[0] for row in rows] == ["C1"]


async def test_many_at_once_with_one_identifier_leave_one_holder(screening: Screening) -> None:
    mine = [{"scheme": "uscc", "value": USCC}]
    names = [f"C{number}" for number in range(12)]
    answers = await asyncio.gather(*(screening.put(name, identifiers=mine) for name in names))
    outcomes = sorted(str(answer["outcome"]) for answer in answers)
    assert outcomes == ["pass"] + ["refer"] * 11
    rows = await screening.bench.fetch("SELECT count(*) FROM screening.identifier")
    assert rows[0][0] == 1


async def test_a_freed_identifier_goes_to_whoever_is_screened_next(screening: Screening) -> None:
    mine = [{"scheme": "uscc", "value": USCC}]
    await screening.put("C1", identifiers=mine)
    await screening.put("C2", identifiers=mine)
    await screening.put("C1", identifiers=[])
    url = "/screening/v1/customers/C2/screenings"
    answer = await screening.caller.client.post(url, headers=bearer())
    assert answer.json()["outcome"] == "pass"


async def test_a_body_that_cannot_be_right_is_a_problem(screening: Screening) -> None:
    answer = await screening.caller.client.put(
        "/screening/v1/customers/C1",
        json={"legal_names": [{"name": "Acme"}], "country": "China"},
        headers=bearer(),
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "country"


async def test_what_only_the_register_knows_to_be_wrong_is_a_problem_too(
    screening: Screening,
) -> None:
    twice = [{"scheme": "uscc", "value": USCC}, {"scheme": "USCC", "value": USCC.lower()}]
    answer = await screening.caller.client.put(
        "/screening/v1/customers/C1",
        json={"legal_names": [{"name": "Acme"}], "country": "CN", "identifiers": twice},
        headers=bearer(),
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "identifiers"


async def test_a_viewer_may_look_and_not_register(screening: Screening) -> None:
    viewer = await screening.caller.key(Role.VIEWER)
    body = {"legal_names": [{"name": "Acme"}], "country": "CN"}
    client = screening.caller.client
    url = "/screening/v1/customers/C1"
    assert (await client.put(url, json=body, headers=viewer)).status_code == 403
    assert (await client.get("/screening/v1/customers", headers=viewer)).status_code == 200
    assert (await client.post(f"{url}/screenings", headers=viewer)).status_code == 403


async def test_nobody_may_look_without_a_key(screening: Screening) -> None:
    client = screening.caller.client
    assert (await client.get("/screening/v1/customers")).status_code == 401
    assert (await client.get("/screening/v1/customers/C1")).status_code == 401
    assert (await client.put("/screening/v1/customers/C1", json={})).status_code == 401
    assert (await client.post("/screening/v1/customers/C1/screenings")).status_code == 401


async def test_arrears_are_kept_for_customers_nobody_registered_yet(screening: Screening) -> None:
    invoice = OverdueInvoice(
        invoice_id="I1",
        invoice_date=date(2025, 12, 1),
        due_date=date(2026, 1, 1),
        amount=Decimal(100),
        open_amount=Decimal(100),
        disputed_amount=Decimal(0),
        currency="CNY",
    )
    event = ArrearsChanged(customer_id="C1", as_of=TODAY, invoices=(invoice,), totals=())
    await screening.monitoring.say(event, customer_id="C1")
    await screening.close(TODAY)
    answer = await screening.put("C1")
    assert answer["points"] == 15


async def test_a_day_closes_in_every_partition(screening: Screening) -> None:
    await screening.close(TODAY)
    assert await screening.announced("day_closed") == 4


async def test_a_verdict_is_renewed_when_its_year_is_over(screening: Screening) -> None:
    await screening.close(date(2026, 3, 1))
    await screening.put("C1")
    await screening.close(date(2027, 3, 1))
    assert await screening.announced("customer_cleared") == 1
    await screening.close(date(2027, 3, 2))
    assert await screening.announced("customer_cleared") == 2
    found = await screening.get("customers/C1")
    assert (found["as_of"], found["valid_to"]) == ("2027-03-02", "2028-03-02")
