"""Strength 2 of equality over transports: with the day barrier, Kafka tells the same story."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import islice

import pytest

from obligor.services import PLATFORM
from shared.bus.kafka.options import KafkaOptions
from shared.bus.kafka.topics import ensure_topics
from shared.bus.kafka.transport import KafkaTransport
from shared.bus.port import Transport
from shared.contracts import catalogue
from shared.testing.database import TestServer
from shared.testing.five import Five
from shared.testing.kafka_server import KafkaServer
from shared.testing.workers import Bench, running, until
from tests.journey import history

SERVICES = [wiring.service for wiring in PLATFORM]
TOPICS = sorted(catalogue.EVENTS)
PARTITIONS = 4
DAYS = 8
STEP_SECONDS = 120.0

Told = dict[str, list[tuple[str, str, str]]]


@asynccontextmanager
async def at_work(five: Five, broker: KafkaServer | None) -> AsyncIterator[None]:
    """One worker of each service, on Kafka where there is a broker."""
    async with AsyncExitStack() as stack:
        for each in five.benches.values():
            await stack.enter_async_context(running(each.worker(transport(each, broker))))
        yield


def transport(each: Bench, broker: KafkaServer | None) -> Transport:
    if broker is None:
        return each.transport()
    topics = [subscription.topic for subscription in each.service.subscriptions]
    options = KafkaOptions(broker.bootstrap)
    return KafkaTransport(each.database, options, topics=topics, partitions=PARTITIONS)


async def replay(url: str, broker: KafkaServer | None) -> Told:
    """Replay some days step by step, and tell what every service announced."""
    async with Five(SERVICES, url, partitions=PARTITIONS) as five, at_work(five, broker):
        steps = [("screening", history.registrations()), ("rating", history.statements())]
        steps += [("monitoring", portion) for portion in islice(history.transactions(), DAYS)]
        for service, entries in steps:
            await five.put(service, entries)
            await until(five._settled, seconds=STEP_SECONDS)
        return {name: await told(each) for name, each in five.benches.items()}


async def told(each: Bench) -> list[tuple[str, str, str]]:
    """What a service announced, without what batch boundaries may coalesce."""
    rows = await each.fetch(
        "SELECT key, headers->>'ce_type' AS type, convert_from(value, 'UTF8') AS value "  # our schema
        f"FROM {each.service.log_schema}.log WHERE topic = :topic",
        topic=each.service.topic,
    )
    kept = [tuple(row) for row in rows if "exposure_changed" not in row.type]
    return sorted((str(key), str(kind), str(value)) for key, kind, value in kept)


@pytest.mark.kafka
@pytest.mark.timeout(600)
def test_kafka_tells_the_same_story(postgres: TestServer, kafka_server: KafkaServer) -> None:
    async def both() -> tuple[Told, Told]:
        direct = await replay(await postgres.fresh(SERVICES), None)
        await kafka_server.delete_topics(TOPICS)
        await ensure_topics(kafka_server.bootstrap, TOPICS, PARTITIONS)
        return direct, await replay(await postgres.fresh(SERVICES), kafka_server)

    direct, shipped = asyncio.run(both())
    assert shipped == direct
    assert all(direct.values())
