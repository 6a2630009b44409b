"""Order credit checks at the door, against a real PostgreSQL."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.tiering.handlers import SERVICE
from services.tiering.usecases.kinds import ORDER
from shared.auth.principals import Role
from shared.contracts.tiering import OrderDecided
from shared.decisions.replay import replay
from shared.decisions.storage import DecisionQuestion, find_decisions
from shared.policies.book import PolicyBook
from tests.component.tiering.bench import CHECKS, Tiering, cleared, limit_of, owing
from tests.unit.tiering.building import SHIPPED
from tests.unit.tiering.events import CUSTOMER

SUNDAY = date(2025, 6, 1)


@pytest.fixture
async def rated(tiering: Tiering) -> Tiering:
    """A customer of tier medium with a limit of 10,000 EUR, on Monday 2 June 2025."""
    await tiering.work(cleared(), limit_of(10_000), owing(1, 0), closing=SUNDAY)
    return tiering


async def test_a_stranger_is_held_because_nobody_has_rated_it(tiering: Tiering) -> None:
    answer = await tiering.check("O-1", 100)
    assert (answer["decision"], answer["reservation"]) == ("hold", None)
    assert [reason["code"] for reason in answer["reasons"]] == ["not_yet_rated"]


async def test_an_order_within_the_limit_is_released_and_reserved(rated: Tiering) -> None:
    answer = await rated.check("O-1", "1000.00")
    assert answer["decision"] == "release"
    assert answer["limit"] == {"amount": "10000.00", "currency": "EUR"}
    assert answer["exposure"] == {"amount": "0.00", "currency": "EUR"}
    assert answer["headroom"] == {"amount": "10000.00", "currency": "EUR"}
    assert answer["reservation"] == {
        "amount": "1000.00",
        "currency": "EUR",
        "valid_through": "2025-06-05",
        "status": "live",
    }


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


async def test_a_held_order_is_freed_by_a_person_within_the_limit(rated: Tiering) -> None:
    held = await rated.check("O-1", 6_000)
    assert [reason["code"] for reason in held["reasons"]] == ["O-MAX"]
    manager = await rated.caller.key(Role.CREDIT_MANAGER, person="Grace")
    path = f"{CHECKS}/{held['check_id']}/release"
    freed = (await rated.post(path, {"note": "long known"}, **manager)).json()
    assert freed["decision"] == "release"
    assert freed["reservation"]["amount"] == "6000.00"
    assert freed["reasons"][0] == {
        "code": "released_by_person",
        "value": "Grace",
        "threshold": None,
    }


async def test_an_order_is_released_once(rated: Tiering) -> None:
    held = await rated.check("O-1", 6_000)
    path = f"{CHECKS}/{held['check_id']}/release"
    assert (await rated.post(path)).status_code == 200
    again = await rated.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "not_releasable")


async def test_nobody_releases_an_order_over_the_limit(rated: Tiering) -> None:
    held = await rated.check("O-1", 10_001)
    refused = await rated.post(f"{CHECKS}/{held['check_id']}/release")
    assert (refused.status_code, refused.json()["code"]) == (409, "release_refused")
    assert await rated.live() == {}


async def test_a_cancelled_order_cannot_be_released(rated: Tiering) -> None:
    held = await rated.check("O-1", 6_000)
    await rated.post(f"{CHECKS}/{held['check_id']}/cancellation")
    refused = await rated.post(f"{CHECKS}/{held['check_id']}/release")
    assert refused.json()["code"] == "not_releasable"


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ANALYST, 403), (Role.INGEST, 403), (Role.VIEWER, 403)]
)
async def test_releasing_needs_authority(rated: Tiering, role: Role, status: int) -> None:
    headers = await rated.caller.key(role)
    assert (await rated.post(f"{CHECKS}/c/release", **headers)).status_code == status


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


async def test_fifty_parallel_orders_never_overshoot_one_limit(rated: Tiering) -> None:
    answers = await asyncio.gather(*(rated.check(f"O-{n}", 700) for n in range(50)))
    released = [each for each in answers if each["decision"] == "release"]
    assert len(released) == 14
    assert sum((await rated.live()).values()) == 14 * 70_000


async def test_parallel_orders_and_exposure_changes_keep_the_invariant(rated: Tiering) -> None:
    owed = 0

    async def goods_move() -> None:
        nonlocal owed
        for version in range(2, 12):
            gone = dict(list((await rated.live()).items())[:3])
            owed += sum(gone.values())
            await rated.work(owing(version, owed / 100, *gone))

    await asyncio.gather(goods_move(), *(rated.check(f"O-{n}", 300) for n in range(60)))
    last = await rated.check("last", "0.01")
    assert last["exposure"]["amount"] == f"{owed / 100:.2f}"
    assert owed + sum((await rated.live()).values()) <= 1_000_000


async def test_the_same_order_in_parallel_is_reserved_once(rated: Tiering) -> None:
    await asyncio.gather(*(rated.check("O-1", 1_000 + n) for n in range(20)))
    assert len(await rated.live()) == 1


async def test_the_worker_publishes_a_check_once(rated: Tiering) -> None:
    check = await rated.check("O-1", 1_000)
    work = await rated.work(owing(2, 0))
    events = [event for _, event in work.announced if isinstance(event, OrderDecided)]
    assert [event.check_id for event in events] == [check["check_id"]]
    assert (await rated.work(owing(3, 0))).announced == []


async def test_a_released_check_is_published_again(rated: Tiering) -> None:
    held = await rated.check("O-1", 6_000)
    await rated.work(owing(2, 0))
    await rated.post(f"{CHECKS}/{held['check_id']}/release")
    [(_, event)] = (await rated.work(owing(3, 0))).announced
    assert isinstance(event, OrderDecided)
    assert event.decision == "release"


async def test_every_check_replays_bit_for_bit(rated: Tiering) -> None:
    await rated.work(owing(2, 1_234.56))
    await rated.check("O-1", 1_000)
    await rated.check("O-2", 9_999.99)
    held = await rated.check("O-3", 5_001)
    await rated.post(f"{CHECKS}/{held['check_id']}/release")
    tables = rated.caller.doors.tables
    async with rated.caller.doors.reading() as conn:
        kept = await find_decisions(
            conn, tables.decision, DecisionQuestion(customer_id=CUSTOMER, kind=ORDER.name)
        )
    assert len(kept) == 4
    for each in kept:
        assert replay(each.decision, SERVICE.decisions, PolicyBook([SHIPPED])).identical


async def test_a_batch_that_was_loaded_earlier_does_not_undo_a_reservation(
    rated: Tiering,
) -> None:
    await asyncio.gather(
        rated.work(*(owing(version, version) for version in range(2, 40))),
        *(rated.check(f"O-{n}", 1_000) for n in range(5)),
    )
    assert sum((await rated.live()).values()) == 500_000
