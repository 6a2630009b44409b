"""The order in which a batch takes what it has: record by record, and day by day."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shared.chassis.service import AnyService
from shared.chassis.sieve import Sifted


@dataclass(frozen=True, slots=True)
class DayEnd:
    """All closing topics have come to the end of a day: close it. `markers`: one record each."""

    day: date
    markers: tuple[Sifted, ...]


Step = Sifted | DayEnd


class Agenda:
    """One batch's records, in the order the transport gave them.

    A closing topic pauses at its marker until every other closing topic has come to its own for the
    same day; what lies behind a marker where not all have come waits for a later batch.
    With `only_ends` everything but the markers waits: a day is being closed.
    """

    def __init__(
        self, service: AnyService, sifted: Sequence[Sifted], *, only_ends: bool = False
    ) -> None:
        self._closing = {
            each.topic: each.closes_on for each in service.subscriptions if each.closes_on
        }
        self._left = [each for each in sifted if not only_ends or self._ends(each)]
        self._waiting: dict[str, Sifted] = {}

    def steps(self) -> Iterator[Step]:
        """What to do, in order; ends where nothing more can be taken."""
        pending = deque(self._left)
        held_back: list[Sifted] = []
        while pending:
            each = pending.popleft()
            if each.record.topic in self._waiting:
                held_back.append(each)
                continue
            if self._ends(each) is None:
                yield each
                continue
            if self._all_wait(each):
                yield self._day_end()
                pending.extendleft(reversed(held_back))
                held_back.clear()

    def _all_wait(self, marker: Sifted) -> bool:
        """Let the marker's topic wait; whether every closing topic does now."""
        self._waiting[marker.record.topic] = marker
        return len(self._waiting) == len(self._closing)

    def _day_end(self) -> DayEnd:
        """The earliest day that a topic waits for; topics that are ahead go on waiting."""
        days = {topic: self._ends(each) or date.max for topic, each in self._waiting.items()}
        day = min(days.values())
        behind = [topic for topic in self._closing if days[topic] == day]
        return DayEnd(day, tuple(self._waiting.pop(topic) for topic in behind))

    def _ends(self, sifted: Sifted) -> date | None:
        delivery = sifted.delivery
        if delivery is None or self._closing.get(delivery.topic) != delivery.envelope.type:
            return None
        day: date | None = getattr(delivery.event, "date", None)
        return day
