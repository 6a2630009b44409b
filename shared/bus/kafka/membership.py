"""A worker's place in the consumer group: the group assigns partition indices, and nothing else."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from typing_extensions import override

from shared.bus.kafka.deadlines import stop_consumer, within
from shared.bus.kafka.headway import Headway
from shared.bus.kafka.options import KafkaOptions
from shared.bus.kafka.topics import UnequalPartitionsError, partition_count
from shared.kernel.errors import ObligorError, TransientError

log = structlog.get_logger()
_WATCH_SECONDS = 1.0
_REJOIN_PAUSE_SECONDS = 1.0
_GROUP = TopicPartition("", -1)  # stands for the group itself: a rebalance that takes too long


def shared_indices(assigned: Iterable[TopicPartition], topics: Collection[str]) -> frozenset[int]:
    """The partition indices that are assigned of every topic.

    With equal partition counts, the range assignor gives whole indices; an index that is not whole
    would be two workers' and is nobody's.
    """
    by_topic: dict[str, set[int]] = {topic: set() for topic in topics}
    for place in assigned:
        by_topic.setdefault(place.topic, set()).add(place.partition)
    whole = [by_topic[topic] for topic in topics]
    return frozenset(set.intersection(*whole)) if whole else frozenset()


class Membership:
    """Keeps one consumer in the group for as long as it runs, and replaces one that went silent.

    aiokafka only logs when its group or its fetcher are lost, so a consumer without a poll is
    stopped and made anew rather than nursed. `changed` is called on every assignment.
    """

    def __init__(
        self,
        options: KafkaOptions,
        *,
        group: str,
        topics: Sequence[str],
        partitions: int,
        changed: Callable[[], None],
    ) -> None:
        self._options = options
        self._group = group
        self._topics = tuple(topics)
        self._partitions = partitions
        self._changed = changed
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._starving: dict[TopicPartition, float] = {}
        self.indices: frozenset[int] = frozenset()
        self.rebalancing = True
        self.headway = Headway(options.stuck_seconds)

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        """The consumer, while it has an assignment and may be asked for records."""
        return None if self.rebalancing else self._consumer

    async def start(self) -> None:
        """Begin to join. Raises at once where topics are missing or their counts differ."""
        try:
            await self._check_topics()
        except TransientError as error:
            self.headway.missed(str(error))
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Leave the group, so that others need not wait for the session to end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None
        await self._leave()

    def assigned(self, places: Collection[TopicPartition]) -> None:
        """Take an assignment over; everything fetched before it is void."""
        self.indices = shared_indices(places, self._topics)
        self.rebalancing = False
        self._starving.clear()
        log.info("partitions_assigned", group=self._group, indices=sorted(self.indices))
        self._changed()

    def revoked(self) -> None:
        """Stop asking for records until the next assignment.

        The indices stay: the epoch in the database fences whoever is late, and nobody else can
        have been given them before this member has joined again.
        """
        self.rebalancing = True
        self._starving = {_GROUP: time.monotonic()}

    def delivered(self, places: Iterable[TopicPartition], *, found: Collection[object]) -> None:
        """Remember which places were asked for records, and since when in vain."""
        for place in places:
            if place in found:
                self._starving.pop(place, None)
            else:
                self._starving.setdefault(place, time.monotonic())

    async def _check_topics(self) -> None:
        found = await partition_count(self._options.bootstrap, self._topics)
        if found != self._partitions:
            counts = dict.fromkeys(self._topics, found)
            raise UnequalPartitionsError(counts, wanted=self._partitions)

    async def _keep(self) -> None:
        while True:
            try:
                await self._check_topics()
                await self._join()
                await self._watch()
            except (TransientError, ObligorError) as error:
                log.warning("kafka_consumer_not_working", group=self._group, error=str(error))
                self.headway.missed(str(error))
            except Exception as error:  # whatever aiokafka raises: a new consumer is the cure
                log.exception("kafka_consumer_failed", group=self._group)
                self.headway.missed(repr(error))
            await self._leave()
            await asyncio.sleep(_REJOIN_PAUSE_SECONDS)

    async def _join(self) -> None:
        options = self._options
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=options.bootstrap,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=options.session_timeout_ms,
            heartbeat_interval_ms=options.heartbeat_interval_ms,
            rebalance_timeout_ms=options.rebalance_timeout_ms,
            request_timeout_ms=options.request_timeout_ms,
            retry_backoff_ms=options.retry_backoff_ms,
            fetch_max_wait_ms=options.fetch_max_wait_ms,
            max_partition_fetch_bytes=options.max_partition_fetch_bytes,
        )
        self._consumer.subscribe(self._topics, listener=_Listener(self))
        patience = options.rebalance_timeout_ms / 1000 + options.request_timeout_ms / 1000
        await within(patience, self._consumer.start(), doing=f"joining {self._group}")

    async def _watch(self) -> None:
        """Return when the consumer has been silent for too long."""
        allowed = 2 * _WATCH_SECONDS + self._options.request_timeout_ms / 1000
        silence = 0.0
        while silence < allowed + self._options.stuck_seconds:
            await asyncio.sleep(_WATCH_SECONDS)
            silence = self._silence()
            if silence < allowed:
                self.headway.made()
            else:
                self.headway.missed("no answer from the brokers")

    def _silence(self) -> float:
        """Seconds since the brokers last answered for the place that has waited longest.

        A place counts only while it is asked in vain: one whose records nobody takes is not polled.
        """
        now = time.monotonic()
        quiet = [now - max(since, self._last_poll(at)) for at, since in self._starving.items()]
        return max(quiet, default=0.0)

    def _last_poll(self, place: TopicPartition) -> float:
        """When a place's broker last answered, on the monotonic clock; 0 for never."""
        consumer = self.consumer
        if consumer is None or place not in consumer.assignment():
            return 0.0
        polled_ms = consumer.last_poll_timestamp(place)
        return time.monotonic() - (time.time() - polled_ms / 1000) if polled_ms else 0.0

    async def _leave(self) -> None:
        consumer, self._consumer = self._consumer, None
        self.indices = frozenset()
        self.rebalancing = True
        self._changed()
        if consumer is not None:
            await stop_consumer(consumer)


class _Listener(ConsumerRebalanceListener):
    """Tells the membership what the group decided."""

    def __init__(self, membership: Membership) -> None:
        self._membership = membership

    @override
    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Whatever was ours may be another's from now on."""
        self._membership.revoked()

    @override
    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """These are ours now."""
        self._membership.assigned(assigned)
