"""`obligor import receivables`: a CSV file into the ledger."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from obligor.commands.streaming import streamed
from obligor.commands.terminal import console, platform, problems
from obligor.delivery import Delivered, Manner
from obligor.importing.mapping import Mapping, preset, read_mapping
from obligor.importing.receivables import ReceivablesFile, read_receivables

_PATIENCE_SECONDS = 120.0
_MOST_BAD_ROWS = 20
SOME_ROWS_BAD = 2


class Preset(StrEnum):
    """Mappings that come with Obligor."""

    IBM = "ibm"
    PLAIN = "plain"


def receivables(
    file: Annotated[Path, typer.Argument(help="A CSV file.", show_default=False)],
    *,
    layout: Annotated[Preset, typer.Option("--preset", help="A known layout.")] = Preset.PLAIN,
    mapping: Annotated[
        Path | None, typer.Option(help="A YAML file that says which column is what.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Of amounts whose row names none, e.g. EUR.")
    ] = None,
    day_barrier: Annotated[
        bool,
        typer.Option("--day-barrier", help="Release each day in steps, so that replays are equal."),
    ] = False,
    as_late_facts: Annotated[
        bool,
        typer.Option("--as-late-facts", help="Take facts of closed days, as learned today."),
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Return when everything is worked off.")
    ] = True,
) -> None:
    """Import receivables: customers first, then facts day by day, closing each day.

    Bad rows are listed and left out (exit code 2). Importing a file again changes nothing.
    """
    used = read_mapping(mapping) if mapping else preset(layout)
    if currency:
        used = used.model_copy(update={"currency": currency})
    found = read_receivables(file, used)
    _say_what_was_read(file, found, used)
    manner = Manner(barrier=day_barrier, late=as_late_facts, wait=wait)
    remote = platform(patience=_PATIENCE_SECONDS)
    delivered = streamed(remote, found.history(), manner, source=used.source)
    _say_what_was_sent(delivered, wait=wait)
    if found.bad or delivered.invalid:
        raise typer.Exit(SOME_ROWS_BAD)


def _say_what_was_sent(delivered: Delivered, *, wait: bool) -> None:
    console.print(
        f"{delivered.registered} customers registered, {delivered.transactions} facts accepted"
        + ("" if wait else "; the platform is still at work (--no-wait)")
    )
    if delivered.invalid:
        first = escape(delivered.first_invalid)
        problems.print(f"{delivered.invalid} facts refused, first {first}")


def _say_what_was_read(file: Path, found: ReceivablesFile, mapping: Mapping) -> None:
    console.print(
        f"{escape(str(file))}: {found.rows} rows, {len(found.customers)} customers, "
        f"{len(found.transactions)} facts ({escape(mapping.source)})"
    )
    for row in found.bad[:_MOST_BAD_ROWS]:
        problems.print(f"line {row.line}: {escape(row.reason)}", highlight=False)
    if len(found.bad) > _MOST_BAD_ROWS:
        problems.print(f"and {len(found.bad) - _MOST_BAD_ROWS} more bad rows")
