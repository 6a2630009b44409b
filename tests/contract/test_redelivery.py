"""What comes twice counts once; what crashed half way is done again, whole."""

import asyncio

import pytest
from sqlalchemy import text

from shared.bus.kafka.shipping import RELAY
from shared.contracts import catalogue
from tests.contract.facts import transaction
from tests.contract.rig import Rig
from tests.contract.workers import PARTITIONS, make_worker

pytestmark = pytest.mark.timeout(180)
CUSTOMERS = [f"C-{number:02}" for number in range(12)]


async def test_the_same_positions_give_the_same_records_again(rig: Rig) -> None:
    await rig.say(*CUSTOMERS)
    reading = make_worker(rig.setup, "reader")
    await reading.transport.start()
    try:

        async def arrived() -> bool:
            await asyncio.gather(*(reading.transport.wait(at, 0.1) for at in range(PARTITIONS)))
            return len(await fetched()) == len(CUSTOMERS)

        async def fetched() -> list[tuple[int, int]]:
            found = []
            for index in sorted(reading.transport.indices()):
                async with reading.database.transaction() as conn:
                    await conn.execute(text("SELECT 1"))
                    found += await reading.transport.fetch(conn, index, {}, limit=100)
            return [(record.partition, record.position) for record in found]

        await rig.until(arrived)
        assert await fetched() == await fetched()
    finally:
        await reading.transport.stop()
        await reading.database.close()


async def test_a_batch_that_crashes_half_way_leaves_nothing_and_is_done_again(rig: Rig) -> None:
    async with rig.worker() as running:
        running.faults.failing_saves = 3
        for _ in range(4):
            await rig.say(*CUSTOMERS)
            await rig.post(*CUSTOMERS)
        await rig.until_worked_off()
        assert running.faults.failing_saves == 0


async def test_a_crash_between_the_commit_and_the_word_about_it_loses_nothing(rig: Rig) -> None:
    async with rig.worker():
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
    # nobody was told of these: their writer died right after its commit
    await rig.append_facts([transaction(each, 1) for each in CUSTOMERS])
    for each in CUSTOMERS:
        rig.posted[each] = 1
    async with rig.worker("successor"):
        await rig.until_worked_off()


async def test_a_checkpoint_that_falls_back_applies_nothing_twice(rig: Rig) -> None:
    async with rig.worker():
        for _ in range(3):
            await rig.say(*CUSTOMERS)
            await rig.post(*CUSTOMERS)
        await rig.until_worked_off()
    await rig.sql("UPDATE monitoring.checkpoint SET position = 0")
    async with rig.worker("again") as running:
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
        assert running.skipped["applied_before"] == 3 * len(CUSTOMERS)
        assert running.skipped["duplicate"] == 3 * len(CUSTOMERS)


async def test_a_log_that_is_shipped_twice_counts_once(rig: Rig) -> None:
    """Crash between send and acknowledge: the records are out, and nobody wrote it down."""
    await rig.say(*CUSTOMERS)
    async with rig.worker() as running:
        await rig.until_worked_off()
        if rig.setup.kind == "postgres":
            return  # nothing is shipped: readers read the log itself
        await forget_shipping(rig)
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
        assert running.skipped["applied_before"] >= len(CUSTOMERS)
    shipped = await rig.published(catalogue.RATING)
    assert len(shipped) == 3 * len(CUSTOMERS)


async def test_twice_in_one_batch_counts_once_too(rig: Rig) -> None:
    await rig.say(*CUSTOMERS)
    if rig.setup.kind == "kafka":
        await forget_shipping(rig)
        await rig.say(*CUSTOMERS)

        async def shipped_twice() -> bool:
            return len(await rig.published(catalogue.RATING)) == 3 * len(CUSTOMERS)

        await rig.until(shipped_twice)
    async with rig.worker():
        await rig.until_worked_off()


async def test_the_same_fact_from_upstream_counts_once(rig: Rig) -> None:
    fact = transaction("C-1", 1)
    rig.posted["C-1"] = 1
    async with rig.worker() as running:
        await rig.send(fact, fact, fact)
        await rig.until_worked_off()

        async def seen_three_times() -> bool:
            return running.skipped["duplicate"] == 2

        await rig.until(seen_three_times)


async def test_replay_from_the_beginning_into_empty_tables_gives_the_same(rig: Rig) -> None:
    async with rig.worker():
        for _ in range(3):
            await rig.say(*CUSTOMERS)
            await rig.post(*CUSTOMERS)
        await rig.until_worked_off()
    before = {(each.topic, each.customer, each.number) for each in await rig.applied()}
    await rig.sql("DELETE FROM monitoring.probe_last")
    await rig.sql("DELETE FROM monitoring.probe_applied")
    await rig.sql("DELETE FROM monitoring.checkpoint")
    await rig.sql("DELETE FROM monitoring.seen")
    async with rig.worker("replayer"):
        await rig.until_worked_off()
    after = {(each.topic, each.customer, each.number) for each in await rig.applied()}
    assert after == before


async def forget_shipping(rig: Rig) -> None:
    """As if the relay had died after its send and before it wrote down how far it was."""

    async def written_down() -> bool:
        return sum(await rig.shipping_positions()) == rig.said.total()

    await rig.until(written_down)  # or it would write it down afterwards
    async with rig.rating.transaction() as conn:
        await conn.execute(
            text("UPDATE rating_log.log_reader SET position = 0 WHERE group_name = :relay"),
            {"relay": RELAY},
        )
