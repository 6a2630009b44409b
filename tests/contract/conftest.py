"""The contract's fixtures: everything runs once on each transport."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.kernel.ids import new_id
from shared.testing.database import TestServer
from shared.testing.kafka_server import KafkaServer
from tests.contract.probe import TOPICS
from tests.contract.rig import Rig
from tests.contract.workers import PARTITIONS, Setup

ON_KAFKA = pytest.param("kafka", marks=pytest.mark.kafka)


@pytest.fixture(params=["postgres", ON_KAFKA])
def broker(request: pytest.FixtureRequest) -> KafkaServer | None:
    """The broker, None on the `postgres` transport. Asked for before any event loop runs."""
    if request.param == "postgres":
        return None
    server: KafkaServer = request.getfixturevalue("kafka_server")
    return server


@pytest.fixture
async def rig(broker: KafkaServer | None, postgres: TestServer) -> AsyncIterator[Rig]:
    """A fresh database, empty topics, and nobody working yet."""
    url = await postgres.fresh()
    if broker is not None:
        await asyncio.to_thread(broker.start)
        await broker.empty_topics(TOPICS, PARTITIONS)
    kind = "postgres" if broker is None else "kafka"
    bootstrap = "" if broker is None else broker.bootstrap
    made = Rig(Setup(kind, url, bootstrap, group=f"probe-{new_id()[:8]}"))
    await made.open()
    yield made
    await made.close()
