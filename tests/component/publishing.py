"""Publishers that a service under test listens to: their logs, without their services."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

from shared.chassis.service import AnyService
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.db.tables import metadata_of
from shared.testing.toy import toy_service
from shared.testing.workers import Bench, bench


def stand_in(name: str, topic: str) -> AnyService:
    """A service of that name that has a log and does nothing."""
    return replace(toy_service(), name=name, topic=topic, metadata=metadata_of(name))


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher's log, to say things in."""

    bench: Bench
    day_closed: Callable[..., Event]
    _numbers: Iterator[int] = field(default_factory=count)

    async def say(self, event: Event, *, customer_id: str) -> None:
        """Append an event about a customer."""
        name = f"{self.bench.service.name}-{next(self._numbers)}"
        await self.bench.append(self.bench.entry(event, customer_id=customer_id, event_id=name))

    async def close(self, day: date) -> None:
        """End a day in every partition."""
        event = self.day_closed(date=day)
        entries = [
            self.bench.entry(
                event,
                customer_id="",
                event_id=f"{self.bench.service.name}/{day}/{partition}",
                partition=partition,
            )
            for partition in range(self.bench.partitions)
        ]
        await self.bench.append(*entries)


def publisher(service: AnyService, url: str) -> Publisher:
    """The publisher behind a service's name, on a migrated database."""
    closed = catalogue.EVENTS[service.topic][f"{service.name}.day_closed.v1"]
    return Publisher(bench(service, url), closed)


async def has_closed(service: Bench, day: date) -> bool:
    """Whether a service has closed a day in every partition."""
    state = f'"{service.service.name}".partition_state'
    rows = await service.fetch(
        f"SELECT count(*) FROM {state} WHERE closed_on >= :day", day=day
    )  # our own schema's name
    return bool(rows[0][0] == service.partitions)
