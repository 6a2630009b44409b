"""Strength 1: the same records in the same order give the same tables and the same announcements,

whatever the batches, duplicates, lost answers, failures and restarts between them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from obligor.services import PLATFORM
from shared.bus.port import Record
from shared.chassis.idempotency.commands import Answer
from shared.chassis.runtime import ServiceKeeping
from shared.chassis.service import AnyService
from shared.chassis.tables import chassis_tables
from shared.chassis.waking import CLOSE_AT_MOST
from shared.kernel.errors import TransientError
from shared.testing.database import TestServer
from shared.testing.equality import Story, differences, records_for, story_of
from shared.testing.five import Five, in_one
from shared.testing.scripted import ScriptedTransport, Unkindness
from shared.testing.workers import Bench, bench, running, until
from tests.journey import history

SERVICES = [wiring.service for wiring in PLATFORM]
NAMES = [service.name for service in SERVICES]


@dataclass(frozen=True, slots=True)
class Script:
    """What a service reads, in one order, and how its undisturbed run ended."""

    service: AnyService = field(repr=False)
    records: Mapping[int, Sequence[Record]] = field(repr=False)
    story: Story = field(repr=False)


class Scripts:
    """The scripts by service; opaque, for hypothesis writes out whatever it can look into."""

    def __init__(self, found: dict[str, Script]) -> None:
        self._found = found

    def __getitem__(self, name: str) -> Script:
        return self._found[name]


class BrokenKeeping(ServiceKeeping[object]):
    """Loses the connection now and then, after the handlers ran and before the commit."""

    def __init__(self, service: AnyService, unkindness: Unkindness) -> None:
        super().__init__(service, chassis_tables(service.name, service.metadata))
        self._unkindness = unkindness

    @override
    async def save_answers(self, conn: AsyncConnection, answers: Sequence[Answer]) -> None:
        """Write the answers, or break."""
        await super().save_answers(conn, answers)
        if self._unkindness.strikes(self._unkindness.fails_before_commit):
            message = "scripted: the connection broke before the commit"
            raise TransientError(message)


async def play(
    postgres: TestServer,
    script: Mapping[int, Sequence[Record]],
    service: AnyService,
    how: Unkindness,
) -> Story:
    """Run one service alone over a script, restarting it now and then, and tell how it ended."""
    url = await postgres.fresh([service], partitions=history.PARTITIONS)
    alone = bench(service, url, partitions=history.PARTITIONS)
    if service.name == "screening":
        await alone.append(*history.registrations())
    while not await read_all(alone, script):
        transport = ScriptedTransport(script, how)
        most = how.dice.choice([1, 2, CLOSE_AT_MOST]) if how.again else CLOSE_AT_MOST
        worker = alone.worker(transport, BrokenKeeping(service, how), close_at_most=most)
        async with running(worker):
            await some_time(alone, script, how)
        assert worker.tripped is None
    story = await story_of(alone.database, service)
    await alone.database.close()
    return story


async def some_time(alone: Bench, script: Mapping[int, Sequence[Record]], how: Unkindness) -> None:
    """Wait until all is read, or, in an unkind run, for a moment only."""
    if how.fails_before_commit:
        await asyncio.sleep(how.dice.uniform(0.05, 2.0))
        return
    await until(lambda: read_all(alone, script), seconds=150)


async def read_all(alone: Bench, script: Mapping[int, Sequence[Record]]) -> bool:
    schema = alone.service.name
    rows = await alone.fetch(f'SELECT topic, partition, position FROM "{schema}".checkpoint')
    positions = {(row.topic, row.partition): row.position for row in rows}
    ends = {(r.topic, r.partition): r.position + 1 for each in script.values() for r in each}
    if schema == "screening":
        ends |= {(e.topic, e.partition): 1 for e in history.registrations()}
    return all(positions.get(place, 0) >= end for place, end in ends.items())


async def reference(postgres: TestServer) -> dict[str, Script]:
    """Run all five over the history, then each alone over what it read."""
    found: dict[str, Script] = {}
    url = await postgres.fresh(SERVICES, partitions=history.PARTITIONS)
    async with Five(SERVICES, url, partitions=history.PARTITIONS) as five:
        await five.put("screening", history.registrations())
        await five.put("rating", history.statements())
        await five.put("monitoring", in_one(history.transactions()))
        await five.work_off()
        for service in SERVICES:
            database = five.benches[service.name].database
            records = await records_for(database, service, five.partitions)
            story = await play(postgres, records, service, Unkindness(Random(0)))
            found[service.name] = Script(service, records, story)
    return found


@pytest.fixture(scope="module")
def scripts(postgres: TestServer) -> Scripts:
    return Scripts(asyncio.run(reference(postgres)))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", NAMES)
@settings(
    max_examples=3,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@seed(20)
@given(number=st.integers(min_value=0, max_value=10**6))
def test_misfortunes_change_nothing(
    name: str, number: int, scripts: Scripts, postgres: TestServer
) -> None:
    script = scripts[name]
    how = Unkindness(
        Random(number),
        smallest=1,
        largest=150,
        again=0.3,
        fails_before_commit=0.05,
        fails_after_commit=0.05,
    )
    story = asyncio.run(play(postgres, script.records, script.service, how))
    assert differences(script.story, story) == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", NAMES)
def test_the_history_gives_every_service_something_to_do(name: str, scripts: Scripts) -> None:
    assert len(scripts[name].story["announced"]) > len(history.days())
