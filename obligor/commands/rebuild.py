"""`obligor rebuild`: every account anew from the ledger's facts, while the platform goes on working."""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from obligor.commands.terminal import console, platform
from obligor.remote import Remote

_LOOK_EVERY_SECONDS = 0.5
_REBUILDS = "/monitoring/v1/rebuilds"


class Rebuildable(StrEnum):
    """Services that keep sums of what they were told."""

    MONITORING = "monitoring"


class Asked(Struct, frozen=True):
    """A rebuild that was asked for."""

    rebuild_id: str
    location: str


class Difference(Struct, frozen=True):
    """One figure that was kept wrongly."""

    customer_id: str
    figure: str
    before: str
    after: str
    currency: str | None = None


class Progress(Struct, frozen=True):
    """How far a rebuild has come."""

    status: str
    customers: int
    customers_in_all: int
    differed: int
    figures: dict[str, int]
    examples: tuple[Difference, ...] = ()


def rebuild(
    service: Annotated[Rebuildable, typer.Argument(help="Whose sums to rebuild.")],
    *,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Return when it is done.")] = True,
) -> None:
    """Rebuild every customer's account from the facts, without stopping anything, and compare.

    Accounts that were not what their facts add up to are put right and listed. Detectors, alerts and
    warnings stay as they are: they hold what people said and days as they were known, not only facts.
    Administrators only.
    """
    del service
    remote = platform()
    asked = remote.post(_REBUILDS, Asked)
    console.print(f"rebuild {asked.rebuild_id}: {remote.url}{asked.location}")
    if not wait:
        return
    with console.status("rebuilding") as status:
        ended = ended_rebuild(remote, asked, say=status.update)
    say_rebuild(console, ended)


def ended_rebuild(
    remote: Remote,
    asked: Asked,
    *,
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Progress:
    """Wait until a rebuild is done."""
    while True:
        found = remote.get(asked.location, Progress)
        if found.status == "done":
            return found
        say(f"{found.customers} of {found.customers_in_all} customers, {found.differed} put right")
        sleep(_LOOK_EVERY_SECONDS)


def say_rebuild(to: Console, ended: Progress) -> None:
    """Say what a rebuild found."""
    if not ended.differed:
        to.print(f"{ended.customers} accounts rebuilt, all as they were to the cent")
        return
    to.print(f"{ended.customers} accounts rebuilt, {ended.differed} were wrong and are right now")
    to.print("their detectors and warnings stay; each is looked at when the day next closes")
    figures = Table("figure", "customers")
    for figure, count in ended.figures.items():
        figures.add_row(figure, str(count))
    to.print(figures)
    examples = Table("customer", "figure", "currency", "before", "after")
    for each in ended.examples:
        examples.add_row(
            each.customer_id, each.figure, each.currency or "", each.before, each.after
        )
    to.print(examples)
