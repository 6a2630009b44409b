"""Brokers and databases go away and come back; workers wait, lose nothing, and stop when told."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from shared.bus.port import PositionOutsideLogError
from shared.testing.database import TestServer
from shared.testing.kafka_server import KafkaServer
from tests.contract.conftest import ON_KAFKA
from tests.contract.rig import Rig
from tests.contract.workers import PARTITIONS, RunningWorker, make_worker

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]
CUSTOMERS = [f"C-{number:02}" for number in range(20)]
RECOVERY_SECONDS = 90.0
ONLY_KAFKA = pytest.mark.parametrize("broker", [ON_KAFKA], indirect=True)


async def test_a_database_that_crashes_under_load_costs_nothing_committed(
    rig: Rig, postgres: TestServer
) -> None:
    async with rig.worker() as running:
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
        talking = asyncio.create_task(insist(rig, rounds=20))
        await asyncio.sleep(0.5)
        await crash(postgres)
        await talking
        await rig.until_worked_off(patience=RECOVERY_SECONDS)
        assert running.worker.tripped is None


@ONLY_KAFKA
async def test_a_broker_that_restarts_under_load_loses_nothing(
    rig: Rig, broker: KafkaServer | None
) -> None:
    assert broker is not None
    async with rig.worker() as running:
        talking = asyncio.create_task(insist(rig, rounds=40))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(broker.restart)
        await talking
        await rig.until_worked_off(patience=RECOVERY_SECONDS)
        assert running.worker.tripped is None


@ONLY_KAFKA
async def test_a_broker_that_is_killed_under_load_loses_nothing(
    rig: Rig, broker: KafkaServer | None
) -> None:
    assert broker is not None
    async with rig.worker() as running:
        talking = asyncio.create_task(insist(rig, rounds=40))
        await asyncio.sleep(0.5)
        broker.kill()
        await asyncio.to_thread(broker.start)
        await talking
        await rig.until_worked_off(patience=RECOVERY_SECONDS)
        assert running.worker.tripped is None


@ONLY_KAFKA
async def test_a_broker_that_hangs_only_delays(rig: Rig, broker: KafkaServer | None) -> None:
    """Sends of unknown fate go out again; the log offset tells readers which they know."""
    assert broker is not None
    async with rig.worker():
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
        talking = asyncio.create_task(insist(rig, rounds=80))
        await asyncio.sleep(0.3)
        broker.suspend()
        try:
            await asyncio.sleep(7.0)
        finally:
            broker.resume()
        await talking
        await rig.until_worked_off(patience=RECOVERY_SECONDS)


@ONLY_KAFKA
async def test_a_worker_can_leave_while_the_broker_hangs(
    rig: Rig, broker: KafkaServer | None
) -> None:
    assert broker is not None
    async with rig.worker() as running:
        await rig.say(*CUSTOMERS)
        await rig.until_worked_off()
        broker.suspend()
        try:
            await rig.say(*CUSTOMERS)
            await asyncio.sleep(1.0)
            began = time.monotonic()
            await running.stop()
            assert time.monotonic() - began < 20.0
        finally:
            broker.resume()


@ONLY_KAFKA
async def test_a_worker_starts_before_the_broker_does(rig: Rig, broker: KafkaServer | None) -> None:
    assert broker is not None
    await asyncio.to_thread(broker.stop)
    async with rig.worker():
        await rig.say(*CUSTOMERS)
        await asyncio.sleep(1.0)
        await asyncio.to_thread(broker.start)
        await rig.until_worked_off(patience=RECOVERY_SECONDS)


async def test_a_position_outside_the_log_stops_loudly(rig: Rig) -> None:
    await rig.say(*CUSTOMERS)
    reading = make_worker(rig.setup, "reader")
    await reading.transport.start()
    beyond = {"obligor.rating": 1_000_000}
    if rig.setup.kind == "postgres":
        await rig.say(*CUSTOMERS)
        async with rig.rating.transaction() as conn:
            await conn.exec_driver_sql('DELETE FROM rating_log.log WHERE "offset" < 2')
        beyond = {"obligor.rating": 0}
    try:
        with pytest.raises(PositionOutsideLogError, match="should go on at"):
            await asyncio.wait_for(read_until_refused(reading, beyond), 20.0)
    finally:
        await reading.transport.stop()
        await reading.database.close()


async def read_until_refused(reading: RunningWorker, positions: dict[str, int]) -> None:
    while True:
        for index in range(PARTITIONS):
            async with reading.database.transaction() as conn:
                await conn.exec_driver_sql("SELECT 1")
                await reading.transport.fetch(conn, index, positions, limit=10)
            await reading.transport.wait(index, 0.05)


async def insist(rig: Rig, *, rounds: int) -> None:
    """Say something about everyone, and say it again when the database was away."""
    for _ in range(rounds):
        said = rig.said.copy()
        try:
            await rig.say(*CUSTOMERS)
        except (DBAPIError, OSError):
            rig.said = said
            await asyncio.sleep(0.2)
        await asyncio.sleep(0.1)


async def crash(postgres: TestServer) -> None:
    """Stop PostgreSQL as a power cut does, and start it again."""
    programs, folder, user = postgres.server.control
    command = [str(Path(programs) / "pg_ctl"), "-D", str(folder), "-w", "-m", "immediate"]
    process = await asyncio.create_subprocess_exec(
        *command, "-l", str(folder / "log"), "restart", user=user, stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0
