"""Every call that touches a broker comes back: with an answer, or with what to do next.

aiokafka 0.14 retries for ever while a broker is away, ignoring its own request timeout; its
`Consumer.stop` can raise a `CancelledError` that nobody asked for. Nothing here lets either through.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterator
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from shared.kernel.errors import TransientError

CALL_SECONDS = 20.0
STOP_SECONDS = 5.0

AnswerT = TypeVar("AnswerT")


class BrokerSilentError(TransientError):
    """The broker did not answer in time; whether it did what was asked is unknown."""

    def __init__(self, *, doing: str, seconds: float) -> None:
        super().__init__(f"{doing}: no answer from Kafka within {seconds:g} s")


class BrokerRefusedError(TransientError):
    """The broker, or the client on its behalf, answered with an error."""

    def __init__(self, *, doing: str, cause: Exception) -> None:
        super().__init__(f"{doing}: {type(cause).__name__}: {cause}"[:500])
        self.cause = cause


async def within(seconds: float, asked: Awaitable[AnswerT], *, doing: str) -> AnswerT:
    """Wait for an answer of the broker, at most `seconds`.

    Raises `BrokerSilentError` afterwards and `BrokerRefusedError` for an error of the client; both
    are transient.
    """
    try:
        async with asyncio.timeout(seconds):
            return await asked
    except TimeoutError as silence:
        raise BrokerSilentError(doing=doing, seconds=seconds) from silence
    except KafkaError as error:
        raise BrokerRefusedError(doing=doing, cause=error) from error


async def stop_consumer(consumer: AIOKafkaConsumer, *, seconds: float = STOP_SECONDS) -> bool:
    """Stop a consumer, whatever the broker does; True if it left the group in order."""
    in_order = await finished(consumer.stop(), seconds=seconds)
    if not in_order:
        await _cut_off(consumer, seconds)
    return in_order


async def cut_off_producer(producer: AIOKafkaProducer, *, seconds: float = STOP_SECONDS) -> None:
    """End a producer at once, without sending what it still holds.

    Its own `stop` waits until everything is sent, for ever if need be.
    """
    await _cut_off(producer, seconds)


async def _cut_off(owner: AIOKafkaConsumer | AIOKafkaProducer, seconds: float) -> None:
    """Cancel what runs in the background and close the connections.

    aiokafka offers no way to do so once its `stop` has failed, so this looks inside.
    """
    vars(owner)["_closed"] = True
    parts = [part for part in vars(owner).values() if type(part).__module__.startswith("aiokafka")]
    tasks = {task for part in parts for task in _tasks_of(part)}
    clients = [part for part in parts if isinstance(part, AIOKafkaClient)]
    for task in tasks:
        task.cancel()
    for client in clients:
        await finished(client.close(), seconds=seconds)
    for task in tasks:
        # once more: the sender answers the first time by waiting for what it has sent
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)
    for client in clients:
        # whoever was still at it may have connected anew
        await finished(client.close(), seconds=seconds)


def _tasks_of(part: object) -> Iterator[asyncio.Task[object]]:
    for held in vars(part).values():
        for each in held if isinstance(held, set | list) else (held,):
            if isinstance(each, asyncio.Task):
                yield each


async def finished(closing: Coroutine[object, object, object], *, seconds: float) -> bool:
    """Run to the end in a task of its own, so that a stray cancellation stays there."""
    task = asyncio.ensure_future(closing)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        task.cancel()
    if not task.done():
        await asyncio.wait({task}, timeout=seconds)
    return task.done() and not task.cancelled() and task.exception() is None
