"""A pytest plugin: `kafka_server`, one real broker for the whole test session.

Where no broker can be had, the tests that ask for it are skipped with the reason, unless
`OBLIGOR_REQUIRE_KAFKA=1` says that this is a failure.
"""

import os
from collections.abc import Iterator

import pytest

from shared.testing.kafka_jars import KafkaUnavailableError
from shared.testing.kafka_server import KafkaServer

REQUIRE = "OBLIGOR_REQUIRE_KAFKA"


@pytest.fixture(scope="session")
def kafka_server() -> Iterator[KafkaServer]:
    """Start an Apache Kafka; tests that stop or suspend it leave it running again."""
    try:
        server = KafkaServer()
        server.start()
    except KafkaUnavailableError as error:
        if os.environ.get(REQUIRE) == "1":
            raise
        pytest.skip(f"KAFKA TESTS SKIPPED: {error} (set {REQUIRE}=1 to make this a failure)")
    yield server
    server.close()
