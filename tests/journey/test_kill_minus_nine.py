"""Twenty times kill -9 in the middle of the work, per service: as if nothing had happened."""

import asyncio
import os
import signal
import time
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from random import Random

import pytest

from obligor.services import PLATFORM
from shared.testing.database import TestServer
from shared.testing.equality import Story, differences, story_of
from shared.testing.five import Five, in_one
from shared.testing.workers import Bench, running, until
from tests.journey import history, killing

SERVICES = [wiring.service for wiring in PLATFORM]
KILLS = 20
SEED = 9


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    """Processes that start at once, because everything is imported already."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.journey.killing"])
    return context


@pytest.fixture(scope="module")
def worked_off(postgres: TestServer) -> str:
    """A database in which all five have worked the history off; its logs are what each one reads."""
    return asyncio.run(_work_off(postgres))


async def _work_off(postgres: TestServer) -> str:
    url = await postgres.fresh(SERVICES, partitions=history.PARTITIONS)
    async with Five(SERVICES, url, partitions=history.PARTITIONS) as five:
        await five.put("screening", history.registrations())
        await five.put("rating", history.statements())
        await five.put("monitoring", in_one(history.transactions()))
        await five.work_off()
    return url


async def undone(postgres: TestServer, worked_off: str, name: str) -> str:
    """A copy of that database in which one service has not done anything yet."""
    url = await postgres.copy_of(worked_off)
    alone, _ = killing.unleased(name, url)
    own = [table.name for table in alone.service.metadata.sorted_tables]
    kept = {"partition_state", "audit"}
    async with alone.database.transaction() as conn:
        for table in own:
            if table not in kept:
                await conn.exec_driver_sql(f'DELETE FROM "{name}"."{table}"')
        await conn.exec_driver_sql(
            f'UPDATE "{name}".partition_state SET version = 0, closed_on = NULL'
        )
        topic = alone.service.topic
        await conn.exec_driver_sql(f"DELETE FROM \"{name}_log\".log WHERE topic = '{topic}'")
        await conn.exec_driver_sql(f"DELETE FROM \"{name}_log\".log_head WHERE topic = '{topic}'")
    await alone.database.close()
    return url


async def finished(name: str, url: str) -> Story:
    """Let the service finish undisturbed, and tell how its database ended."""
    alone, worker = killing.unleased(name, url)
    async with running(worker):
        await until(lambda: _nothing_left(name, alone), seconds=200)
    assert worker.tripped is None
    story = await story_of(alone.database, alone.service)
    await alone.database.close()
    return story


async def _nothing_left(name: str, alone: Bench) -> bool:
    for topic, schema in killing.logs_of(alone.service):
        rows = await alone.fetch(
            f'SELECT 1 FROM "{schema}".log_head h LEFT JOIN "{name}".checkpoint c '
            "ON c.topic = h.topic AND c.partition = h.partition "
            "WHERE h.topic = :topic AND h.next_offset > coalesce(c.log_offset, -1) + 1",
            topic=topic,
        )
        if rows:
            return False
    return True


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [service.name for service in SERVICES])
def test_twenty_kills_change_nothing(
    name: str, postgres: TestServer, worked_off: str, forks: ForkServerContext
) -> None:
    quiet = asyncio.run(finished(name, asyncio.run(undone(postgres, worked_off, name))))
    url = asyncio.run(undone(postgres, worked_off, name))
    dice = Random(SEED)
    for _ in range(KILLS):
        process = forks.Process(target=killing.work_until_killed, args=(name, url))
        process.start()
        time.sleep(dice.uniform(0.1, 0.6))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        assert process.exitcode == -signal.SIGKILL
    assert differences(quiet, asyncio.run(finished(name, url))) == []
