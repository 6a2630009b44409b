"""A toy service on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from shared.testing.database import TestServer
from shared.testing.toy import toy_service
from shared.testing.workers import Bench, bench


@pytest.fixture
async def toy(postgres: TestServer) -> AsyncIterator[Bench]:
    service = toy_service()
    made = bench(service, await postgres.fresh([service]))
    yield made
    await made.database.close()
    # A hundred databases would take longer to remove at the end than a test may take.
    await postgres.execute(f"DROP DATABASE {made.database.url.database} WITH (FORCE)")
