"""The bell that doors ring after they have appended something."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.bus.port import CHANNEL
from shared.chassis.ringing import Ringing
from shared.testing.database import TestServer
from shared.testing.toy import toy_service
from shared.testing.workers import Bench, bench, until


@pytest.fixture
async def toy(postgres: TestServer) -> AsyncIterator[Bench]:
    service = toy_service()
    made = bench(service, await postgres.fresh([service]))
    yield made
    await made.database.close()


@asynccontextmanager
async def heard_by(toy: Bench) -> AsyncIterator[list[str]]:
    heard: list[str] = []
    listener = await toy.database.listener()

    def on_notify(_conn: object, _pid: int, _channel: str, payload: str) -> None:
        heard.append(payload)

    await listener.add_listener(CHANNEL, on_notify)
    try:
        yield heard
    finally:
        await listener.close()


async def test_whoever_listens_hears_of_each_log(toy: Bench) -> None:
    async with heard_by(toy) as heard:
        await Ringing().ring(toy.database, {("commands", 1), ("obligor.signals", 0)})
        await until(lambda: _are(heard, 2))
    assert sorted(heard) == ["commands/1", "obligor.signals/0"]


async def test_many_who_ring_at_once_are_all_heard(toy: Bench) -> None:
    ringing = Ringing()
    async with heard_by(toy) as heard:
        places = [("commands", number) for number in range(20)]
        await asyncio.gather(*(ringing.ring(toy.database, {place}) for place in places))
        await until(lambda: _are(heard, 20))
    assert {f"commands/{number}" for number in range(20)} == set(heard)


async def test_nobody_is_told_of_nothing(toy: Bench) -> None:
    async with heard_by(toy) as heard:
        await Ringing().ring(toy.database, set())
        await Ringing().ring(toy.database, {("commands", 0)})
        await until(lambda: _are(heard, 1))
    assert heard == ["commands/0"]


async def _are(heard: list[str], count: int) -> bool:
    return len(heard) >= count
