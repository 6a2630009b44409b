"""A transport that hands out given records in a given order, as unkindly as a test wants."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Place, Record, record_of
from shared.kernel.errors import TransientError
from shared.log.reading import Wanted, read_logs


@dataclass(slots=True)
class Unkindness:
    """How a run is disturbed; everything follows from `dice`. Chances 0 to 1, sizes in records."""

    dice: Random
    smallest: int = 100_000
    largest: int = 100_000
    again: float = 0.0
    fails_before_commit: float = 0.0
    fails_after_commit: float = 0.0

    def size(self) -> int:
        """How many records to hand out this time."""
        return self.dice.randint(self.smallest, self.largest)

    def strikes(self, chance: float) -> bool:
        """Whether a misfortune happens this time."""
        return self.dice.random() < chance


@dataclass(slots=True)
class ScriptedTransport:
    """Implements `shared.bus.port.Transport` over records that are all there from the beginning.

    `script` holds, per partition index, the records in the order in which they are to be taken.
    """

    script: Mapping[int, Sequence[Record]]
    unkindness: Unkindness
    _starts: dict[int, int] = field(default_factory=dict)
    _asked: dict[int, tuple[dict[str, int], int]] = field(default_factory=dict)

    async def start(self) -> None:
        """Nothing to join."""

    async def stop(self) -> None:
        """Nothing to leave."""

    name = "postgres"

    def indices(self) -> frozenset[int]:
        """Every index of the script."""
        return frozenset(self.script)

    async def fetch(
        self,
        conn: AsyncConnection,
        index: int,
        positions: Mapping[str, int],
        *,
        limit: int,
        beside: Sequence[Wanted] = (),
    ) -> list[Record]:
        """The next portion of what has not been taken, now and then with old records before it."""
        del limit
        local = [record_of(row) for row in await read_logs(conn, index, beside)]
        records = self.script[index]
        start = self._first_open(index, positions)
        left = [r for r in records[start:] if r.position >= positions.get(r.topic, 0)]
        portion = left[: self.unkindness.size() * self._patience(index, positions)]
        if portion and self.unkindness.strikes(self.unkindness.again):
            before = [r for r in records[:start] if r.position < positions.get(r.topic, 0)]
            portion = before[-20:] + portion
        return local + portion

    def _patience(self, index: int, positions: Mapping[str, int]) -> int:
        """Twice as much each time that nothing could be taken: a topic waits for another's day."""
        asked, times = self._asked.get(index, ({}, 1))
        times = times * 2 if asked == positions else 1
        self._asked[index] = (dict(positions), times)
        return times

    def _first_open(self, index: int, positions: Mapping[str, int]) -> int:
        """Where the first record stands that has not been taken (it never moves back)."""
        records = self.script[index]
        start = self._starts.get(index, 0)
        while start < len(records) and records[start].position < positions.get(
            records[start].topic, 0
        ):
            start += 1
        self._starts[index] = start
        return start

    async def committed(
        self, index: int, positions: Mapping[str, int], *, appended: Collection[Place]
    ) -> None:
        """Nobody to tell; now and then the answer to the commit is lost."""
        del index, positions, appended
        if self.unkindness.strikes(self.unkindness.fails_after_commit):
            message = "scripted: the connection broke after the commit"
            raise TransientError(message)

    async def wait(self, index: int, seconds: float) -> None:
        """Everything is there already; wait a moment for whoever looks whether all is done."""
        del index
        await asyncio.sleep(min(seconds, 0.05))

    def wake(self) -> None:
        """Nobody sleeps."""

    def stuck(self) -> str | None:
        """Never."""
        return None
