"""Every call that touches a broker comes back: with an answer, or with what to do next.

aiokafka 0.14 retries for ever while a broker is away, ignoring its own request timeout; its
`Consumer.stop` can raise a `CancelledError` that nobody asked for. Nothing here lets either through.
"""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError, ProducerClosed

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
    in_order = await _finished(consumer.stop(), seconds=seconds)
    if not in_order:
        # stop() gave up before it closed its connections, and a second stop() does nothing
        await _finished(consumer._client.close(), seconds=seconds)  # noqa: SLF001  # no public way
    return in_order


async def stop_producer(producer: AIOKafkaProducer, *, seconds: float = STOP_SECONDS) -> bool:
    """Stop a producer, whatever the broker does; True if nothing was left unsent.

    One that does not stop in time is cut off: its sender would otherwise try for ever.
    """
    in_order = await _finished(producer.stop(), seconds=seconds)
    if not in_order:
        unsent, sender = producer._message_accumulator, producer._sender  # noqa: SLF001  # no public way
        if sender.sender_task is not None:
            sender.sender_task.cancel()
            await asyncio.wait({sender.sender_task}, timeout=seconds)
        unsent.fail_all(ProducerClosed())
        await _finished(producer.client.close(), seconds=seconds)
    return in_order


async def _finished(closing: Coroutine[object, object, object], *, seconds: float) -> bool:
    """Run to the end in a task of its own, so that a stray cancellation stays there."""
    task = asyncio.ensure_future(closing)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        task.cancel()
    if not task.done():
        await asyncio.wait({task}, timeout=seconds)
    return task.done() and not task.cancelled() and task.exception() is None
