"""The PostgreSQL that comes along: where its data lie, and that they stay where they are."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import asyncpg
import pytest

from shared.db.bundled import BundledServer

ROOT_ONLY = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root's server runs as another user"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(mkdtemp(prefix="obligor-bundled-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


async def _remembered(url_host: str, statement: str) -> str | None:
    conn = await asyncpg.connect(host=url_host, user="postgres", database="postgres")
    try:
        found: str | None = await conn.fetchval(statement)
    finally:
        await conn.close()
    return found


def ask(server: BundledServer, statement: str) -> str | None:
    _, home, _ = server.control
    return asyncio.run(_remembered(str(home), statement))


def test_what_was_written_is_there_after_a_stop_and_a_start(folder: Path) -> None:
    server = BundledServer(folder / "pg")
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 'yes' AS word")
    server.stop()
    server.start()
    assert ask(server, "SELECT word FROM kept") == "yes"
    server.stop()


def test_a_running_server_is_used_on(folder: Path) -> None:
    first, second = BundledServer(folder / "pg"), BundledServer(folder / "pg")
    assert first.start() == second.start()
    first.stop()


def test_a_stopped_server_has_no_controls(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="not running"):
        assert BundledServer(folder / "pg").control


@ROOT_ONLY
def test_data_stay_out_of_private_folders(folder: Path) -> None:
    folder.chmod(0o700)
    server = BundledServer(folder / "pg")
    server.start()
    _, home, _ = server.control
    server.stop()
    assert folder not in home.parents
    assert folder.stat().st_mode & 0o777 == 0o700


@ROOT_ONLY
def test_a_folder_opened_later_does_not_lose_its_data(folder: Path) -> None:
    folder.chmod(0o700)
    server = BundledServer(folder / "pg")
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 'yes' AS word")
    server.stop()
    folder.chmod(0o755)
    server.start()
    assert ask(server, "SELECT word FROM kept") == "yes"
    server.stop()


@ROOT_ONLY
def test_a_folder_closed_later_does_not_lose_its_data(folder: Path) -> None:
    server = BundledServer(folder / "pg")
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 'yes' AS word")
    server.stop()
    folder.chmod(0o700)
    server.start()
    assert ask(server, "SELECT word FROM kept") == "yes"
    server.stop()
