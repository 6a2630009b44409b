"""The port between a worker and whatever carries records: PostgreSQL logs or Apache Kafka."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.log.reading import LogRow, Wanted

LOG_OFFSET_HEADER: Final = "obligor_log_offset"
CHANNEL: Final = "obligor_log"

Place = tuple[str, int]
"""A topic and a partition of it."""


class Record(NamedTuple):
    """One record as it was found.

    `position` is where the transport resumes (a Kafka offset, or the log's), `log_offset` the
    publisher's own offset, None where an outside system wrote the record.
    """

    topic: str
    partition: int
    position: int
    log_offset: int | None
    key: str | None
    headers: Mapping[str, str]
    value: bytes
    appended_at: datetime


def record_of(row: LogRow) -> Record:
    """A log's row as a record: its offset is also where the transport resumes."""
    topic, partition, offset, key, headers, value, appended_at = row
    return Record(topic, partition, offset, offset, key, headers, value, appended_at)


class PositionOutsideLogError(Exception):
    """The place to resume at is not in the log any more (or not yet): stop, loudly."""

    def __init__(self, topic: str, partition: int, position: int, found: str) -> None:
        super().__init__(f"{topic}/{partition} should go on at {position}, but {found}")


class Transport(Protocol):
    """How one worker process gets partition indices and records, and how its log gets out.

    One worker of a service owns index p of everything the service reads. `indices` are those the
    transport gives this worker now; the worker fences itself by epoch whatever the transport says.
    Calls for different indices may run side by side; calls for one index never do. `name` says
    whose positions these are: those of one transport mean nothing to another.
    """

    @property
    def name(self) -> str:
        """`postgres` or `kafka`."""
        ...

    async def start(self) -> None:
        """Join; returns when the transport works or keeps trying by itself."""
        ...

    async def stop(self) -> None:
        """Leave, within seconds, whatever state the network is in."""
        ...

    def indices(self) -> frozenset[int]:
        """The partition indices that this worker should own at this moment."""
        ...

    async def fetch(
        self,
        conn: AsyncConnection,
        index: int,
        positions: Mapping[str, int],
        *,
        limit: int,
        beside: Sequence[Wanted] = (),
    ) -> list[Record]:
        """What there is at once of the subscribed topics, from `positions` on (0 where missing).

        At most `limit` records of each topic, in the order of the subscriptions, each topic in order
        (a topic paused at its day's end must not keep another from being read). A position given
        again means "from here again". `beside` are parts of the service's own log to be read first, in one go
        where the transport reads logs itself. Never waits for more. Raises `PositionOutsideLogError`. `conn` is the batch's transaction.
        """
        ...

    async def committed(
        self, index: int, positions: Mapping[str, int], *, appended: Collection[Place]
    ) -> None:
        """A batch has been committed up to `positions`; `appended` names the logs it wrote to.

        Wakes readers and ships the log. Failures are the transport's to retry, never the batch's.
        """
        ...

    async def wait(self, index: int, seconds: float) -> None:
        """Return when there may be something to fetch for an index, at the latest after `seconds`."""
        ...

    def wake(self) -> None:
        """Something was appended by this process: look again."""
        ...

    def stuck(self) -> str | None:
        """Why the transport makes no headway, for health; None when it does."""
        ...
