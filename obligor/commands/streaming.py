"""A history on its way, with a progress bar: what was sent, and how far the chain has come."""

from datetime import date

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from obligor.commands.terminal import console
from obligor.delivery import Delivered, Delivery, Manner
from obligor.delivery import Progress as Told
from obligor.facts import History
from obligor.remote import Remote
from obligor.rest import Look


def streamed(remote: Remote, history: History, manner: Manner, *, source: str) -> Delivered:
    """Send a history and show how it goes."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[day]}"),
        TimeElapsedColumn(),
        console=console,
    ) as bars:
        sent = bars.add_task("facts sent      ", total=len(history), day="")
        closed = bars.add_task("days worked off ", total=len(history.days), day="")
        told = Told(
            on_sent=lambda count: bars.advance(sent, count),
            on_look=lambda seen: _show(bars, closed, seen, first=history.first_day),
        )
        return Delivery(remote, source=source, progress=told).send(history, manner)


def _show(bars: Progress, task: TaskID, seen: Look, *, first: date) -> None:
    day = seen.chain_closed_on
    if day is not None:
        bars.update(task, completed=max(0, (day - first).days + 1), day=day.isoformat())
