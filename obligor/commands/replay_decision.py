"""`obligor replay-decision`: decide again and compare."""

from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from obligor.commands.terminal import console, platform
from obligor.remote import SERVICES, Remote
from shared.kernel.errors import NotFoundError


class Difference(msgspec.Struct, frozen=True):
    """One place where the stored outcome and today's part."""

    path: str
    then: object = None
    now: object = None


class Replayed(msgspec.Struct, frozen=True):
    """What came of deciding again."""

    decision_id: str
    identical: bool
    differences: tuple[Difference, ...]
    model_version_then: str
    model_version_now: str
    policy_version: str


def replay_decision(
    decision_id: Annotated[str, typer.Argument(metavar="DECISION_ID")],
    *,
    service: Annotated[
        str | None, typer.Option(help="Who decided; asked around if left out.")
    ] = None,
) -> None:
    """Recompute a stored decision from its own facts and policy, and compare.

    Exit code 3 when the outcomes differ.
    """
    found = _replayed(platform(), decision_id, (service,) if service else SERVICES)
    if found.identical:
        console.print(
            f"[green]identical[/green]: {found.decision_id}, policy {escape(found.policy_version)},"
            f" model {escape(found.model_version_now)}"
        )
        return
    if found.model_version_then != found.model_version_now:
        console.print(
            f"decided by {escape(found.model_version_then)}, recomputed by "
            f"{escape(found.model_version_now)}: differences are reported, identity is not claimed"
        )
    console.print(_table(found))
    if found.differences:
        raise typer.Exit(3)


def _replayed(remote: Remote, decision_id: str, services: tuple[str, ...]) -> Replayed:
    for service in services:
        path = f"/{service}/v1/decisions/{decision_id}"
        if remote.find(path, msgspec.Raw) is not None:
            return remote.post(f"{path}/replay", Replayed)
    raise NotFoundError(kind="decision", name=decision_id)


def _table(found: Replayed) -> Table:
    table = Table("where", "then", "now", title=f"{len(found.differences)} differences")
    for each in found.differences:
        table.add_row(escape(each.path), escape(str(each.then)), escape(str(each.now)))
    return table
