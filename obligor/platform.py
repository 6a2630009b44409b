"""The processes: all five services in one, or one of them; and the migration before either."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from fastapi import FastAPI
from pydantic import SecretStr

from obligor.folder import DataFolder
from obligor.services import PLATFORM, Wiring, wiring_of
from shared.bus.kafka.topics import ensure_topics
from shared.chassis.app import attach
from shared.chassis.housekeeping import housekeeping
from shared.chassis.migration import migrate_all
from shared.chassis.platform import build_platform
from shared.chassis.runtime import worker_runner
from shared.chassis.serving import serve_app
from shared.chassis.settings import ProcessRole, Settings, TransportName
from shared.contracts import catalogue
from shared.db.bundled import BundledServer
from shared.db.engine import DatabaseSettings
from shared.telemetry.logs import set_up_logs

EVERY: Final = "all"
Beside = Callable[[Settings], AbstractContextManager[object]]
"""Something that runs while the platform does, with the settings it runs on."""


def up(settings: Settings, *, beside: Beside = nullcontext) -> None:
    """Run all five services in this process until a signal; brings its own PostgreSQL if need be.

    `beside` is entered once the database can be reached, and left when the platform stops.
    Raises `FolderTakenError` when another platform works in the same data folder.
    """
    with DataFolder(settings.data_dir) as folder:
        settings = _with_token(settings, folder)
        server = None if settings.database_url else BundledServer(folder.path / "postgres")
        try:
            if server is not None:
                url = SecretStr(server.start())
                settings = settings.model_copy(update={"database_url": url})
            asyncio.run(migrate(settings, PLATFORM))
            folder.announce(settings)
            with beside(settings):
                _serve(settings, PLATFORM)
        finally:
            if server is not None:
                server.stop()


def serve(name: str, settings: Settings) -> None:
    """Run one service, or `all`, until a signal. The database must be migrated already."""
    _serve(settings, PLATFORM if name == EVERY else (wiring_of(name),))


async def migrate(settings: Settings, wirings: Sequence[Wiring]) -> None:
    """Bring the database, and on Kafka the topics, to what these services need."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    database = DatabaseSettings(url, roles=settings.database_roles)
    services = [wiring.service for wiring in wirings]
    await migrate_all(database, services, partitions=settings.partitions)
    if settings.transport is TransportName.KAFKA and settings.kafka_bootstrap:
        topics = sorted(catalogue.EVENTS)
        await ensure_topics(settings.kafka_bootstrap, topics, settings.partitions)


def _serve(settings: Settings, wirings: Sequence[Wiring]) -> None:
    set_up_logs(level=settings.log_level, access_log=settings.access_log)
    root = build_platform([_app(wiring, settings) for wiring in wirings])
    serve_app(root, settings, drain=root.drain)


def _app(wiring: Wiring, settings: Settings) -> FastAPI:
    app = wiring.create_app(settings)
    if settings.role is not ProcessRole.API:
        attach(app, worker_runner(wiring.service))
        attach(app, housekeeping)
        for runner in wiring.runners:
            attach(app, runner)
    return app


def _with_token(settings: Settings, folder: DataFolder) -> Settings:
    if settings.admin_token is not None:
        folder.keep_token(settings.admin_token.get_secret_value())
        return settings
    token = secrets.token_urlsafe(24)
    folder.keep_token(token)
    return settings.model_copy(update={"admin_token": SecretStr(token)})
