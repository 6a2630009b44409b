"""`obligor simulate`: a new policy over the stored history, beside the one in force."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
import yaml
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from obligor.commands.terminal import console, platform
from obligor.remote import Remote
from shared.kernel.errors import InvalidInputError, ObligorError

_LOOK_EVERY_SECONDS = 0.5
_SEVERITIES = ("watch", "amber", "red")
_SIMULATIONS = "/monitoring/v1/simulations"


class Simulated(StrEnum):
    """Services whose policy can be tried."""

    MONITORING = "monitoring"


class SimulationFailedError(ObligorError):
    """The platform could not finish the dry run."""

    code = "simulation_failed"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the simulation failed: {reason}")


class Money(Struct, frozen=True):
    """Late invoices in one currency, and those of them that were warned of."""

    currency: str
    late_amount: str
    warned_amount: str


class Side(Struct, frozen=True):
    """What one policy would have said."""

    warnings: dict[str, dict[str, int]]
    alerts: int
    customer_months: float
    late_invoices: int
    late_invoices_warned: int
    defaults: int
    defaults_warned: int
    money: tuple[Money, ...]
    alerts_per_customer_month: float | None = None
    late_invoices_warned_share: float | None = None
    median_lead_days: float | None = None


class BandChange(Struct, frozen=True):
    """A customer that would change band."""

    customer_id: str
    months: int
    ews: float
    band: str | None = None
    new_band: str | None = None


class Outcome(Struct, frozen=True):
    """Both policies side by side."""

    current: Side
    proposed: Side
    customers_changing_band: int
    band_changes: tuple[BandChange, ...]
    late_days: int
    grace_days: int
    customers_without_links: int = 0


class Simulation(Struct, frozen=True):
    """How far a dry run has come; `outcome` is left as it came until it is done."""

    simulation_id: str
    status: str
    customers: int
    since: str
    through: str
    outcome: msgspec.Raw = msgspec.Raw(b"null")
    reason: str | None = None


def simulate(
    service: Annotated[Simulated, typer.Argument(help="Whose policy to try.")],
    *,
    policy: Annotated[Path, typer.Option(help="The new policy, whole, as YAML.")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Count from this day.")
    ] = None,
    through: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
    customers: Annotated[
        int | None, typer.Option(help="So many, as if drawn by lot; all if not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Try a policy on everything that is stored, beside the one in force. Changes nothing."""
    del service
    wish: dict[str, object] = {"policy": read_new_policy(policy)}
    for name, day in (("from", since), ("to", through)):
        if day is not None:
            wish[name] = day.date().isoformat()
    if customers is not None:
        wish["customers"] = customers
    remote = platform()
    asked = remote.post(_SIMULATIONS, Simulation, msgspec.json.encode(wish))
    with console.status("replaying") as status:
        ended = ended_simulation(remote, asked, say=status.update)
    if as_json:
        console.print_json(bytes(ended.outcome).decode())
        return
    say_simulation(console, ended, msgspec.json.decode(ended.outcome, type=Outcome))


def read_new_policy(path: Path) -> Mapping[str, object]:
    """A policy file as plain values. Raises `InvalidInputError` if it is none."""
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InvalidInputError(field="policy", value=str(path), rule=str(error)) from error
    if not isinstance(plain, dict):
        rule = "must be a YAML file with the whole policy"
        raise InvalidInputError(field="policy", value=str(path), rule=rule)
    return plain


def ended_simulation(
    remote: Remote,
    asked: Simulation,
    *,
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Simulation:
    """Wait until a dry run is done. Raises `SimulationFailedError`."""
    while True:
        found = remote.get(f"{_SIMULATIONS}/{asked.simulation_id}", Simulation)
        if found.status == "done":
            return found
        if found.status == "failed":
            raise SimulationFailedError(found.reason or "no reason was given")
        say(f"{found.customers} customers replayed")
        sleep(_LOOK_EVERY_SECONDS)


def say_simulation(to: Console, ended: Simulation, outcome: Outcome) -> None:
    """Print both policies side by side, and what to do next."""
    to.print(f"{ended.customers} customers, {ended.since} to {ended.through}; nothing was changed")
    to.print(_figures(outcome))
    to.print(_warnings(outcome))
    to.print(f"{outcome.customers_changing_band} customers change band at some month's end")
    if outcome.band_changes:
        to.print(_changes(outcome))
    if outcome.customers_without_links:
        left = outcome.customers_without_links
        to.print(f"{left} customers are linked to too many others, and were replayed by themselves")
    to.print(
        "To have it act: POST /monitoring/v1/policies drafts it, from a day to come; "
        "another person approves it at /monitoring/v1/policies/{version}/approval."
    )


def _figures(outcome: Outcome) -> Table:
    table = Table("", "in force", "new")
    now, then = outcome.current, outcome.proposed
    warned = f"of invoices > {outcome.late_days} d late, warned of by due + {outcome.grace_days} d"
    for name, left, right in (
        ("alerts", str(now.alerts), str(then.alerts)),
        ("alerts per customer-month", *map(_number, _both(outcome, "alerts_per_customer_month"))),
        (warned, _warned(now), _warned(then)),
        ("defaults warned of, amber or red", _defaults(now), _defaults(then)),
        ("median lead to default, days", *map(_number, _both(outcome, "median_lead_days"))),
    ):
        table.add_row(name, left, right)
    for mine, other in zip(now.money, then.money, strict=True):
        table.add_row(
            f"money warned of, of {mine.late_amount} {mine.currency} late",
            mine.warned_amount,
            other.warned_amount,
        )
    return table


def _warnings(outcome: Outcome) -> Table:
    table = Table("indicator", *(f"{each}, in force" for each in _SEVERITIES), *_SEVERITIES)
    now, then = outcome.current.warnings, outcome.proposed.warnings
    for indicator in sorted({*now, *then}):
        counts = [
            str(side.get(indicator, {}).get(severity, 0))
            for side in (now, then)
            for severity in _SEVERITIES
        ]
        table.add_row(indicator, *counts)
    return table


def _changes(outcome: Outcome) -> Table:
    table = Table("customer", "month ends", "largest shift of the score", "band", "new band")
    for each in outcome.band_changes:
        table.add_row(
            each.customer_id,
            str(each.months),
            f"{each.ews:+.1f}",
            each.band or "",
            each.new_band or "",
        )
    return table


def _both(outcome: Outcome, name: str) -> tuple[float | None, float | None]:
    return getattr(outcome.current, name), getattr(outcome.proposed, name)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _warned(side: Side) -> str:
    share = side.late_invoices_warned_share
    shown = "" if share is None else f" ({share:.1%})"
    return f"{side.late_invoices_warned} of {side.late_invoices}{shown}"


def _defaults(side: Side) -> str:
    return f"{side.defaults_warned} of {side.defaults}"
