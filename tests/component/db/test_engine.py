"""A pool whose server goes away and comes back."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Integer, column, select, text

from shared.db.engine import Database
from shared.db.tables import one_of
from shared.testing.database import TestServer
from shared.testing.toy import toy_service
from shared.testing.workers import bench

_OTHERS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_THREE = text("generate_series(1, 3) AS known(number)")
_WHO = text("SELECT pg_backend_pid()")


@pytest.fixture
async def database(postgres: TestServer) -> AsyncIterator[Database]:
    service = toy_service()
    made = bench(service, await postgres.fresh([service])).database
    yield made
    await made.close()


async def end_all_connections(database: Database) -> None:
    """As a restart of the server does, seen from its clients."""
    executioner = await database.listener()
    await executioner.execute(_OTHERS)
    await executioner.close()
    await asyncio.sleep(0.1)


async def test_connections_that_the_server_closed_are_replaced(database: Database) -> None:
    async with database.transaction() as one, database.transaction() as other:
        before = {await one.scalar(_WHO), await other.scalar(_WHO)}
    await end_all_connections(database)
    async with database.transaction() as one, database.transaction() as other:
        after = {await one.scalar(_WHO), await other.scalar(_WHO)}
    assert len(after) == 2
    assert not before & after


async def test_questions_find_an_open_connection_too(database: Database) -> None:
    async with database.reading() as conn:
        await conn.scalar(_WHO)
    await end_all_connections(database)
    async with database.reading() as conn:
        assert await conn.scalar(_WHO)


async def test_a_connection_is_used_again(database: Database) -> None:
    async with database.transaction() as conn:
        before = await conn.scalar(_WHO)
    async with database.transaction() as conn:
        assert await conn.scalar(_WHO) == before


async def test_a_statement_built_once_asks_for_one_of_any_values(database: Database) -> None:
    numbers = column("number", Integer)
    asked = select(numbers).select_from(_THREE).where(one_of(numbers, "wanted")).order_by(numbers)
    async with database.transaction() as conn:
        assert list(await conn.scalars(asked, {"wanted": [3, 1, 7]})) == [1, 3]
        assert list(await conn.scalars(asked, {"wanted": []})) == []
