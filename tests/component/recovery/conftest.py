"""Recovery on a database of its own, with its doors, its worker, and whom it listens to."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest

from services.recovery.api import router
from services.recovery.handlers import SERVICE
from shared.contracts import catalogue
from shared.testing.database import TestServer
from shared.testing.http import Caller, bearer, calling, settings_for
from shared.testing.workers import Bench, bench, running, until
from tests.component.publishing import Publisher, has_closed, publisher, stand_in

MONITORING = stand_in("monitoring", catalogue.MONITORING)
TIERING = stand_in("tiering", catalogue.TIERING)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Recovery at work: its bench, a caller in front of it, and whom it listens to."""

    bench: Bench
    caller: Caller
    monitoring: Publisher
    tiering: Publisher

    async def get(self, path: str, **query: str) -> dict[str, object]:
        """Ask a question, as the administrator."""
        url = f"/recovery/v1/{path}"
        answer = await self.caller.client.get(url, params=query, headers=bearer())
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def cases(self, **query: str) -> list[dict[str, object]]:
        """The first page of cases."""
        items = (await self.get("cases", **query))["items"]
        assert isinstance(items, list)
        return items

    async def act(self, case_id: object, **body: object) -> tuple[int, dict[str, object]]:
        """Do something in a case, as the administrator."""
        url = f"/recovery/v1/cases/{case_id}/actions"
        answer = await self.caller.client.post(url, json=body, headers=bearer())
        return answer.status_code, dict(answer.json())

    async def close(self, day: date) -> None:
        """Close a day: both publishers end it, and recovery follows."""
        await self.monitoring.close(day)
        await self.tiering.close(day)
        await until(partial(has_closed, self.bench, day))

    async def announced(self, kind: str) -> int:
        """How many events of a kind stand in recovery's log."""
        rows = await self.bench.fetch(
            "SELECT count(*) FROM recovery_log.log WHERE headers ->> 'ce_type' = :kind",
            kind=f"recovery.{kind}.v1",
        )
        return int(rows[0][0])


@pytest.fixture
async def recovery(postgres: TestServer) -> AsyncIterator[Recovery]:
    url = await postgres.fresh([SERVICE, MONITORING, TIERING])
    made = bench(SERVICE, url)
    monitoring, tiering = publisher(MONITORING, url), publisher(TIERING, url)
    settings = settings_for(url, command_wait_seconds=10.0)
    async with calling(SERVICE, settings, router=router) as caller, running(made.worker()):
        yield Recovery(made, caller, monitoring, tiering)
    for each in (made, monitoring.bench, tiering.bench):
        await each.database.close()
