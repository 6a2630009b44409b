"""What tiering answers about tiers and limits."""

from shared.testing.http import bearer
from tests.component.tiering.bench import MONDAY, SUNDAY, Tiering, cleared, limit_of
from tests.unit.tiering.events import CUSTOMER, day_closed, grade_answer

TIER = f"/customers/{CUSTOMER}/tier"


async def test_a_tier_is_told_with_its_limit_and_reasons(tiering: Tiering) -> None:
    await tiering.work(cleared(), limit_of(10_000), closing=SUNDAY)
    answer = await tiering.get(TIER)
    assert answer["tier"] == "medium"
    assert answer["payment_terms_days"] == 45
    assert answer["credit_limit"] == {
        "amount": "10000.00",
        "currency": "EUR",
        "binding_cap": "capacity",
    }
    assert answer["policy_version"] == "tiering-1"
    assert [reason["code"] for reason in answer["reasons"]] == ["matrix", "first_tier"]
    assert answer["measures"]["dunning_start"]


async def test_a_past_tier_is_told_as_it_was(tiering: Tiering) -> None:
    await tiering.work(cleared(), closing=SUNDAY)
    await tiering.work(limit_of(10_000), closing=MONDAY)
    await tiering.work(grade_answer("CCC"))
    assert (await tiering.get(f"{TIER}?as_of=2025-06-02"))["tier"] == "medium"
    now = await tiering.get(TIER)
    assert (now["tier"], now["since"]) == ("high", "2025-06-03")
    assert now["credit_limit"]["amount"] == "0.00"


async def test_before_the_first_decision_there_is_no_tier(tiering: Tiering) -> None:
    await tiering.work(cleared(), limit_of(10_000), closing=SUNDAY)
    path = f"/tiering/v1{TIER}?as_of=2020-01-01"
    answer = await tiering.caller.client.get(path, headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_limits_are_listed_newest_first_in_pages(tiering: Tiering) -> None:
    for amount in (1_000, 2_000, 3_000):
        await tiering.work(limit_of(amount))
    path = f"/customers/{CUSTOMER}/limits?limit=2"
    first = await tiering.get(path)
    assert [item["amount"] for item in first["items"]] == ["3000.00", "2000.00"]
    second = await tiering.get(f"{path}&cursor={first['next_cursor']}")
    assert [item["amount"] for item in second["items"]] == ["1000.00"]
    assert second["next_cursor"] is None


async def test_customers_are_listed_by_tier_in_pages(tiering: Tiering) -> None:
    for name in ("a", "b", "c"):
        await tiering.work(limit_of(1_000, name))
    await tiering.work(cleared("unrated"), grade_answer("CCC", customer_id="d"))
    page = await tiering.get("/tiers?tier=medium&limit=2")
    assert [item["customer_id"] for item in page["items"]] == ["a", "b"]
    rest = await tiering.get(f"/tiers?tier=medium&limit=2&cursor={page['next_cursor']}")
    assert [item["customer_id"] for item in rest["items"]] == ["c"]
    everybody = await tiering.get("/tiers")
    assert [item["tier"] for item in everybody["items"]] == ["medium"] * 3 + ["high"]
    assert everybody["items"][0]["credit_limit"]["amount"] == "1000.00"


async def test_an_account_survives_being_saved_and_loaded(tiering: Tiering) -> None:
    await tiering.work(cleared(), limit_of(10_000), closing=SUNDAY)
    work = await tiering.work(limit_of(10_000))
    assert len(work.decided) == 2
    assert work.announced == []


async def test_a_portfolio_day_counts_when_all_partitions_have_closed_it(
    tiering: Tiering,
) -> None:
    mine = tiering.partition
    for partition in range(4):
        tiering.partition = partition
        await tiering.work(day_closed(SUNDAY, 1_000, 30), closing=SUNDAY)
    tiering.partition = mine
    await tiering.work(day_closed(MONDAY, 9_999, 30))
    work = await tiering.work(limit_of(10_000))
    assert '"portfolio_day":"2025-06-01"' in work.decided[1].inputs
    assert '"own_receivables":{"currency":"EUR","minor":400000}' in work.decided[1].inputs
