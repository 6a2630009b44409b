"""`obligor serve`: one service in one process, or another process for all of them."""

import os
import signal
from threading import Thread
from typing import Annotated

import typer

from obligor.commands.processes import platform_code
from obligor.commands.settings import settings_with
from shared.chassis.settings import ProcessRole

_INPUT = 0
_AT_ONCE = 4096


def serve(
    service: Annotated[
        str, typer.Argument(help="screening, rating, monitoring, tiering, recovery, or all.")
    ],
    *,
    role: Annotated[
        ProcessRole | None, typer.Option(help="Its doors, its worker, or both (OBLIGOR_ROLE, all).")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Where to listen (OBLIGOR_PORT, 8000).")] = None,
    host: Annotated[
        str | None, typer.Option(help="Who may connect (OBLIGOR_HOST, 127.0.0.1: this machine).")
    ] = None,
    until_input_ends: Annotated[
        bool, typer.Option(help="Leave when standard input ends, with whoever started it.")
    ] = False,
) -> None:
    """Run one service, or all; OBLIGOR_DATABASE_URL must name a migrated PostgreSQL.

    With --role worker it shares the work of the processes that are there already: each takes its
    part of the partitions, and gives it back when it leaves.
    """
    if until_input_ends:
        Thread(target=_leave_with_input, daemon=True).start()
    platform_code().serve(service, settings_with(role=role, port=port, host=host))


def _leave_with_input() -> None:
    # not through sys.stdin, whose lock a thread that waits in it would still hold at the end
    while os.read(_INPUT, _AT_ONCE):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
