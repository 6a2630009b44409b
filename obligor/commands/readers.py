"""`obligor readers`: who reads the services' logs."""

from typing import Annotated

import msgspec
import typer

from obligor.commands.terminal import console, platform

app = typer.Typer(no_args_is_help=True, help="Look after the readers of the services' logs.")


@app.command("drop")
def drop(
    service: Annotated[str, typer.Argument(help="Whose log it reads.")],
    group: Annotated[str, typer.Argument(help="The reader that is gone for good.")],
) -> None:
    """Forget a reader that will not come back, so that it holds back no rows any more."""
    dropped = platform().delete(f"/{service}/v1/readers/{group}", msgspec.Raw)
    console.print(f"{group} no longer reads {service}'s log")
    console.print_json(bytes(dropped).decode())
