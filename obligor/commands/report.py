"""`obligor report`: how customers failed and when they were warned of, as a page with charts."""

from pathlib import Path
from typing import Annotated

import typer

from obligor.commands.demo import TRUTH_FILE
from obligor.commands.terminal import console, platform, wording
from obligor.report.stories import stories_page
from obligor.sample.portfolio import Truth, read_truths


def report(
    *,
    out: Annotated[Path, typer.Option(help="Where the page goes.")] = Path("report.html"),
    data: Annotated[
        Path, typer.Option(help="Where the sample's truth lies, if the ledger is the sample.")
    ] = Path("data"),
) -> None:
    """Write a page with the story of each failed customer: money, score, warnings, tiers, cases.

    For the sample portfolio the failures are the known ones; for any other ledger those in default,
    and the worst customers where nobody is.
    """
    page = stories_page(platform(), _truths(data), wording())
    out.write_text(page, encoding="utf-8")
    console.print(f"Written: {out}")


def _truths(data: Path) -> tuple[Truth, ...]:
    try:
        return read_truths((data / TRUTH_FILE).read_bytes())
    except FileNotFoundError:
        return ()
