"""What only Kafka can do wrong: partition counts, topics, shipping, offsets that tools see."""

import asyncio
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.bus.kafka.deadlines import BrokerRefusedError
from shared.bus.kafka.topics import (
    TopicsMissingError,
    UnequalPartitionsError,
    admin_of,
    ensure_topics,
    partition_count,
)
from shared.bus.kafka.transport import KafkaTransport
from shared.contracts import catalogue
from shared.testing.kafka_server import KafkaServer
from tests.contract.conftest import ON_KAFKA
from tests.contract.facts import command
from tests.contract.rig import Rig
from tests.contract.workers import PARTITIONS

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
ONLY_KAFKA = pytest.mark.parametrize("broker", [ON_KAFKA], indirect=True)
CUSTOMERS = [f"C-{number:02}" for number in range(20)]
NAMES = ("test.one", "test.two", "test.three")


@pytest.fixture
async def server(kafka_server: KafkaServer) -> KafkaServer:
    """A running broker without the topics of this module."""
    await asyncio.to_thread(kafka_server.start)
    await kafka_server.delete_topics(NAMES)
    return kafka_server


async def test_topics_that_are_missing_are_made(server: KafkaServer) -> None:
    assert await ensure_topics(server.bootstrap, NAMES, 3) == list(NAMES)
    assert await partition_count(server.bootstrap, NAMES) == 3


async def test_making_topics_again_changes_nothing(server: KafkaServer) -> None:
    await ensure_topics(server.bootstrap, NAMES[:2], 3)
    assert await ensure_topics(server.bootstrap, NAMES, 3) == [NAMES[2]]
    assert await ensure_topics(server.bootstrap, NAMES, 3) == []


async def test_another_count_is_refused_and_nothing_is_made(server: KafkaServer) -> None:
    await ensure_topics(server.bootstrap, NAMES[:1], 3)
    with pytest.raises(UnequalPartitionsError, match=r"4 asked for.*test\.one: 3"):
        await ensure_topics(server.bootstrap, NAMES, 4)
    with pytest.raises(TopicsMissingError, match="obligor migrate"):
        await partition_count(server.bootstrap, NAMES)


async def test_more_copies_than_brokers_are_refused(server: KafkaServer) -> None:
    with pytest.raises(BrokerRefusedError, match=r"making test\.one"):
        await ensure_topics(server.bootstrap, NAMES[:1], 3, replication=2)


async def test_topics_of_unequal_counts_cannot_be_read_together(server: KafkaServer) -> None:
    await server.create_topics(NAMES[:1], 2)
    await server.create_topics(NAMES[1:2], 3)
    with pytest.raises(UnequalPartitionsError, match=r"test\.one: 2, test\.two: 3"):
        await partition_count(server.bootstrap, NAMES[:2])


@ONLY_KAFKA
async def test_a_worker_refuses_to_start_on_unequal_counts(rig: Rig, server: KafkaServer) -> None:
    await server.create_topics(NAMES[:1], PARTITIONS)
    await server.create_topics(NAMES[1:2], PARTITIONS + 1)
    await refused(rig, NAMES[:2], UnequalPartitionsError)


@ONLY_KAFKA
async def test_a_worker_refuses_another_count_than_the_database_has(
    rig: Rig, server: KafkaServer
) -> None:
    await server.create_topics(NAMES[:2], PARTITIONS + 1)
    await refused(rig, NAMES[:2], UnequalPartitionsError)


@ONLY_KAFKA
async def test_a_worker_refuses_to_start_without_its_topics(rig: Rig, server: KafkaServer) -> None:
    assert server.bootstrap == rig.setup.bootstrap
    await refused(rig, NAMES[:1], TopicsMissingError)


async def refused(rig: Rig, topics: tuple[str, ...], error: type[Exception]) -> None:
    transport = KafkaTransport(
        rig.monitoring, rig.setup.kafka_options, topics=topics, partitions=PARTITIONS
    )
    with pytest.raises(error):
        await transport.start()
    await transport.stop()


