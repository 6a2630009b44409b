"""Leases and ownership together: taking a partition over must not lose its lease."""

from shared.chassis.tables import chassis_tables
from shared.log.partitions import take_over
from shared.testing.workers import Bench, running, until


async def test_a_worker_that_leaves_gives_every_partition_back(toy: Bench) -> None:
    async with running(toy.worker()):
        await until(lambda: taken_over(toy))
    rows = await toy.fetch("SELECT owner FROM monitoring.partition_state")
    assert [row.owner for row in rows] == [None] * 4


async def taken_over(toy: Bench) -> bool:
    return not await toy.fetch("SELECT 1 FROM monitoring.partition_state WHERE epoch = 0")


async def test_a_leased_partition_keeps_its_holder_when_it_is_taken_over(toy: Bench) -> None:
    tables = chassis_tables("monitoring", toy.service.metadata)
    await toy.fetch(
        "UPDATE monitoring.partition_state SET owner = 'holder', "
        "lease_until = now() + interval '10 s' WHERE partition = 0 RETURNING 1"
    )
    async with toy.database.transaction() as conn:
        assert await take_over(conn, tables.work, 0, owner="worker", transport="postgres") == 1
        assert await take_over(conn, tables.work, 1, owner="worker", transport="postgres") == 1
    rows = await toy.fetch(
        "SELECT owner FROM monitoring.partition_state WHERE epoch = 1 ORDER BY partition"
    )
    assert [row.owner for row in rows] == ["holder", "worker"]
