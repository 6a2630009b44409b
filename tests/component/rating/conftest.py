"""Rating on a database of its own, beside the publishers it reads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from services.monitoring.handlers import SERVICE as MONITORING
from services.rating.api import router
from services.rating.handlers import SERVICE as RATING
from services.screening.handlers import SERVICE as SCREENING
from shared.contracts.envelope import Event
from shared.testing.database import TestServer
from shared.testing.http import Caller, calling, settings_for
from shared.testing.workers import Bench, bench, running, until


@dataclass(frozen=True, slots=True)
class Desk:
    """Rating as a test sees it: its own bench, and the publishers' to speak from."""

    rating: Bench
    monitoring: Bench
    screening: Bench

    async def say(self, publisher: Bench, event: Event, *, customer_id: str, number: int) -> None:
        """Append an event to its publisher's log."""
        entry = publisher.entry(event, customer_id=customer_id, event_id=f"event-{number}")
        await publisher.append(entry)

    async def rated(self, customer_id: str, ratings: int) -> list[Any]:
        """A customer's ratings, once there are that many. Raises TimeoutError."""
        query = 'SELECT * FROM "rating".rating WHERE customer_id = :c ORDER BY number'

        async def enough() -> bool:
            return len(await self.rating.fetch(query, c=customer_id)) >= ratings

        await until(enough)
        return await self.rating.fetch(query, c=customer_id)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Caller]:
        """The doors and a worker, for the length of a block."""
        settings = settings_for(self.rating.database.settings.url, command_wait_seconds=10.0)
        async with (
            calling(RATING, settings, router=router) as caller,
            running(self.rating.worker()),
        ):
            yield caller


@pytest.fixture
async def desk(postgres: TestServer) -> AsyncIterator[Desk]:
    url = await postgres.fresh([SCREENING, MONITORING, RATING])
    made = Desk(bench(RATING, url), bench(MONITORING, url), bench(SCREENING, url))
    yield made
    for each in (made.rating, made.monitoring, made.screening):
        await each.database.close()
