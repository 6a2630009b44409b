"""Migration: schemas, tables, partitions and rights; and what a service's role may not do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared.chassis.migration import migrate_all, neighbours_of
from shared.chassis.service import AnyService, Subscription
from shared.contracts import catalogue
from shared.db.engine import Database, DatabaseSettings
from shared.db.migrate import PartitionCountError
from shared.db.tables import metadata_of
from shared.testing.database import TestServer
from shared.testing.toy import toy_service


def a_service(name: str, *topics: str) -> AnyService:
    return replace(
        toy_service(),
        name=name,
        metadata=metadata_of(name),
        subscriptions=tuple(Subscription(topic) for topic in topics),
        policy_file=Path("none"),
    )


READER = a_service("rating", catalogue.TRANSACTIONS)
PUBLISHER = a_service("monitoring")
STRANGER = a_service("screening")
ALL = (READER, PUBLISHER, STRANGER)


@pytest.fixture
async def url(postgres: TestServer) -> str:
    return await postgres.fresh(ALL)


@pytest.fixture
async def reader(url: str) -> AsyncIterator[Database]:
    """Rating's way to the database: as its own role."""
    database = Database(DatabaseSettings(url), "rating")
    yield database
    await database.close()


async def run(database: Database, statement: str) -> list[object]:
    async with database.transaction() as conn:
        found = await conn.execute(text(statement))
        return list(found.all()) if found.returns_rows else []


async def refused(database: Database, statement: str) -> bool:
    try:
        await run(database, statement)
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False


@pytest.mark.parametrize("table", ["rating.decision", "rating.checkpoint", "rating_log.log"])
async def test_a_service_may_write_its_own_schemas(reader: Database, table: str) -> None:
    assert await run(reader, f"DELETE FROM {table}") == []


@pytest.mark.parametrize("table", ["log", "log_head", "log_reader"])
async def test_a_service_may_read_the_logs_it_subscribes_to(reader: Database, table: str) -> None:
    assert await run(reader, f"SELECT * FROM monitoring_log.{table}") == []


@pytest.mark.parametrize(
    "table", ["decision", "checkpoint", "partition_state", "api_key", "seen", "dead_letter"]
)
async def test_a_service_may_not_read_anothers_tables(reader: Database, table: str) -> None:
    assert await refused(reader, f"SELECT * FROM monitoring.{table}")


async def test_a_service_may_not_read_a_log_it_does_not_subscribe_to(reader: Database) -> None:
    assert await refused(reader, "SELECT * FROM screening_log.log")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO monitoring_log.log_head (topic, partition) VALUES ('t', 0)",
        "UPDATE monitoring_log.log SET key = 'forged'",
        "DELETE FROM monitoring_log.log",
        "TRUNCATE monitoring_log.log",
        "DELETE FROM monitoring_log.log_reader",
    ],
)
async def test_a_service_may_not_write_anothers_log(reader: Database, statement: str) -> None:
    assert await refused(reader, statement)


async def test_a_service_may_say_how_far_it_has_read(reader: Database) -> None:
    await run(
        reader,
        "INSERT INTO monitoring_log.log_reader (group_name, topic, partition, position) "
        "VALUES ('rating', 't', 0, 5)",
    )
    found = await run(reader, "SELECT position FROM monitoring_log.log_reader")
    assert found == [(5,)]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE rating.decision",
        "CREATE TABLE rating.own (a int)",
        "ALTER TABLE rating_log.log ADD COLUMN a int",
    ],
)
async def test_a_service_owns_nothing_and_changes_no_schema(
    reader: Database, statement: str
) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        await run(reader, statement)


async def _shape(owner: Database) -> list[object]:
    return [
        await run(
            owner,
            "SELECT table_schema, table_name, column_name, data_type "
            "FROM information_schema.columns WHERE table_schema LIKE '%rating%' ORDER BY 1, 2, 3",
        ),
        await run(owner, "SELECT partition, epoch, version FROM rating.partition_state ORDER BY 1"),
        await run(
            owner,
            "SELECT grantee, table_schema, table_name, privilege_type FROM "
            "information_schema.role_table_grants WHERE grantee = 'obligor_rating' "
            "ORDER BY 1, 2, 3, 4",
        ),
    ]


async def test_migrating_again_changes_nothing(url: str) -> None:
    owner = Database(DatabaseSettings(url, roles=False), "owner")
    before = await _shape(owner)
    await migrate_all(DatabaseSettings(url), ALL, partitions=4)
    assert await _shape(owner) == before
    await owner.close()


@pytest.mark.parametrize("partitions", [3, 5])
async def test_the_number_of_partitions_is_fixed(url: str, partitions: int) -> None:
    with pytest.raises(PartitionCountError, match=f"for 4 partitions, not {partitions}"):
        await migrate_all(DatabaseSettings(url), ALL, partitions=partitions)


async def test_a_refused_migration_leaves_nothing_behind(url: str) -> None:
    with pytest.raises(PartitionCountError):
        await migrate_all(DatabaseSettings(url), [a_service("tiering"), READER], partitions=3)
    owner = Database(DatabaseSettings(url, roles=False), "owner")
    assert await run(owner, "SELECT 1 FROM pg_namespace WHERE nspname = 'tiering'") == []
    await owner.close()


async def test_every_partition_begins_unowned(url: str) -> None:
    owner = Database(DatabaseSettings(url, roles=False), "owner")
    wanted = "SELECT partition, owner, epoch, closed_on FROM rating.partition_state ORDER BY 1"
    assert await run(owner, wanted) == [(index, None, 0, None) for index in range(4)]
    await owner.close()


async def test_without_roles_no_rights_are_given(postgres: TestServer) -> None:
    url = await postgres.fresh()
    await migrate_all(DatabaseSettings(url, roles=False), [READER], partitions=2)
    owner = Database(DatabaseSettings(url, roles=False), "owner")
    granted = await run(
        owner,
        "SELECT 1 FROM information_schema.role_table_grants "
        "WHERE grantee = 'obligor_rating' AND table_schema = 'rating'",
    )
    assert granted == []
    await owner.close()


def test_a_service_reads_its_own_log_and_those_it_subscribes_to() -> None:
    assert neighbours_of(READER) == {"rating", "monitoring"}
    assert neighbours_of(STRANGER) == {"screening"}
