"""Tiering with a database of its own for every test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.tiering.api import router
from services.tiering.handlers import SERVICE
from shared.kernel.partitions import partition_of
from shared.testing.database import TestServer
from shared.testing.http import calling, settings_for
from tests.component.tiering.bench import SUNDAY, Tiering, cleared, limit_of, owing
from tests.unit.tiering.events import CUSTOMER

PARTITIONS = 4


@asynccontextmanager
async def tiering_on(postgres: TestServer) -> AsyncIterator[Tiering]:
    """Tiering's doors on a fresh database."""
    settings = settings_for(await postgres.fresh([SERVICE], partitions=PARTITIONS))
    async with calling(SERVICE, settings, router=router) as caller:
        yield Tiering(caller, partition_of(CUSTOMER, PARTITIONS))


@pytest.fixture
async def tiering(postgres: TestServer) -> AsyncIterator[Tiering]:
    """Tiering with a database of its own."""
    async with tiering_on(postgres) as made:
        yield made


@pytest.fixture
async def rated(tiering: Tiering) -> Tiering:
    """A customer of tier medium with a limit of 10,000 EUR, on Monday 2 June 2025."""
    await tiering.work(cleared(), limit_of(10_000), owing(1, 0), closing=SUNDAY)
    return tiering
