"""The relay: ships a service's own log to Kafka, partition by partition, in offset order.

Only the owner of a partition ships it. One batch per partition is under way at a time, and after
one whose fate is unknown the producer is thrown away and shipping starts again at the first row
that was not acknowledged. So whatever a zombie or a restart sends twice, every record on the topic
comes after all records before it in the log, and readers drop what they know by its log offset.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.bus.kafka.deadlines import CALL_SECONDS, cut_off_producer, within
from shared.bus.kafka.headway import Headway
from shared.bus.kafka.options import KafkaOptions
from shared.bus.kafka.shipping import Backlog, ShippingLog
from shared.bus.kafka.wire import headers_of
from shared.bus.port import Place
from shared.db.engine import Database
from shared.db.faults import is_transient
from shared.log.reading import LogRow

log = structlog.get_logger()
LOOK_SECONDS = 1.0
_PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0)


class Relay:
    """Ships the log of one service, of the partitions this worker owns at the moment."""

    def __init__(
        self, database: Database, options: KafkaOptions, owned: Callable[[], frozenset[int]]
    ) -> None:
        self._database = database
        self._options = options
        self._owned = owned
        self._service = database.service
        self._shipping = ShippingLog(database.service)
        self._producer: AIOKafkaProducer | None = None
        self._acknowledged: dict[Place, int] = {}
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.headway = Headway(options.stuck_seconds)

    def start(self) -> None:
        """Begin to ship."""
        self._task = asyncio.create_task(self._keep_shipping())

    async def stop(self) -> None:
        """Stop shipping; what is left goes out after the next start, here or elsewhere."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._drop_producer()

    def wake(self) -> None:
        """The log has grown."""
        self._woken.set()

    async def ship_all(self) -> int:
        """Ship everything there is of the owned partitions; returns the number of rows.

        Raises what went wrong; what was acknowledged before stays acknowledged.
        """
        shipped = 0
        while backlogs := await self._look():
            producer = await self._connected()
            sending = [self._ship(producer, each) for each in backlogs]
            sent = await asyncio.gather(*sending, return_exceptions=True)
            for outcome in sent:
                if isinstance(outcome, BaseException):
                    raise outcome
                shipped += outcome
        return shipped

    async def _keep_shipping(self) -> None:
        failures = 0
        while True:
            try:
                await self.ship_all()
            except Exception as error:
                await self._drop_producer()
                self.headway.missed(f"log not shipped: {error}")
                if is_transient(error):
                    log.warning("log_not_shipped", service=self._service, error=str(error))
                else:
                    log.exception("log_not_shipped", service=self._service)
                await asyncio.sleep(_PAUSES_SECONDS[min(failures, len(_PAUSES_SECONDS) - 1)])
                failures += 1
            else:
                failures = 0
                self.headway.made()
                await self._wait()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._woken.wait()
        self._woken.clear()

    async def _look(self) -> list[Backlog]:
        """Write down what was acknowledged, and read what comes next."""
        async with self._database.transaction() as conn:
            await self._shipping.move(conn, self._acknowledged)
            backlogs = await self._shipping.backlogs(conn, self._owned())
        self._acknowledged.clear()
        return backlogs

    async def _ship(self, producer: AIOKafkaProducer, backlog: Backlog) -> int:
        """Send rows of one partition, one batch after the other, each acknowledged."""
        rows = list(backlog.rows)
        shipped = 0
        while shipped < len(rows):
            batch, count = _batch(producer, rows[shipped:])
            await self._send(producer, batch, backlog.place)
            shipped += count
            self._acknowledged[backlog.place] = rows[shipped - 1].offset + 1
        return shipped

    async def _send(self, producer: AIOKafkaProducer, batch: BatchBuilder, place: Place) -> None:
        topic, partition = place
        doing = f"shipping to {topic}/{partition}"
        sending = producer.send_batch(batch, topic, partition=partition)
        acknowledged = await within(self._options.send_seconds, sending, doing=doing)
        await within(self._options.send_seconds, acknowledged, doing=doing)

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            options = self._options
            producer = AIOKafkaProducer(
                bootstrap_servers=options.bootstrap,
                enable_idempotence=True,
                acks="all",
                compression_type=options.compression,
                max_batch_size=options.max_batch_bytes,
                request_timeout_ms=options.request_timeout_ms,
                retry_backoff_ms=options.retry_backoff_ms,
            )
            self._producer = producer
            await within(CALL_SECONDS, producer.start(), doing="starting the producer")
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await cut_off_producer(producer)


def _batch(producer: AIOKafkaProducer, rows: Sequence[LogRow]) -> tuple[BatchBuilder, int]:
    """As many of the rows as one request takes, at least one."""
    batch = producer.create_batch()
    count = 0
    for row in rows:
        added = batch.append(
            timestamp=None, key=row.key.encode(), value=row.value, headers=headers_of(row)
        )
        if added is None:
            break
        count += 1
    batch.close()
    return batch, count
