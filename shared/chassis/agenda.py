"""The order in which a batch takes what it has: record by record, and day by day."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.chassis.service import Service
from shared.chassis.sieve import Sifted
from shared.contracts import catalogue


@dataclass(frozen=True, slots=True)
class DayEnd:
    """All closing topics have come to the end of a day: close it. `markers`: one record each."""

    day: date
    markers: tuple[Sifted, ...]


Step = Sifted | DayEnd


class Agenda:
    """One batch's records, by topic in the order of the subscriptions.

    A closing topic pauses at its marker until every other closing topic has come to its own for the
    same day; what lies behind the marker waits for a later batch.
    """

    def __init__(self, service: Service[Any, Any], sifted: Sequence[Sifted]) -> None:
        closing = {each.topic: each.closes_on for each in service.subscriptions if each.closes_on}
        self._closing = closing
        order = [catalogue.COMMANDS, catalogue.JOBS]
        order += [each.topic for each in service.subscriptions if not each.closes_on]
        order += list(closing)
        self._queues: dict[str, deque[Sifted]] = {topic: deque() for topic in order}
        for each in sifted:
            self._queues[each.record.topic].append(each)

    @property
    def last_day(self) -> date | None:
        """The last day that may close in this batch."""
        days = [
            day for queue in self._queues.values() for each in queue if (day := self._ends(each))
        ]
        return max(days, default=None)

    def steps(self) -> Iterator[Step]:
        """What to do, in order; ends where nothing more can be taken."""
        while True:
            for topic in self._queues:
                yield from self._until_marker(topic)
            heads = [self._queues[topic][0] for topic in self._closing if self._queues[topic]]
            if not heads or len(heads) < len(self._closing):
                return
            days = {self._ends(head) for head in heads}
            day = min(filter(None, days))
            behind = [topic for topic in self._closing if self._ends(self._queues[topic][0]) == day]
            markers = tuple(self._queues[topic].popleft() for topic in behind)
            yield DayEnd(day, markers)

    def _until_marker(self, topic: str) -> Iterator[Step]:
        queue = self._queues[topic]
        while queue and self._ends(queue[0]) is None:
            yield queue.popleft()

    def _ends(self, sifted: Sifted) -> date | None:
        delivery = sifted.delivery
        if delivery is None or self._closing.get(delivery.topic) != delivery.envelope.type:
            return None
        day: date = delivery.event.date  # type: ignore[attr-defined]  # every day_closed event has it
        return day
