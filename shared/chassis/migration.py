"""Bring a service's part of a database to the present schema."""

from collections.abc import Sequence

from sqlalchemy import Connection

from shared.audit.trail import append_only
from shared.chassis.service import AnyService
from shared.chassis.tables import chassis_tables
from shared.contracts import catalogue
from shared.db import migrate
from shared.db.engine import Database, DatabaseSettings
from shared.db.revisions import Revisions


def migrate_service(conn: Connection, service: AnyService, *, partitions: int, roles: bool) -> None:
    """Schemas, tables, partitions and rights of one service. Safe to run again."""
    tables = chassis_tables(service.name, service.metadata)
    migrate.serialize(conn)
    migrate.make_schemas(conn, service.name)
    revisions = revisions_of(service)
    if revisions.head() is None:
        migrate.make_tables(conn, revisions.metadata)  # a service of the tests
    else:
        revisions.upgrade(conn)
    for statement in append_only(service.name, tables.audit.name):
        conn.exec_driver_sql(statement)
    migrate.lay_out_partitions(conn, service.name, partitions)
    if roles:
        migrate.make_role(conn, service.name)


def revisions_of(service: AnyService) -> Revisions:
    """The schema revisions of a service, and the tables they lead to."""
    tables = chassis_tables(service.name, service.metadata)
    return Revisions(service.name, service.migrations, (service.metadata, tables.log.metadata))


def neighbours_of(service: AnyService) -> set[str]:
    """The services whose logs a service reads, itself included."""
    read = {catalogue.PUBLISHER_OF[each.topic] for each in service.subscriptions}
    return read | {service.name}


async def migrate_all(
    settings: DatabaseSettings, services: Sequence[AnyService], *, partitions: int
) -> None:
    """Migrate services that share a database, in one transaction, as the owner of everything."""
    owner = Database(DatabaseSettings(settings.url, roles=False), "migration")
    try:
        async with owner.transaction() as conn:
            for service in services:
                await conn.run_sync(
                    migrate_service, service, partitions=partitions, roles=settings.roles
                )
            if settings.roles:
                await conn.run_sync(_grant, services)
    finally:
        await owner.close()


def _grant(conn: Connection, services: Sequence[AnyService]) -> None:
    here = {service.name for service in services}
    for service in services:
        neighbours = sorted((neighbours_of(service) & here) - {service.name})
        migrate.grant_rights(conn, service.name, neighbours)
