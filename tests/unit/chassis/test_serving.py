"""Leaving in good order: not ready first, gone afterwards."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from shared.chassis.health import Health
from shared.chassis.serving import OrderlyServer
from shared.testing.workers import until

PATIENCE = 10.0


class Process:
    """A server in this process, and what it did."""

    def __init__(self, *, linger: float) -> None:
        self.health = Health(started=True)
        self.slow = asyncio.Event()
        app = Starlette(routes=[Route("/ready", self.ready), Route("/slow", self.answer_slowly)])
        config = uvicorn.Config(
            app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=5
        )
        self.server = OrderlyServer(config, drain=self.health.drain, linger=linger)

    async def ready(self, _request: Request) -> PlainTextResponse:
        return PlainTextResponse("draining" if self.health.draining else "ready")

    async def answer_slowly(self, _request: Request) -> PlainTextResponse:
        await self.slow.wait()
        return PlainTextResponse("done")

    async def has_started(self) -> bool:
        return self.server.started

    @property
    def url(self) -> str:
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"


@asynccontextmanager
async def serving(*, linger: float) -> AsyncIterator[tuple[Process, asyncio.Task[None]]]:
    process = Process(linger=linger)
    # `serve` would also raise the signals again at the end, and so end the tests.
    task = asyncio.create_task(process.server._serve())
    async with asyncio.timeout(PATIENCE):
        await until(process.has_started)
        try:
            yield process, task
        finally:
            process.slow.set()
            process.server.should_exit = True
            await task


async def test_while_it_lingers_it_still_answers_but_is_not_ready() -> None:
    async with serving(linger=30) as (process, task), httpx.AsyncClient() as client:
        assert (await client.get(f"{process.url}/ready")).text == "ready"
        process.server.handle_exit(signal.SIGTERM, None)
        assert (await client.get(f"{process.url}/ready")).text == "draining"
        assert not task.done()


async def test_it_leaves_when_it_has_lingered_long_enough() -> None:
    async with serving(linger=0.05) as (process, task):
        process.server.handle_exit(signal.SIGTERM, None)
        await task
    assert process.health.draining


async def test_without_a_linger_it_leaves_at_once() -> None:
    async with serving(linger=0) as (process, task):
        process.server.handle_exit(signal.SIGTERM, None)
        await task
    assert process.health.draining


async def test_a_second_signal_ends_the_lingering() -> None:
    async with serving(linger=30) as (process, task):
        process.server.handle_exit(signal.SIGTERM, None)
        process.server.handle_exit(signal.SIGTERM, None)
        await task


async def test_a_request_in_hand_is_answered_before_the_end() -> None:
    async with serving(linger=0) as (process, task), httpx.AsyncClient() as client:
        asked = asyncio.create_task(client.get(f"{process.url}/slow"))
        await asyncio.sleep(0.1)
        process.server.handle_exit(signal.SIGTERM, None)
        await asyncio.sleep(0.1)
        process.slow.set()
        assert (await asked).text == "done"
        await task
