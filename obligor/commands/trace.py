"""`obligor trace`: who caused what."""

from datetime import datetime
from typing import Annotated

import typer

from obligor.commands.terminal import console, platform, wording
from obligor.tracing.collect import collect
from obligor.tracing.labels import tree_of

_USUAL_CHAINS = 20


def trace(
    name: Annotated[str, typer.Argument(metavar="CUSTOMER_OR_CORRELATION_ID")],
    *,
    since: Annotated[datetime | None, typer.Option(help="Only chains from this day on.")] = None,
    last: Annotated[
        int, typer.Option(help="How many of the newest chains to print; 0 for all.")
    ] = _USUAL_CHAINS,
) -> None:
    """Print the causal chains about a customer across the five services, or one chain."""
    chains = collect(platform(), name)
    if since is not None:
        chains = [chain for chain in chains if chain.day and chain.day >= since.date()]
    shown = chains[-last:] if last else chains
    for chain in shown:
        console.print(tree_of(chain, wording()))
    left_out = len(chains) - len(shown)
    if left_out:
        console.print(f"[dim]{left_out} older chains are not shown; --last 0 shows all.[/dim]")
