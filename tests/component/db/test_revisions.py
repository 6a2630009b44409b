"""Each service's schema revisions lead to exactly the tables that its code declares, and back."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from obligor.services import PLATFORM
from shared.chassis.migration import migrate_all, revisions_of
from shared.chassis.service import AnyService
from shared.db.engine import Database, DatabaseSettings
from shared.testing.database import TestServer

SERVICES = [wiring.service for wiring in PLATFORM]
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture
async def owner(postgres: TestServer) -> AsyncIterator[Database]:
    database = Database(DatabaseSettings(await postgres.fresh(), roles=False), "owner")
    yield database
    await database.close()


async def migrate(owner: Database, *services: AnyService) -> None:
    settings = DatabaseSettings(owner.url.render_as_string(hide_password=False), roles=False)
    await migrate_all(settings, services, partitions=4)


@each_service
async def test_the_revisions_lead_to_the_declared_tables(
    owner: Database, service: AnyService
) -> None:
    await migrate(owner, service)
    async with owner.transaction() as conn:
        assert await conn.run_sync(revisions_of(service).differences) == []


@each_service
async def test_a_migrated_database_is_at_the_head(owner: Database, service: AnyService) -> None:
    await migrate(owner, service)
    revisions = revisions_of(service)
    async with owner.transaction() as conn:
        assert await conn.run_sync(revisions.current) == revisions.head()


@each_service
async def test_migrating_twice_changes_nothing(owner: Database, service: AnyService) -> None:
    await migrate(owner, service)
    await migrate(owner, service)
    async with owner.transaction() as conn:
        assert await conn.run_sync(revisions_of(service).differences) == []


@each_service
async def test_the_way_back_leaves_no_table(owner: Database, service: AnyService) -> None:
    await migrate(owner, service)
    async with owner.transaction() as conn:
        await conn.run_sync(revisions_of(service).downgrade)
        left = await conn.scalar(
            text(
                "SELECT count(*) FROM information_schema.tables "
                "WHERE table_schema IN (:own, :log) AND table_name <> 'alembic_version'"
            ),
            {"own": service.name, "log": service.log_schema},
        )
    assert left == 0


async def test_all_five_share_a_database(owner: Database) -> None:
    await migrate(owner, *SERVICES)
    async with owner.transaction() as conn:
        for service in SERVICES:
            assert await conn.run_sync(revisions_of(service).differences) == []
