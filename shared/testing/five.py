"""All services on one database in one process, without doors: facts go in, everything comes to rest."""

from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, time
from typing import Self

import msgspec

from shared.chassis.service import AnyService
from shared.contracts import catalogue
from shared.contracts.envelope import Event, first_of_chain
from shared.contracts.transactions import DayClosed
from shared.kernel.partitions import partition_of
from shared.log.append import Entry, headers_of
from shared.testing.workers import Bench, bench, running, until

PATIENCE_SECONDS = 240.0


class Five:
    """The services' benches by name, and what a test does with them."""

    def __init__(self, services: Sequence[AnyService], url: str, *, partitions: int = 4) -> None:
        self.partitions = partitions
        self.benches = {each.name: bench(each, url, partitions=partitions) for each in services}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        for each in self.benches.values():
            await each.database.close()

    async def put(self, service: str, entries: Sequence[Entry]) -> None:
        """Append entries to a service's log."""
        await self.benches[service].append(*entries)

    async def work_off(self, *, workers: int = 1) -> None:
        """Run the workers of all services until nothing is left to read anywhere."""
        async with AsyncExitStack() as stack:
            for each in self.benches.values():
                await stack.enter_async_context(running(*(each.worker() for _ in range(workers))))
            await until(self._settled, seconds=PATIENCE_SECONDS)

    async def _settled(self) -> bool:
        return not await self._behind() and not await self._behind()

    async def _behind(self) -> bool:
        for each in self.benches.values():
            logs = [(topic, each.service.log_schema) for topic in catalogue.LOCAL_TOPICS]
            topics = [subscription.topic for subscription in each.service.subscriptions]
            logs += [(topic, f"{catalogue.PUBLISHER_OF[topic]}_log") for topic in topics]
            if any([await _unread(each, topic, schema) for topic, schema in logs]):
                return True
        return False


async def _unread(reader: Bench, topic: str, schema: str) -> bool:
    rows = await reader.fetch(
        f'SELECT 1 FROM "{schema}".log_head h LEFT JOIN "{reader.service.name}".checkpoint c '
        "ON c.topic = h.topic AND c.partition = h.partition "
        "WHERE h.topic = :topic AND h.next_offset > coalesce(c.log_offset, -1) + 1",
        topic=topic,
    )
    return bool(rows)


def fact(event: Event, *, customer_id: str, event_id: str, day: date, partitions: int = 4) -> Entry:
    """An upstream fact of a day, as a log entry."""
    event_type = catalogue.EVENT_TYPES[type(event)]
    envelope = first_of_chain(
        event_id=event_id,
        source="test",
        event_type=event_type,
        time=datetime.combine(day, time(12), UTC),
        subject=customer_id,
    )
    partition = partition_of(customer_id, partitions)
    topic = catalogue.TOPIC_OF[event_type]
    return Entry(topic, partition, customer_id, headers_of(envelope), catalogue.encode(event))


def day_end(day: date, *, partitions: int = 4) -> list[Entry]:
    """The markers that end a day in every partition."""
    return [
        Entry(
            catalogue.TRANSACTIONS,
            partition,
            "",
            headers_of(
                first_of_chain(
                    event_id=f"day/{day}/{partition}",
                    source="test",
                    event_type=catalogue.DAY_CLOSED,
                    time=datetime.combine(day, time(23, 59, 59), UTC),
                    subject="",
                )
            ),
            catalogue.encode(DayClosed(date=day)),
        )
        for partition in range(partitions)
    ]


def command(
    name: str, payload: object, *, customer_id: str, day: date, partitions: int = 4
) -> Entry:
    """A person's command, as a log entry."""
    envelope = first_of_chain(
        event_id=f"{name}/{customer_id}/{day}",
        source="test",
        event_type=f"command.{name}",
        time=datetime.combine(day, time(9), UTC),
        subject=customer_id,
    )
    headers = headers_of(envelope) | {"obligor_person": "tester", "obligor_key": "test"}
    partition = partition_of(customer_id, partitions)
    return Entry(catalogue.COMMANDS, partition, customer_id, headers, msgspec.json.encode(payload))


def in_one(portions: Iterable[Sequence[Entry]]) -> list[Entry]:
    """Several portions of entries as one."""
    return [entry for portion in portions for entry in portion]
