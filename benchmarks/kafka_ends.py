"""The benchmark's own ends of Kafka: fill a topic, read it as fast as it goes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import islice

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from benchmarks.traffic import Message
from shared.contracts import catalogue

TOPIC = catalogue.TRANSACTIONS
AT_ONCE = 2000
_BATCH_BYTES = 1 << 17
_PORTION = 50_000
_QUIET_MS = 1000

Records = dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]


async def fill(bootstrap: str, messages: Iterable[Message]) -> dict[int, int]:
    """Produce messages as fast as it goes; returns how many there are of each partition."""
    counts: Counter[int] = Counter()
    waiting = iter(messages)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_batch_size=_BATCH_BYTES)
    await producer.start()
    try:
        while portion := list(islice(waiting, _PORTION)):
            by_partition: dict[int, list[Message]] = {}
            for message in portion:
                by_partition.setdefault(message.partition, []).append(message)
            await asyncio.gather(
                *(_send(producer, place, sent) for place, sent in by_partition.items())
            )
            counts.update(message.partition for message in portion)
    finally:
        await producer.stop()
    return dict(counts)


async def _send(producer: AIOKafkaProducer, partition: int, messages: Sequence[Message]) -> None:
    batch = producer.create_batch()
    for message in messages:
        key, headers = message.key.encode(), headers_of(message)
        if batch.append(timestamp=None, key=key, value=message.value, headers=headers) is None:
            batch.close()
            await (await producer.send_batch(batch, TOPIC, partition=partition))
            batch = producer.create_batch()
            batch.append(timestamp=None, key=key, value=message.value, headers=headers)
    batch.close()
    await (await producer.send_batch(batch, TOPIC, partition=partition))


def headers_of(message: Message) -> list[tuple[str, bytes]]:
    """A message's headers as Kafka carries them."""
    return [(name, value.encode()) for name, value in message.headers]


async def portions(
    bootstrap: str, partitions: int, *, pace: int = AT_ONCE
) -> AsyncIterator[Records]:
    """Everything in the topic from its beginning, until nothing came for a second."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, max_partition_fetch_bytes=1 << 20
    )
    await consumer.start()
    try:
        places = [TopicPartition(TOPIC, number) for number in range(partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        while found := await consumer.getmany(timeout_ms=_QUIET_MS, max_records=pace):
            yield found
    finally:
        await consumer.stop()
