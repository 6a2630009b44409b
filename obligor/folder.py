"""The data folder of an all-in-one platform: one platform at a time, and its token."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import typer

from shared.chassis.settings import Settings
from shared.kernel.errors import ObligorError


class FolderTakenError(ObligorError):
    """Another platform works in this data folder."""

    code = "folder_taken"

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            f"another Obligor works in {path} ({holder}); stop it or take another --data"
        )


class DataFolder:
    """A data folder, held by an exclusive lock for as long as the platform runs."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True, exist_ok=True)
        lock = (self.path / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise FolderTakenError(self.path, holder) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()}\n")
        lock.flush()
        self._lock = lock
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(FileNotFoundError):
            (self.path / "token").unlink()
        if self._lock is not None:
            self._lock.close()

    def keep_token(self, token: str) -> None:
        """Write the administrator's token where only this user can read it."""
        path = self.path / "token"
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(token)

    def announce(self, settings: Settings) -> None:
        """Say where the platform is and how to get in."""
        token = settings.admin_token.get_secret_value() if settings.admin_token else ""
        url = f"http://{settings.host}:{settings.port}"
        typer.echo(f"Obligor serves {url}  (docs: {url}/monitoring/docs)")
        typer.echo(f"Data: {self.path}   Token: {token}")
