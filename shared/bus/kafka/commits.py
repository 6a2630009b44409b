"""Committed offsets on Kafka: only so that ordinary tools see the lag; nothing here reads them."""

import asyncio
from collections.abc import Mapping

from aiokafka import TopicPartition

from shared.bus.kafka.deadlines import within
from shared.bus.kafka.membership import Membership
from shared.kernel.errors import TransientError

_DEADLINE_SECONDS = 5.0
_PAUSE_SECONDS = 1.0


class Commits:
    """Commits the newest positions about once a second, best effort, beside the batches.

    A commit that fails is forgotten: the next one says more, and the database knows better.
    """

    def __init__(self, membership: Membership) -> None:
        self._membership = membership
        self._pending: dict[TopicPartition, int] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to commit."""
        self._task = asyncio.create_task(self._keep_committing())

    async def stop(self) -> None:
        """Commit once more, and stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._commit()

    def remember(self, index: int, positions: Mapping[str, int]) -> None:
        """Positions that a batch has moved to."""
        self._pending |= {TopicPartition(topic, index): at for topic, at in positions.items()}

    async def _keep_committing(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            await self._commit()

    async def _commit(self) -> None:
        consumer = self._membership.consumer
        pending, self._pending = self._pending, {}
        if consumer is None:
            return
        offsets = {at: position for at, position in pending.items() if at in consumer.assignment()}
        if not offsets:
            return
        try:
            await within(_DEADLINE_SECONDS, consumer.commit(offsets), doing="committing offsets")
        except TransientError:
            return
