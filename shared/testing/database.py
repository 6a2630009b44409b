"""A PostgreSQL of the tests' own: started once per process, a fresh database for every test."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import asyncpg
from sqlalchemy.engine import URL, make_url

from shared.chassis.migration import migrate_all
from shared.chassis.service import AnyService
from shared.chassis.tables import chassis_tables
from shared.db.bundled import BundledServer
from shared.db.engine import DatabaseSettings

_numbers = count(1)


def _layout(service: AnyService) -> str:
    """What a service's part of a database looks like; a stand-in may bear the same name."""
    chassis_tables(service.name, service.metadata)
    topics = [each.topic for each in service.subscriptions]
    return " ".join([service.name, *sorted(service.metadata.tables), *topics])


class TestServer:
    """The bundled PostgreSQL under a temporary folder, without the waits for the disk."""

    __test__ = False

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="obligor-"))
        self.folder.chmod(0o755)
        self.server = BundledServer(self.folder / "pg")
        self.url = make_url(self.server.start())
        self._templates: dict[tuple[str, ...], str] = {}
        asyncio.run(self._hurry())

    async def _hurry(self) -> None:
        await self.execute(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET max_connections = 300",
            "SELECT pg_reload_conf()",
        )

    async def execute(self, *statements: str) -> None:
        """Run statements as the owner, outside any transaction."""
        conn = await asyncpg.connect(host=self._host, user="postgres", database="postgres")
        try:
            for statement in statements:
                await conn.execute(statement)
        finally:
            await conn.close()

    @property
    def _host(self) -> str:
        return str(self.url.query["host"])

    async def fresh(self, services: Sequence[AnyService] = (), *, partitions: int = 4) -> str:
        """The URL of a new database, migrated for these services."""
        key = (*sorted(_layout(service) for service in services), str(partitions))
        if key not in self._templates:
            template = await self._create()
            settings = DatabaseSettings(self._shown(template))
            await migrate_all(settings, services, partitions=partitions)
            self._templates[key] = template
        return self._shown(await self._create(self._templates[key]))

    async def copy_of(self, url: str) -> str:
        """The URL of a copy of a database that nobody is connected to."""
        return self._shown(await self._create(make_url(url).database or ""))

    async def _create(self, template: str = "template1") -> str:
        name = f"test_{next(_numbers)}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def _shown(self, database: str) -> str:
        url: URL = self.url.set(database=database)
        return url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
