"""`obligor dead-letters`: records that could not be applied."""

from datetime import datetime
from itertools import islice
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from obligor.commands.terminal import console, platform
from obligor.remote import SERVICES, Remote
from shared.kernel.errors import NotFoundError

app = typer.Typer(no_args_is_help=True, help="Look at records that could not be applied.")
Service = Annotated[str | None, typer.Option(help="Only this service's.")]
Id = Annotated[str, typer.Argument(metavar="DEAD_LETTER_ID")]


class DeadLetter(msgspec.Struct, frozen=True):
    """One parked record."""

    dead_letter_id: str
    topic: str
    code: str
    reason: str
    status: str
    parked_at: datetime
    customer_id: str | None = None


@app.command("list")
def list_letters(
    *,
    service: Service = None,
    status: Annotated[str, typer.Option(help="parked or replayed; empty for both.")] = "parked",
    most: Annotated[int, typer.Option(help="How many per service at most.")] = 50,
) -> None:
    """List parked records, the oldest first."""
    remote = platform()
    table = Table("service", "id", "parked at", "topic", "customer", "code", "reason", "status")
    for name in _asked(service):
        letters = remote.pages(f"/{name}/v1/dead-letters", DeadLetter, status=status or None)
        for letter in islice(letters, most):
            _add(table, name, letter)
    if not table.row_count:
        console.print("no dead letters")
        return
    console.print(table)


def _add(table: Table, service: str, letter: DeadLetter) -> None:
    table.add_row(
        service,
        letter.dead_letter_id,
        letter.parked_at.strftime("%Y-%m-%d %H:%M:%S"),
        letter.topic,
        escape(letter.customer_id or ""),
        letter.code,
        escape(letter.reason),
        letter.status,
    )


@app.command("show")
def show_letter(letter_id: Id, *, service: Service = None) -> None:
    """Show one record with its headers, bytes and reason."""
    remote = platform()
    place = _place(remote, letter_id, service)
    console.print_json(bytes(remote.get(place, msgspec.Raw)).decode())


@app.command("replay")
def replay_letter(letter_id: Id, *, service: Service = None) -> None:
    """Try a parked record again."""
    remote = platform()
    place = _place(remote, letter_id, service)
    console.print_json(bytes(remote.post(f"{place}/replay", msgspec.Raw)).decode())


def _asked(service: str | None) -> tuple[str, ...]:
    return (service,) if service else SERVICES


def _place(remote: Remote, letter_id: str, service: str | None) -> str:
    for name in _asked(service):
        path = f"/{name}/v1/dead-letters/{letter_id}"
        if remote.find(path, msgspec.Raw) is not None:
            return path
    raise NotFoundError(kind="dead letter", name=letter_id)
