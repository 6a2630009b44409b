"""Order credit checks at the door, against a real PostgreSQL."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import asdict

from shared.auth.principals import Role
from shared.contracts.screening import CustomerRejected
from tests.component.tiering.bench import CHECKS, Tiering, cleared, limit_of, owing
from tests.unit.tiering.events import CUSTOMER, customer_figures, grade_answer


async def test_a_stranger_is_held_because_nobody_has_rated_it(tiering: Tiering) -> None:
    answer = await tiering.check("O-1", 100)
    assert (answer["decision"], answer["reservation"]) == ("hold", None)
    assert [reason["code"] for reason in answer["reasons"]] == ["not_yet_rated"]


async def test_the_next_order_finds_what_is_left(rated: Tiering) -> None:
    await rated.check("O-1", 4_000)
    answer = await rated.check("O-2", 5_000)
    assert answer["reserved"] == {"amount": "4000.00", "currency": "EUR"}
    assert answer["decision"] == "release"
    third = await rated.check("O-3", 1_001)
    assert third["decision"] == "prepay"
    assert third["headroom"] == {"amount": "1000.00", "currency": "EUR"}


async def test_what_may_be_delivered_in_part_is_reserved_in_part(rated: Tiering) -> None:
    await rated.work(owing(2, 9_400))
    answer = await rated.check("O-1", 1_000, accepts_partial=True)
    assert answer["decision"] == "partial"
    assert answer["reservation"]["amount"] == "600.00"


async def test_a_new_check_of_an_order_takes_the_place_of_the_first(rated: Tiering) -> None:
    first = await rated.check("O-1", 5_000)
    await rated.check("O-1", 3_000)
    assert await rated.live() == {"O-1": 300_000}
    again = await rated.get(f"/credit-checks/{first['check_id']}")
    assert again["reservation"]["status"] == "superseded"


async def test_a_refused_recheck_ends_the_first_reservation_too(rated: Tiering) -> None:
    await rated.check("O-1", 5_000)
    await rated.check("O-1", 5_001)
    assert await rated.live() == {}


async def test_cancelling_an_order_frees_its_room(rated: Tiering) -> None:
    check = await rated.check("O-1", 5_000)
    path = f"{CHECKS}/{check['check_id']}/cancellation"
    for _ in range(2):
        cancelled = (await rated.post(path)).json()
        assert cancelled["reservation"]["status"] == "cancelled"
    assert await rated.live() == {}
    assert (await rated.check("O-2", 5_000))["reserved"]["amount"] == "0.00"


async def test_absorbed_orders_end_exactly_their_reservations(rated: Tiering) -> None:
    await rated.check("O-1", 2_000)
    await rated.check("O-2", 3_000)
    await rated.work(owing(2, 2_000, "O-1"))
    assert await rated.live() == {"O-2": 300_000}
    answer = await rated.check("O-3", 100)
    assert (answer["exposure"]["amount"], answer["reserved"]["amount"]) == ("2000.00", "3000.00")


async def test_a_reservation_counts_through_its_third_business_day(rated: Tiering) -> None:
    await rated.check("O-1", 2_000)
    await rated.work(closing=date(2025, 6, 4))
    assert (await rated.check("O-2", 100))["reserved"]["amount"] == "2000.00"
    await rated.work(closing=date(2025, 6, 5))
    assert (await rated.check("O-3", 100))["reserved"]["amount"] == "100.00"
    assert set(await rated.live()) == {"O-2", "O-3"}


async def test_whoever_only_reads_asks_for_no_credit(rated: Tiering) -> None:
    headers = await rated.caller.key(Role.VIEWER)
    assert (await rated.post(CHECKS, {}, **headers)).status_code == 403


@pytest.mark.parametrize("verb", ["release", "cancellation"])
async def test_an_unknown_check_is_not_found(rated: Tiering, verb: str) -> None:
    assert (await rated.post(f"{CHECKS}/nothing/{verb}")).status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "NaN"},
        {"amount": "1.001"},
        {"currency": "euro"},
        {"terms_days": -1},
        {"order_id": ""},
        {"surprise": 1},
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(
    rated: Tiering, more: dict[str, Any]
) -> None:
    answer = await rated.ask(**more)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_repeated_key_gets_the_first_answer(rated: Tiering) -> None:
    first = await rated.ask(key="k-1")
    second = await rated.ask(key="k-1")
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    other = await rated.ask(amount="2000", key="k-1")
    assert other.status_code == 422


async def test_an_order_in_another_currency_is_held(rated: Tiering) -> None:
    answer = await rated.check("O-1", 100, currency="USD")
    assert [reason["code"] for reason in answer["reasons"]] == ["no_limit_in_currency"]
    assert answer["exposure"] == {"amount": "0.00", "currency": "USD"}


async def test_a_customer_in_default_is_rejected(rated: Tiering) -> None:
    figures = customer_figures(in_default=True)
    await rated.work(grade_answer("D", figures=figures))
    answer = await rated.check("O-1", 100)
    assert answer["decision"] == "reject"
    assert "O-STATE" in [reason["code"] for reason in answer["reasons"]]


async def test_a_verdict_that_worsens_counts_for_the_next_order(rated: Tiering) -> None:
    rejected = CustomerRejected(**{**asdict(cleared()), "outcome": "reject"})
    await rated.work(rejected)
    assert (await rated.check("O-1", 100))["decision"] == "reject"


async def test_a_cut_limit_counts_for_the_next_order(rated: Tiering) -> None:
    await rated.check("O-1", 4_000)
    await rated.work(limit_of(3_000))
    answer = await rated.check("O-2", 100)
    assert answer["decision"] == "hold"
    assert answer["headroom"]["amount"] == "-1000.00"
    assert await rated.live() == {"O-1": 400_000}


@pytest.mark.parametrize("role", [Role.INGEST, Role.ANALYST, Role.CREDIT_MANAGER])
async def test_shops_and_credit_people_may_ask(rated: Tiering, role: Role) -> None:
    headers = await rated.caller.key(role, person="Shop")
    body = {"order_id": "O-1", "customer_id": CUSTOMER, "amount": "1", "currency": "EUR"}
    assert (await rated.post(CHECKS, body, **headers)).json()["decision"] == "release"
