"""Orders in parallel, batches beside them, and what is kept of each check."""

import asyncio

import yaml

from services.tiering.handlers import SERVICE
from services.tiering.usecases.kinds import ORDER
from shared.contracts.tiering import OrderDecided
from shared.decisions.replay import replay
from shared.decisions.storage import DecisionQuestion, find_decisions
from shared.policies.book import PolicyBook
from tests.component.tiering.bench import CHECKS, MONDAY, Tiering, owing
from tests.unit.tiering.building import POLICY_FILE, SHIPPED
from tests.unit.tiering.events import CUSTOMER


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


async def test_an_approved_policy_decides_from_its_day_on(rated: Tiering) -> None:
    before = await rated.check("O-1", 100)
    plain = yaml.safe_load(POLICY_FILE.read_text())
    del plain["version"]
    plain["order"]["largest_share"] = 0.001
    table = rated.caller.doors.tables.policy
    async with rated.caller.doors.transaction() as conn:
        await conn.execute(
            table.insert().values(
                version="stricter",
                state="approved",
                effective_from=MONDAY,
                body=yaml.safe_dump(plain),
                author="Ada",
                approver="Grace",
            )
        )
    after = await rated.check("O-2", 100)
    assert (before["decision"], before["policy_version"]) == ("release", "tiering-1")
    assert (after["decision"], after["policy_version"]) == ("hold", "stricter")
