"""`obligor demo`: the sample portfolio streamed through a running platform, and what came of it."""

import os
import time
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from obligor.commands.second_worker import second_worker
from obligor.commands.streaming import streamed
from obligor.commands.terminal import console, environment, problems, wording
from obligor.delivery import Manner
from obligor.remote import Remote, UnreachableError, connect, token_of
from obligor.report.stories import stories_page
from obligor.report.story import tell
from obligor.rest import Look, look
from obligor.sample.portfolio import SOURCE, Truth, build_sample, read_truths
from shared.kernel.clock import system_clock
from shared.kernel.dates import previous_day

_PATIENCE_SECONDS = 120.0
_START_SECONDS = 300.0
TRUTH_FILE = "sample_truth.json"
REPORT_FILE = "report.html"


def demo(
    *,
    data: Annotated[
        Path, typer.Option(help="Where the platform's data lives; the sample's truth goes there.")
    ] = Path("data"),
    last_day: Annotated[
        datetime | None, typer.Option(help="The sample's last day; yesterday if left out.")
    ] = None,
    second: Annotated[
        bool,
        typer.Option(
            "--second-worker", help="While it streams, run another worker on OBLIGOR_DATABASE_URL."
        ),
    ] = False,
) -> None:
    """Stream the sample portfolio into an empty ledger and print what happened.

    A ledger that is not empty is left alone. SAMPLE=0 streams nothing.
    """
    shared = second and _is_likely(data)
    with second_worker(environment()) if shared else nullcontext():
        remote = _started(data)
        seen = look(remote)
        if seen.closed_on("monitoring") is None:
            _fill(remote, data, last_day.date() if last_day else _yesterday(), shared=shared)
        else:
            _say_what_is_there(seen)
    truths = _truths(data)
    tell(remote, truths, console=console, words=wording())
    if truths:
        page = data / REPORT_FILE
        page.write_text(stories_page(remote, truths, wording()), encoding="utf-8")
        console.print(f"Each failed customer's two years as a chart: {page}")
    _say_where(remote, data)


def _started(data: Path) -> Remote:
    """The platform, once all five services are ready."""
    given_up = time.monotonic() + _START_SECONDS
    while True:
        remote = connect(_environment(data), patience=_PATIENCE_SECONDS)
        if remote.is_ready():
            return connect(_environment(data), patience=_PATIENCE_SECONDS)
        if time.monotonic() > given_up or os.getppid() == 1:
            raise UnreachableError(remote.url, "not ready")
        time.sleep(0.3)


def _environment(data: Path) -> dict[str, str]:
    """The shell's environment, with the token that `obligor up` left in its data folder."""
    known = dict(environment())
    token = token_of(known, data / "token") or known.get("OBLIGOR_ADMIN_TOKEN")
    return known | ({"OBLIGOR_TOKEN": token} if token else {})


def _yesterday() -> date:
    return previous_day(system_clock().astimezone(UTC).date())


def _wanted() -> bool:
    return environment().get("SAMPLE") != "0"


def _is_likely(data: Path) -> bool:
    """Whether the sample will probably be streamed: the second worker starts with the platform."""
    return _wanted() and not (data / TRUTH_FILE).exists()


def _fill(remote: Remote, data: Path, last_day: date, *, shared: bool) -> None:
    if not _wanted():
        console.print("The ledger is empty, and SAMPLE=0 keeps it so.")
        return
    sample = build_sample(last_day=last_day)
    history = sample.history
    console.print(
        f"Streaming the sample portfolio: {len(sample.truths)} invented customers, "
        f"{len(history):,} facts from {history.first_day} to {history.last_day}."
    )
    if shared:
        console.print("A second process shares the work meanwhile.")
    data.mkdir(parents=True, exist_ok=True)
    (data / TRUTH_FILE).write_bytes(sample.truth_file())
    began = time.monotonic()
    delivered = streamed(remote, history, Manner(), source=SOURCE)
    console.print(f"Worked off in {time.monotonic() - began:.0f} s.")
    if delivered.invalid:
        problems.print(f"{delivered.invalid} refused, first {escape(delivered.first_invalid)}")


def _say_what_is_there(seen: Look) -> None:
    console.print(
        f"The ledger is not empty: it is closed through {seen.closed_on('monitoring')}. "
        "Serving what is there; no sample is streamed."
    )


def _truths(data: Path) -> tuple[Truth, ...]:
    try:
        return read_truths((data / TRUTH_FILE).read_bytes())
    except FileNotFoundError:
        return ()


def _say_where(remote: Remote, data: Path) -> None:
    console.print()
    console.print(
        f"Serving {remote.url}  ·  docs {remote.url}/monitoring/docs (and the other four)"
    )
    console.print(f"Token: {data / 'token'}  ·  Stop with Ctrl-C; data stays in {data}")
    console.print("Try: obligor trace CUSTOMER  ·  obligor import receivables FILE --help")
