"""Whether a process is alive, and whether it should be sent work."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

AliveCheck = Callable[[], str | None]
ReadyCheck = Callable[[], Awaitable[str | None]]
_PATIENCE_SECONDS = 3.0


@dataclass(slots=True)
class Health:
    """The checks of one service in one process; each names what is wrong, or None.

    Not alive means "start me again": only a stuck event loop or worker. Not ready means "send me no
    requests just now": the database is away, migrations are missing, the process is leaving.
    """

    alive: dict[str, AliveCheck] = field(default_factory=dict)
    ready: dict[str, ReadyCheck] = field(default_factory=dict)
    draining: bool = False
    started: bool = False

    def drain(self) -> None:
        """From now on, not ready: the process is leaving."""
        self.draining = True

    def dead_because(self) -> dict[str, str]:
        """What keeps the process from being alive, by check."""
        found = {name: check() for name, check in self.alive.items()}
        return {name: reason for name, reason in found.items() if reason is not None}

    async def unready_because(self) -> dict[str, str]:
        """What keeps the process from being ready, by check."""
        if self.draining:
            return {"process": "draining"}
        if not self.started:
            return {"process": "starting"}
        checks = (_asked(check) for check in self.ready.values())
        found = await asyncio.gather(*checks, return_exceptions=True)
        reasons = dict(zip(self.ready, map(_as_reason, found), strict=True)) | self.dead_because()
        return {name: reason for name, reason in reasons.items() if reason is not None}


async def _asked(check: ReadyCheck) -> str | None:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {_PATIENCE_SECONDS:g} s"


def _as_reason(found: str | BaseException | None) -> str | None:
    """A check that fails is a reason, whatever went wrong in it."""
    return type(found).__name__ if isinstance(found, BaseException) else found
