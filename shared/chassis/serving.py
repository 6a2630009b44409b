"""Serve HTTP until a signal, and leave in good order."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from shared.chassis.settings import Settings

# The event loop gets the interpreter back this soon from a thread that decides (default 5 ms).
_SWITCH_SECONDS = 0.001
# A batch makes many small objects that no cycle holds; looking for cycles less often costs nothing.
_GARBAGE = (50_000, 20, 20)


class OrderlyServer(uvicorn.Server):
    """Leaves in steps: not ready; then, `linger` seconds later, no new connections; then the end.

    Kubernetes takes a moment to send requests elsewhere, hence the linger. A second signal ends it.
    """

    def __init__(self, config: uvicorn.Config, *, drain: Callable[[], None], linger: float) -> None:
        super().__init__(config)
        self._drain = drain
        self._linger = linger
        self._leaving = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Remember the loop, for signals come from outside it."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal asks the process to leave."""
        self._drain()
        if self._leaving or self._loop is None or not self._linger:
            super().handle_exit(sig, frame)
            return
        self._leaving = True
        self._loop.call_soon_threadsafe(self._leave_later, sig)

    def _leave_later(self, sig: int) -> None:
        asyncio.get_running_loop().call_later(self._linger, super().handle_exit, sig, None)


def serve_app(app: ASGIApp, settings: Settings, *, drain: Callable[[], None]) -> None:
    """Serve until a signal; requests in hand get `drain_seconds` to end."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=settings.access_log,
        timeout_graceful_shutdown=int(settings.drain_seconds),
        lifespan="on",
    )
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    for each in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal again when it has ended; by then there is more to put away
        signal.signal(each, _heard)
    OrderlyServer(config, drain=drain, linger=settings.linger_seconds).run()


def _heard(_signal: int, _frame: FrameType | None) -> None:
    """The server has left on this signal already."""
