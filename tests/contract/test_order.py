"""Order per customer, and each event once, however batches fall."""

import asyncio

import pytest

from shared.contracts import catalogue
from tests.contract.rig import Rig

pytestmark = pytest.mark.timeout(180)
CUSTOMERS = [f"C-{number:02}" for number in range(20)]


async def test_events_of_a_customer_come_in_the_order_they_were_announced(rig: Rig) -> None:
    async with rig.worker():
        for _ in range(15):
            await rig.say(*CUSTOMERS)
        await rig.until_worked_off()


async def test_writers_at_the_same_time_lose_nothing(rig: Rig) -> None:
    async def write(mine: list[str]) -> None:
        for _ in range(10):
            await rig.say(*mine)
            await rig.post(*mine)

    async with rig.worker():
        await asyncio.gather(*(write(CUSTOMERS[start::5]) for start in range(5)))
        await rig.until_worked_off()


async def test_a_worker_that_comes_late_reads_from_the_beginning(rig: Rig) -> None:
    for _ in range(5):
        await rig.say(*CUSTOMERS)
    async with rig.worker():
        await rig.until_worked_off()


async def test_an_event_is_applied_soon_after_it_was_announced(rig: Rig) -> None:
    async with rig.worker():
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
        began = asyncio.get_running_loop().time()
        await rig.say("C-00")
        await rig.until_worked_off()
    assert asyncio.get_running_loop().time() - began < 3.0


async def test_more_than_a_batch_of_events_is_worked_off(rig: Rig) -> None:
    for _ in range(5):
        await rig.say(*(CUSTOMERS * 50))
    async with rig.worker():
        await rig.until_worked_off()


async def test_what_the_worker_announces_follows_what_it_applied(rig: Rig) -> None:
    async with rig.worker():
        for _ in range(5):
            await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
    announced = await rig.sql(
        "SELECT key, count(*) FROM monitoring_log.log WHERE topic = :topic GROUP BY key",
        topic=catalogue.MONITORING,
    )
    assert set(announced) == {(customer, 5) for customer in CUSTOMERS}
