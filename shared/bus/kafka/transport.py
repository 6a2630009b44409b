"""The `kafka` transport: the group assigns indices, the database says where to go on."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError, OffsetOutOfRangeError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.kafka.bell import Bell
from shared.bus.kafka.commits import Commits
from shared.bus.kafka.deadlines import CALL_SECONDS, within
from shared.bus.kafka.lanes import Lane
from shared.bus.kafka.membership import Membership
from shared.bus.kafka.options import KafkaOptions
from shared.bus.kafka.relay import Relay
from shared.bus.kafka.wire import records_of
from shared.bus.port import Place, PositionOutsideLogError, Record, record_of
from shared.db.engine import Database
from shared.log.reading import Wanted, read_logs

log = structlog.get_logger()
_LANE_CAPACITY = 2000
_GLANCE_SECONDS = 2.0


class KafkaTransport:
    """Carries records over Apache Kafka; implements `shared.bus.port.Transport`.

    `topics` are the topics on Kafka that the service subscribes to, in the order of its
    subscriptions; `partitions` is the count that the database was migrated for.
    """

    name = "kafka"

    def __init__(
        self,
        database: Database,
        options: KafkaOptions,
        *,
        topics: Sequence[str],
        partitions: int,
        group: str | None = None,
    ) -> None:
        # aiokafka logs dozens of lines a second while a broker is away; what matters is logged here
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        self._topics = tuple(topics)
        self._lanes: defaultdict[TopicPartition, Lane] = defaultdict(lambda: Lane(_LANE_CAPACITY))
        self._woken: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._membership = Membership(
            options,
            group=group or f"obligor.{database.service}",
            topics=self._topics,
            partitions=partitions,
            changed=self._start_over,
        )
        self._commits = Commits(self._membership)
        self._relay = Relay(database, options, self.indices)
        self._bell = Bell(database, self._on_bell)

    async def start(self) -> None:
        """Join the group; raises at once where topics are missing or their counts differ."""
        await self._membership.start()
        self._commits.start()
        self._relay.start()
        self._bell.start()

    async def stop(self) -> None:
        """Leave, within seconds, whatever the brokers do."""
        await asyncio.gather(self._relay.stop(), self._bell.stop(), self._commits.stop())
        await self._membership.stop()

    def indices(self) -> frozenset[int]:
        """The indices that the group gave this member."""
        return self._membership.indices

    async def fetch(
        self,
        conn: AsyncConnection,
        index: int,
        positions: Mapping[str, int],
        *,
        limit: int,
        beside: Sequence[Wanted] = (),
    ) -> list[Record]:
        """What has arrived, from the positions on; what was handed out before, again if asked."""
        records = [record_of(row) for row in await read_logs(conn, index, beside)]
        for topic in self._topics:
            place = TopicPartition(topic, index)
            records += await self._fetch_one(place, positions.get(topic, 0), limit)
        return records

    async def committed(
        self, index: int, positions: Mapping[str, int], *, appended: Collection[Place]
    ) -> None:
        """Ship what was appended, and let Kafka's tools see how far the group is."""
        self._commits.remember(
            index, {topic: at for topic, at in positions.items() if topic in self._topics}
        )
        if appended:
            self._relay.wake()
            mine = self.indices()
            await self._bell.ring(place for place in appended if place[1] not in mine)

    async def wait(self, index: int, seconds: float) -> None:
        """Wait for records of an index, for `wake`, or for the time to be up."""
        event = self._woken[index]
        places = self._places_with_room(index)
        waiting = {asyncio.create_task(_rung(event))}
        consumer = self._membership.consumer
        if consumer is not None and places:
            waiting.add(asyncio.create_task(self._gather(consumer, places, seconds)))
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.wait(waiting, timeout=_GLANCE_SECONDS)
        event.clear()

    def ends(self) -> dict[Place, int]:
        """How far the topics of this member's indices go, as the last fetch saw it."""
        consumer = self._membership.consumer
        if consumer is None:
            return {}
        ends = {place: consumer.highwater(place) for place in consumer.assignment()}
        return {tuple(place): end for place, end in ends.items() if end is not None}

    def wake(self) -> None:
        """Look again at every index, and ship."""
        self._relay.wake()
        for event in self._woken.values():
            event.set()

    def stuck(self) -> str | None:
        """Why nothing comes in, or nothing goes out, for a minute now."""
        return self._membership.headway.stuck() or self._relay.headway.stuck()

    def _on_bell(self, topic: str, partition: int) -> None:
        self._relay.wake()
        if topic not in self._topics:  # those come over Kafka, and the consumer sees them
            self._woken[partition].set()

    def _start_over(self) -> None:
        for lane in self._lanes.values():
            lane.forget()
        for event in self._woken.values():
            event.set()

    def _places_with_room(self, index: int) -> list[TopicPartition]:
        places = [TopicPartition(topic, index) for topic in self._topics]
        return [place for place in places if self._lanes[place].room > 0]

    async def _fetch_one(self, place: TopicPartition, position: int, limit: int) -> list[Record]:
        consumer = self._membership.consumer
        if consumer is None or place.partition not in self._membership.indices:
            return []
        lane = self._lanes[place]
        if not self._moved(consumer, place, position):
            return []
        if len(lane.first(limit)) < limit:
            await self._gather(consumer, [place], 0.0)
        if lane.lost:
            await self._find(consumer, place, position)
        return lane.first(limit)

    def _moved(self, consumer: AIOKafkaConsumer, place: TopicPartition, position: int) -> bool:
        """Move to a position; False when the group has taken the place away in the meantime."""
        if self._lanes[place].move_to(position):
            return True
        try:
            consumer.seek(place, position)
        except IllegalStateError:
            self._lanes[place].forget()
            return False
        return True

    async def _gather(
        self, consumer: AIOKafkaConsumer, places: Sequence[TopicPartition], seconds: float
    ) -> None:
        """Move what the consumer has for some places into their lanes.

        While the group rebalances aiokafka lets nobody have anything; so even a glance has a
        deadline. A failure, or an assignment in between, voids the lanes: they seek anew.
        """
        lanes = {place: self._lanes[place] for place in places}
        before = {place: lane.generation for place, lane in lanes.items()}
        try:
            async with asyncio.timeout(seconds + _GLANCE_SECONDS):
                found = await consumer.getmany(
                    *places, timeout_ms=int(seconds * 1000), max_records=_LANE_CAPACITY
                )
        except TimeoutError:
            return
        except KafkaError as error:
            self._void(lanes, error)
            return
        self._membership.delivered(places, found=found)
        for place, records in found.items():
            if lanes[place].generation == before[place]:
                lanes[place].add(records_of(records))
            else:
                lanes[place].forget()

    def _void(self, lanes: Mapping[TopicPartition, Lane], error: KafkaError) -> None:
        for lane in lanes.values():
            lane.forget()
        if isinstance(error, OffsetOutOfRangeError):
            for place in error.args[0]:
                lanes[place].lost = True
        else:
            log.warning("kafka_fetch_failed", error=repr(error))

    async def _find(self, consumer: AIOKafkaConsumer, place: TopicPartition, position: int) -> None:
        """Say what is wrong with a position that the topic does not have (any more, or yet).

        A reader that has not begun starts at the first record there is.
        """
        lane = self._lanes[place]
        lane.lost = False
        doing = f"finding the ends of {place.topic}/{place.partition}"
        first = await within(CALL_SECONDS, consumer.beginning_offsets([place]), doing=doing)
        last = await within(CALL_SECONDS, consumer.end_offsets([place]), doing=doing)
        if position == 0:
            lane.move_to(0)
            lane.read_to = first[place]
            consumer.seek(place, first[place])
        elif not first[place] <= position <= last[place]:
            raise PositionOutsideLogError(
                place.topic,
                place.partition,
                position,
                f"the topic has {first[place]} to {last[place]}",
            )


async def _rung(event: asyncio.Event) -> None:
    await event.wait()
