"""`obligor up`: all five services in one process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from obligor.commands.processes import platform_code
from obligor.commands.second_worker import has_a_core_to_spare
from obligor.commands.settings import settings_with
from shared.chassis.settings import Settings


def up(
    *,
    port: Annotated[int | None, typer.Option(help="Where to listen (OBLIGOR_PORT, 8000).")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Where data lives (OBLIGOR_DATA_DIR, ./data).")
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Who may connect (OBLIGOR_HOST, 127.0.0.1: this machine).")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill an empty ledger with the sample portfolio.")
    ] = False,
) -> None:
    """Run the whole platform in one process, on its own PostgreSQL unless one is configured."""
    settings = settings_with(port=port, data_dir=data, host=host)
    if not demo:
        platform_code().up(settings)
        return
    if "OBLIGOR_LOG_LEVEL" not in os.environ:
        settings = settings.model_copy(update={"log_level": "WARNING"})
    platform_code().up(settings, beside=_demo_beside)


@contextmanager
def _demo_beside(settings: Settings) -> Iterator[None]:
    """The demo runs in a process of its own, so that it measures the platform and not itself."""
    environment = dict(os.environ)
    environment["OBLIGOR_URL"] = f"http://{settings.host}:{settings.port}"
    command = [sys.executable, "-m", "obligor", "demo", "--data", str(settings.data_dir)]
    if settings.database_url is not None and has_a_core_to_spare():
        environment["OBLIGOR_DATABASE_URL"] = settings.database_url.get_secret_value()
        command.append("--second-worker")
    beside = subprocess.Popen(command, env=environment)
    try:
        yield
    finally:
        beside.terminate()
        beside.wait()
