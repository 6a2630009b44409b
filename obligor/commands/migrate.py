"""`obligor migrate`: bring a database, and Kafka's topics, to what the services need."""

import asyncio
from typing import Annotated

import typer

from obligor.commands.processes import platform_code
from obligor.commands.settings import settings_with
from obligor.commands.terminal import console
from shared.kernel.errors import ObligorError


class NoDatabaseError(ObligorError):
    """There is nothing to migrate."""

    code = "no_database"

    def __init__(self) -> None:
        super().__init__(
            "OBLIGOR_DATABASE_URL must say where PostgreSQL is; "
            "`obligor up` migrates its own database by itself"
        )


def migrate(
    *,
    partitions: Annotated[
        int | None, typer.Option(help="Partitions of every topic, fixed by the first migration.")
    ] = None,
) -> None:
    """Create or update schemas, roles and topics of all five services."""
    settings = settings_with(partitions=partitions)
    if settings.database_url is None:
        raise NoDatabaseError
    code = platform_code()
    asyncio.run(code.migrate(settings, code.PLATFORM))
    console.print(f"migrated: five services, {settings.partitions} partitions")
