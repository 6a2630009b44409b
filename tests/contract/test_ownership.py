"""Who works on what: shared between workers, taken over from the dead, fenced from the late."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.contract.rig import Rig
from tests.contract.workers import PARTITIONS, RunningWorker

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]
CUSTOMERS = [f"C-{number:02}" for number in range(20)]
TAKEOVER_SECONDS = 60.0


async def test_two_workers_share_the_partitions(rig: Rig) -> None:
    async with rig.worker("a") as first:
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
        async with rig.worker("b") as second:
            await rig.until(shared_by(first, second))
            await rig.say(*CUSTOMERS)
            await rig.until_worked_off()
    workers = {each.worker for each in await rig.applied()}
    assert workers == {"a", "b"}


async def test_a_rebalance_under_load_keeps_order_and_counts_once(rig: Rig) -> None:
    talking = asyncio.create_task(talk(rig, rounds=40))
    async with rig.worker("a") as first:
        async with rig.worker("b") as second:
            await rig.until(shared_by(first, second))
        await talking
        await rig.until_worked_off()


async def test_a_worker_that_leaves_hands_its_partitions_over_at_once(rig: Rig) -> None:
    async with rig.worker("a") as first:
        async with rig.worker("b") as second:
            await rig.until(shared_by(first, second))

        async def all_mine() -> bool:
            return len(first.transport.indices()) == PARTITIONS

        await rig.until(all_mine, patience=8.0)
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()


async def test_a_killed_worker_is_replaced(rig: Rig) -> None:
    """On `postgres` its leases run out; on `kafka` its session does."""
    async with rig.process("victim") as victim:
        await rig.say(*CUSTOMERS)
        await rig.until_applied(len(CUSTOMERS))
        async with rig.worker("heir"):
            await victim.kill()
            await rig.say(*CUSTOMERS)
            await rig.until_worked_off(patience=TAKEOVER_SECONDS)


async def test_killed_again_and_again_a_worker_loses_nothing(rig: Rig) -> None:
    talking = asyncio.create_task(talk(rig, rounds=30))
    for life in range(3):
        async with rig.process(f"life-{life}") as process:
            await rig.until_applied((life + 1) * len(CUSTOMERS), patience=TAKEOVER_SECONDS)
            await process.kill()
    await talking
    async with rig.worker("last"):
        await rig.until_worked_off(patience=TAKEOVER_SECONDS)


async def test_a_zombie_that_wakes_after_a_rebalance_writes_nothing_wrong(rig: Rig) -> None:
    async with rig.process("zombie") as zombie:
        await rig.say(*CUSTOMERS)
        await rig.until_applied(len(CUSTOMERS))
        zombie.suspend()
        async with rig.worker("heir"):
            await rig.say(*CUSTOMERS)
            await rig.until_worked_off(patience=TAKEOVER_SECONDS)
            zombie.resume()
            for _ in range(5):
                await rig.say(*CUSTOMERS)
            await rig.until_worked_off(patience=TAKEOVER_SECONDS)


async def test_every_takeover_raises_the_epoch(rig: Rig) -> None:
    async with rig.worker("a"):
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
    async with rig.worker("b"):
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
    epochs = await rig.sql("SELECT epoch FROM monitoring.partition_state")
    assert len(epochs) == PARTITIONS
    assert all(epoch >= 2 for (epoch,) in epochs if isinstance(epoch, int))


def shared_by(first: RunningWorker, second: RunningWorker) -> Callable[[], Awaitable[bool]]:
    """Both have half of the partitions, and no partition is both's."""

    async def both_have_half() -> bool:
        mine, theirs = first.transport.indices(), second.transport.indices()
        return len(mine) == len(theirs) == PARTITIONS // 2 and not mine & theirs

    return both_have_half


async def talk(rig: Rig, *, rounds: int) -> None:
    """Say something about everyone, again and again, over a few seconds."""
    for _ in range(rounds):
        await rig.say(*CUSTOMERS)
        await asyncio.sleep(0.1)
