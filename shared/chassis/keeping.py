"""What a batch reads and writes beside its service's own tables."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.idempotency.commands import Answer
from shared.decisions.stored import StoredDecision
from shared.policies.book import PolicyBook

PolicyT = TypeVar("PolicyT")


class Keeping(Protocol[PolicyT]):
    """What a batch reads and writes beside the service's own tables."""

    async def policies(self, conn: AsyncConnection) -> PolicyBook[PolicyT]:
        """All approved policy versions."""
        ...

    async def save_decisions(
        self, conn: AsyncConnection, decided: Sequence[StoredDecision]
    ) -> None:
        """Keep the decisions taken."""
        ...

    async def save_answers(self, conn: AsyncConnection, answers: Sequence[Answer]) -> None:
        """Tell the senders of commands what became of them."""
        ...
