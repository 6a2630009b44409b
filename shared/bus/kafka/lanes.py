"""What was fetched of one topic and partition and is not yet behind a checkpoint.

A worker asks from the position in its database. A batch that was rolled back asks for the same
records again, and a topic that waits for another asks for the same many times: both are served
from here, without going to the broker.
"""

from collections import deque
from collections.abc import Iterable

from shared.bus.port import Record


class Lane:
    """The records of one topic and partition, from the position that the worker last asked for.

    `position` is the one last asked for, None before the first time; `read_to` the place after the
    last record held, where the consumer stands. `generation` changes whenever what was held became
    void, `lost` says that the broker does not know the position. A lane holds `capacity` records at most, so a topic
    that waits does not fill the memory.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.position: int | None = None
        self.read_to = 0
        self.generation = 0
        self.lost = False
        self._held: deque[Record] = deque()

    @property
    def room(self) -> int:
        """How many more records may be fetched; none before a position was asked for."""
        return 0 if self.position is None else self.capacity - len(self._held)

    def move_to(self, position: int) -> bool:
        """Forget what lies before `position`. False: it is elsewhere, and the consumer must seek."""
        known = self.position is not None and self.position <= position <= self.read_to
        if not known:
            self._held.clear()
            self.read_to = position
        while self._held and self._held[0].position < position:
            self._held.popleft()
        self.position = position
        return known

    def add(self, records: Iterable[Record]) -> None:
        """Hold records that the consumer delivered, in their order."""
        for record in records:
            self._held.append(record)
            self.read_to = record.position + 1

    def first(self, limit: int) -> list[Record]:
        """The first records held, at most `limit`; they stay until the position moves past them."""
        return [self._held[place] for place in range(min(limit, len(self._held)))]

    def forget(self) -> None:
        """Start over: the next `move_to` seeks."""
        self.generation += 1
        self.position = None
        self._held.clear()
