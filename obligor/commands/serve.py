"""`obligor serve`: one service in one process."""

from typing import Annotated

import typer

from obligor.commands.processes import platform_code
from obligor.commands.settings import settings_with
from shared.chassis.settings import ProcessRole


def serve(
    service: Annotated[
        str, typer.Argument(help="screening, rating, monitoring, tiering or recovery.")
    ],
    *,
    role: Annotated[
        ProcessRole | None, typer.Option(help="Its doors, its worker, or both (OBLIGOR_ROLE, all).")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Where to listen (OBLIGOR_PORT, 8000).")] = None,
    host: Annotated[
        str | None, typer.Option(help="Who may connect (OBLIGOR_HOST, 127.0.0.1: this machine).")
    ] = None,
) -> None:
    """Run one service; OBLIGOR_DATABASE_URL must name a migrated PostgreSQL."""
    platform_code().serve(service, settings_with(role=role, port=port, host=host))
