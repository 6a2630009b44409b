"""Screening on a database of its own, with its doors, its worker, and monitoring's log beside it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest

from services.screening.api import router
from services.screening.handlers import SERVICE
from shared.contracts import catalogue
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, bench, running, until
from tests.component.publishing import Publisher, has_closed, publisher, stand_in

MONITORING = stand_in("monitoring", catalogue.MONITORING)


@dataclass(frozen=True, slots=True)
class Screening:
    """Screening at work: its bench, a caller in front of it, and whom it listens to."""

    bench: Bench
    caller: Caller
    monitoring: Publisher

    async def put(self, customer_id: str, **body: object) -> dict[str, object]:
        """Register a customer, as the administrator."""
        answer = await self.caller.client.put(
            f"/screening/v1/customers/{customer_id}",
            json={"legal_names": [{"name": "Acme Ltd"}], "country": "CN", **body},
            headers=bearer(),
        )
        assert answer.status_code in {200, 201}, answer.text
        return {"status": answer.status_code, **answer.json()}

    async def get(self, path: str, **query: str) -> dict[str, object]:
        """Ask a question, as the administrator."""
        url = f"/screening/v1/{path}"
        answer = await self.caller.client.get(url, params=query, headers=bearer())
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def close(self, day: date) -> None:
        """Close a day, and wait until screening has closed it too."""
        await self.monitoring.close(day)
        await until(partial(has_closed, self.bench, day))

    async def announced(self, kind: str) -> int:
        """How many events of a kind stand in screening's log."""
        rows = await self.bench.fetch(
            "SELECT count(*) FROM screening_log.log WHERE headers ->> 'ce_type' = :kind",
            kind=f"screening.{kind}.v1",
        )
        return int(rows[0][0])


@pytest.fixture
async def screening(postgres: TestServer) -> AsyncIterator[Screening]:
    url = await postgres.fresh([SERVICE, MONITORING])
    made, monitoring = bench(SERVICE, url), publisher(MONITORING, url)
    settings = settings_for(url, command_wait_seconds=10.0)
    async with calling(SERVICE, settings, router=router) as caller, running(made.worker()):
        yield Screening(made, caller, monitoring)
    await made.database.close()
    await monitoring.bench.database.close()
