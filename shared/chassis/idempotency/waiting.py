"""Where a door waits for a command's answer: rung by a worker of the same process, else it looks."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress


class WaitingRoom:
    """Doors waiting for commands of one service in this process."""

    def __init__(self) -> None:
        self._bells: dict[str, asyncio.Event] = {}

    def enter(self, command_id: str) -> None:
        """Begin to wait, before the command can be answered."""
        self._bells[command_id] = asyncio.Event()

    def leave(self, command_id: str) -> None:
        """Stop waiting."""
        self._bells.pop(command_id, None)

    def ring(self, command_ids: Iterable[str]) -> None:
        """These commands' answers are committed: whoever waits for one may look."""
        for command_id in command_ids:
            bell = self._bells.get(command_id)
            if bell is not None:
                bell.set()

    async def rung(self, command_id: str, *, seconds: float) -> None:
        """Return when the bell rings, at the latest after `seconds`."""
        bell = self._bells.get(command_id)
        with suppress(TimeoutError):
            await asyncio.wait_for((bell or asyncio.Event()).wait(), seconds)
