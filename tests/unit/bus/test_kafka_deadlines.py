"""Every call to a broker comes back; a stray cancellation stays where it was."""

import asyncio
import time

import pytest
from aiokafka.errors import KafkaConnectionError

from shared.bus.kafka.deadlines import (
    BrokerRefusedError,
    BrokerSilentError,
    finished,
    within,
)
from shared.kernel.errors import TransientError


async def answer() -> int:
    return 42


async def silence() -> int:
    await asyncio.sleep(60)
    return 0


async def refusal() -> int:
    raise KafkaConnectionError


async def stray_cancellation() -> None:
    raise asyncio.CancelledError


async def stubborn() -> None:
    """Does not end when cancelled once."""
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(0.05)


async def test_an_answer_comes_through() -> None:
    assert await within(1.0, answer(), doing="asking") == 42


async def test_silence_ends_at_the_deadline_and_is_transient() -> None:
    began = time.monotonic()
    with pytest.raises(BrokerSilentError, match=r"asking: no answer from Kafka within 0\.05 s"):
        await within(0.05, silence(), doing="asking")
    assert time.monotonic() - began < 5.0
    assert issubclass(BrokerSilentError, TransientError)


async def test_an_error_of_the_client_is_transient_and_says_what_was_done() -> None:
    with pytest.raises(BrokerRefusedError, match="asking: KafkaConnectionError"):
        await within(1.0, refusal(), doing="asking")
    assert issubclass(BrokerRefusedError, TransientError)


async def test_our_own_mistakes_come_through_as_they_are() -> None:
    async def mistake() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await within(1.0, mistake(), doing="asking")


async def test_what_ends_in_order_is_finished() -> None:
    assert await finished(answer(), seconds=1.0)


async def test_a_stray_cancellation_does_not_reach_the_caller() -> None:
    assert not await finished(stray_cancellation(), seconds=1.0)


async def test_an_error_at_the_end_is_not_raised() -> None:
    assert not await finished(refusal(), seconds=1.0)


async def test_what_does_not_end_is_cancelled() -> None:
    began = time.monotonic()
    assert not await finished(silence(), seconds=0.05)
    assert time.monotonic() - began < 5.0


async def test_what_ends_late_is_waited_for_a_little() -> None:
    assert await finished(stubborn(), seconds=0.5)


async def test_our_own_cancellation_does_reach_the_caller() -> None:
    closing = asyncio.create_task(finished(silence(), seconds=30.0))
    await asyncio.sleep(0.01)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
