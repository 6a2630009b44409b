"""Topics on the broker: made with one partition count for all, refused when they differ."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import NodeNotReadyError, NoError, TopicAlreadyExistsError, for_code

from shared.bus.kafka.deadlines import (
    CALL_SECONDS,
    STOP_SECONDS,
    BrokerRefusedError,
    finished,
    within,
)
from shared.kernel.errors import ObligorError

RETENTION_MS = 14 * 24 * 3600 * 1000
COPIES = 3
VISIBLE_TRIES = 50
VISIBLE_PAUSE_SECONDS = 0.1


class UnequalPartitionsError(ObligorError):
    """Topics that one worker reads together do not have the same number of partitions."""

    code = "unequal_partitions"

    def __init__(self, counts: Mapping[str, int], *, wanted: int | None = None) -> None:
        shown = ", ".join(f"{topic}: {count}" for topic, count in sorted(counts.items()))
        asked = f", {wanted} asked for" if wanted else ""
        super().__init__(
            f"all topics must have the same number of partitions{asked}, but they have: {shown}. "
            "Partition counts are fixed when the topics are made; make them anew with "
            "`obligor migrate --partitions N` before anything is published"
        )


class TopicsMissingError(ObligorError):
    """Topics that should be there are not; nobody makes them by accident."""

    code = "topics_missing"

    def __init__(self, topics: Sequence[str]) -> None:
        super().__init__(
            f"not on the broker: {', '.join(sorted(topics))}; run `obligor migrate --partitions N`"
        )


async def ensure_topics(
    bootstrap: str, topics: Sequence[str], partitions: int, *, replication: int | None = None
) -> list[str]:
    """Make the topics that are missing and return their names; refuse other partition counts.

    `replication` None keeps as many copies as there are brokers, at most three. Running it twice
    changes nothing.
    """
    async with admin_of(bootstrap) as admin:
        before = await _counts(admin, topics)
        _refuse_unequal(before, wanted=partitions)
        missing = [topic for topic in topics if topic not in before]
        if missing:
            copies = replication or min(COPIES, await _broker_count(admin))
            await _create(admin, [_new_topic(name, partitions, copies) for name in missing])
            await _wait_until_visible(admin, topics, partitions)
    return missing


async def partition_count(bootstrap: str, topics: Sequence[str]) -> int:
    """The number of partitions that all the topics share.

    Raises `TopicsMissingError` and `UnequalPartitionsError`: a worker must not start on either.
    """
    async with admin_of(bootstrap) as admin:
        counts = await _counts(admin, topics)
    missing = [topic for topic in topics if topic not in counts]
    if missing:
        raise TopicsMissingError(missing)
    _refuse_unequal(counts)
    return next(iter(counts.values()))


def _refuse_unequal(counts: Mapping[str, int], *, wanted: int | None = None) -> None:
    allowed = {*counts.values(), *([wanted] if wanted else [])}
    if len(allowed) > 1:
        raise UnequalPartitionsError(counts, wanted=wanted)


def _new_topic(name: str, partitions: int, copies: int) -> NewTopic:
    return NewTopic(
        name,
        num_partitions=partitions,
        replication_factor=copies,
        topic_configs={"retention.ms": str(RETENTION_MS)},
    )


async def _create(admin: AIOKafkaAdminClient, wanted: list[NewTopic]) -> None:
    answer = await within(CALL_SECONDS, admin.create_topics(wanted), doing="making topics")
    for topic in answer.to_object()["topic_errors"]:
        error = for_code(topic["error_code"])
        if error not in {NoError, TopicAlreadyExistsError}:
            raise BrokerRefusedError(doing=f"making {topic['topic']}", cause=error())


async def _wait_until_visible(
    admin: AIOKafkaAdminClient, topics: Sequence[str], partitions: int
) -> None:
    """Brokers learn of a new topic one after the other; a moment later all know it."""
    unseen = list(topics)
    for _ in range(VISIBLE_TRIES):
        counts = await _counts(admin, topics)
        _refuse_unequal(counts, wanted=partitions)
        unseen = [topic for topic in topics if topic not in counts]
        if not unseen:
            return
        await asyncio.sleep(VISIBLE_PAUSE_SECONDS)
    raise TopicsMissingError(unseen)


async def _broker_count(admin: AIOKafkaAdminClient) -> int:
    cluster = await within(CALL_SECONDS, admin.describe_cluster(), doing="counting brokers")
    return len(cluster["brokers"])


async def _counts(admin: AIOKafkaAdminClient, topics: Iterable[str]) -> dict[str, int]:
    described = await within(
        CALL_SECONDS, admin.describe_topics(list(topics)), doing="reading partition counts"
    )
    return {
        topic["topic"]: len(topic["partitions"])
        for topic in described
        if not topic["error_code"] and topic["partitions"]
    }


@asynccontextmanager
async def admin_of(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connection that makes and describes topics, once the cluster names a broker.

    A broker that has only just started answers before it is part of its cluster; a client that
    connects then knows of no broker, and never learns of one. Raises `BrokerSilentError` and
    `BrokerRefusedError`.
    """
    admin = await _connected(bootstrap)
    try:
        yield admin
    finally:
        await within(STOP_SECONDS, admin.close(), doing="leaving Kafka")


async def _connected(bootstrap: str) -> AIOKafkaAdminClient:
    deadline = time.monotonic() + CALL_SECONDS
    while True:
        try:
            return await _connected_once(bootstrap)
        except BrokerRefusedError as error:
            nobody = isinstance(error.cause, NodeNotReadyError)
            if not nobody or time.monotonic() > deadline:
                raise
        await asyncio.sleep(VISIBLE_PAUSE_SECONDS)


async def _connected_once(bootstrap: str) -> AIOKafkaAdminClient:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await within(CALL_SECONDS, admin.start(), doing="connecting to Kafka")
        await _broker_count(admin)
    except BaseException:
        await finished(admin.close(), seconds=STOP_SECONDS)
        raise
    return admin