@ONLY_KAFKA
async def test_the_log_is_shipped_in_the_order_of_its_offsets(rig: Rig) -> None:
    for _ in range(10):
        await rig.say(*CUSTOMERS)

    async def shipped() -> bool:
        return len(await rig.published(catalogue.RATING)) == 10 * len(CUSTOMERS)

    await rig.until(shipped)
    by_partition: dict[int, list[int]] = {}
    for partition, offset in await rig.published(catalogue.RATING):
        by_partition.setdefault(partition, []).append(offset)
    assert all(offsets == list(range(len(offsets))) for offsets in by_partition.values())


@ONLY_KAFKA
async def test_shipping_goes_on_where_it_stopped(rig: Rig) -> None:
    await rig.say(*CUSTOMERS)
    relay = rig.relay()
    await relay.ship_all()
    await rig.say(*CUSTOMERS)
    await relay.stop()
    successor = rig.relay()
    await successor.ship_all()
    await successor.stop()

    async def settled() -> bool:
        rows = await rig.shipping_positions()
        return sum(rows) == 2 * len(CUSTOMERS)

    await rig.until(settled)


@ONLY_KAFKA
async def test_commands_never_leave_the_log(rig: Rig) -> None:
    await rig.append_facts([command("C-1")])
    async with rig.worker():
        await rig.say("C-1")
        await rig.until_worked_off()
    places = await rig.sql(
        "SELECT DISTINCT topic FROM monitoring_log.log_reader WHERE group_name = 'relay'"
    )
    assert ("commands",) not in places


@ONLY_KAFKA
async def test_two_relays_of_one_partition_keep_the_order_readers_see(rig: Rig) -> None:
    """A zombie ships too, for a while: everything on the topic has all before it before it."""
    zombie = rig.relay()
    zombie.start()
    try:
        async with rig.worker():
            for _ in range(10):
                await rig.say(*CUSTOMERS)
            await rig.until_worked_off()
    finally:
        await zombie.stop()
    highest: dict[int, int] = {}
    for partition, offset in await rig.published(catalogue.RATING):
        assert offset <= highest.get(partition, -1) + 1
        highest[partition] = max(highest.get(partition, -1), offset)


@ONLY_KAFKA
async def test_ordinary_tools_see_how_far_the_group_is(rig: Rig) -> None:
    await rig.say(*CUSTOMERS)
    async with rig.worker():
        await rig.until_worked_off()
    async with admin_of(rig.setup.bootstrap) as admin:
        committed = await admin.list_consumer_group_offsets(rig.setup.group)
    places = [at for at in committed if at.topic == catalogue.RATING]
    assert sum(committed[at].offset for at in places) == len(CUSTOMERS)


@ONLY_KAFKA
async def test_what_kafka_has_committed_is_never_believed(rig: Rig) -> None:
    await rig.say(*CUSTOMERS)
    places = [TopicPartition(catalogue.RATING, index) for index in range(PARTITIONS)]
    liar = AIOKafkaConsumer(bootstrap_servers=rig.setup.bootstrap, group_id=rig.setup.group)
    await liar.start()
    try:
        liar.assign(places)
        await liar.commit(dict.fromkeys(places, 3))
    finally:
        await liar.stop()
    async with rig.worker():
        await rig.until_worked_off()


@ONLY_KAFKA
async def test_a_silent_broker_makes_the_transport_say_that_it_is_stuck(
    rig: Rig, broker: KafkaServer
) -> None:
    options = replace(rig.setup.kafka_options, request_timeout_ms=1000, stuck_seconds=1.0)
    topics = (catalogue.RATING,)
    transport = KafkaTransport(rig.monitoring, options, topics=topics, partitions=PARTITIONS)
    await transport.start()
    try:

        async def working() -> bool:
            return transport.indices() == frozenset(range(PARTITIONS))

        async def stuck() -> bool:
            await transport.wait(0, 0.1)
            return transport.stuck() is not None

        async def recovered() -> bool:
            await transport.wait(0, 0.1)
            return transport.stuck() is None and await working()

        await rig.until(working)
        assert transport.stuck() is None
        async with rig.monitoring.transaction() as conn:
            await transport.fetch(conn, 0, {}, limit=10)
        broker.suspend()
        try:
            await rig.until(stuck)
        finally:
            broker.resume()
        await rig.until(recovered)
    finally:
        await transport.stop()
