"""What has to be done now and then beside the work: progress, lag, old rows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.kafka.shipping import RELAY
from shared.chassis.doors import Doors
from shared.chassis.idempotency.claims import forget_old
from shared.chassis.settings import TransportName
from shared.contracts import catalogue
from shared.db.faults import is_transient
from shared.log import readers
from shared.log.append import heads
from shared.log.checkpoints import Checkpoint, all_checkpoints

log = structlog.get_logger()
_ROUND_SECONDS = 10.0
_ROUNDS_PER_CLEANING = 360


@asynccontextmanager
async def housekeeping(doors: Doors) -> AsyncIterator[None]:
    """Keep house while the worker lives; a round that fails is tried again with the next."""
    task = asyncio.create_task(_rounds(doors))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _rounds(doors: Doors) -> None:
    number = 0
    while True:
        await asyncio.sleep(_ROUND_SECONDS)
        number += 1
        try:
            await keep_house(doors, cleaning=number % _ROUNDS_PER_CLEANING == 1)
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("housekeeping_put_off", service=doors.service.name, error=str(error)[:200])


async def keep_house(doors: Doors, *, cleaning: bool) -> None:
    """One round: report progress and lag; with `cleaning`, take out what is too old."""
    service = doors.service
    logs = [(topic, service.log_schema) for topic in sorted(catalogue.LOCAL_TOPICS)]
    if doors.settings.transport is TransportName.POSTGRES:
        topics = [each.topic for each in service.subscriptions]
        logs += [(topic, f"{catalogue.PUBLISHER_OF[topic]}_log") for topic in topics]
    async with doors.transaction() as conn:
        await readers.report_progress(conn, service.name, logs)
        found = await readers.lags(conn, service.name, logs)
        if cleaning:
            await readers.prune(conn, service.name)
            await forget_old(conn, doors.tables.claim)
        found += await _behind_the_broker(conn, doors)
        unshipped = await _unshipped(conn, doors)
    for topic, partition, lag in found:
        doors.metrics.set("obligor_lag_records", lag, topic=topic, partition=str(partition))
    for topic, partition, rest in unshipped:
        doors.metrics.set("obligor_unshipped_records", rest, topic=topic, partition=str(partition))


async def _behind_the_broker(conn: AsyncConnection, doors: Doors) -> list[readers.ReaderLag]:
    """How far the checkpoints are behind the ends of the topics that the transport knows."""
    ends = {place: end for tell in doors.topic_ends for place, end in tell().items()}
    if not ends:
        return []
    done = await all_checkpoints(conn, doors.tables.work)
    return [
        readers.ReaderLag(*place, max(0, end - done.get(place, Checkpoint()).position))
        for place, end in sorted(ends.items())
    ]


async def _unshipped(conn: AsyncConnection, doors: Doors) -> list[readers.ReaderLag]:
    """What of our own log Kafka has not acknowledged; nothing leaves on the other transport."""
    if doors.settings.transport is not TransportName.KAFKA:
        return []
    shipped = await readers.positions_of(conn, doors.tables.log, RELAY)
    ends = await heads(conn, doors.tables.log)
    return [
        readers.ReaderLag(*place, end - shipped.get(place, 0))
        for place, end in sorted(ends.items())
        if place[0] in catalogue.EVENTS
    ]
