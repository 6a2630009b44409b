"""A pytest plugin: `postgres`, one real PostgreSQL per test process."""

from collections.abc import Iterator

import pytest

from shared.testing.database import TestServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[TestServer]:
    """Start the bundled PostgreSQL; `await postgres.fresh([SERVICE])` gives a migrated database."""
    server = TestServer()
    yield server
    server.close()
