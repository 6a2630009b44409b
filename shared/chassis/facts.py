"""Facts that come in through a door, on their way into the service's own log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.envelope import Envelope, first_of_chain
from shared.kernel.partitions import partition_of
from shared.log.append import Entry, headers_of


@dataclass(frozen=True, slots=True)
class Fact:
    """One source fact. Without a customer it is a broadcast: a copy per partition, id `<id>/<p>`."""

    topic: str
    type: str
    source: str
    id: str
    time: datetime
    customer_id: str
    value: bytes


def entries_of(facts: Iterable[Fact], partitions: int) -> list[Entry]:
    """The log entries that facts become."""
    return [entry for fact in facts for entry in _entries(fact, partitions)]


def _entries(fact: Fact, partitions: int) -> Iterator[Entry]:
    if fact.customer_id:
        yield _entry(fact, partition_of(fact.customer_id, partitions))
        return
    for partition in range(partitions):
        yield _entry(replace(fact, id=f"{fact.id}/{partition}"), partition)


def _entry(fact: Fact, partition: int) -> Entry:
    return Entry(fact.topic, partition, fact.customer_id, headers_of(_envelope(fact)), fact.value)


def _envelope(fact: Fact) -> Envelope:
    return first_of_chain(
        event_id=fact.id,
        source=fact.source,
        event_type=fact.type,
        time=fact.time,
        subject=fact.customer_id,
    )
