"""The `obligor` command."""

from typing import NoReturn

import typer
from rich.markup import escape

from obligor.commands import (
    dead_letters,
    demo,
    keys,
    migrate,
    readers,
    rebuild,
    receivables,
    replay_decision,
    report,
    serve,
    simulate,
    trace,
    up,
)
from obligor.commands.terminal import problems
from shared.kernel.errors import ObligorError

app = typer.Typer(
    name="obligor",
    help="Watches the customers you sell to on credit, and acts before the money is lost.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
importing = typer.Typer(no_args_is_help=True, help="Bring in facts from files.")
importing.command("receivables")(receivables.receivables)

app.command("up", rich_help_panel="Run")(up.up)
app.command("serve", rich_help_panel="Run")(serve.serve)
app.command("migrate", rich_help_panel="Run")(migrate.migrate)
app.add_typer(importing, name="import", rich_help_panel="Use")
app.command("demo", rich_help_panel="Use")(demo.demo)
app.command("report", rich_help_panel="Use")(report.report)
app.command("trace", rich_help_panel="Use")(trace.trace)
app.command("replay-decision", rich_help_panel="Use")(replay_decision.replay_decision)
app.add_typer(dead_letters.app, name="dead-letters", rich_help_panel="Operate")
app.add_typer(keys.app, name="keys", rich_help_panel="Operate")
app.add_typer(readers.app, name="readers", rich_help_panel="Operate")
app.command("rebuild", rich_help_panel="Operate")(rebuild.rebuild)
app.command("simulate", rich_help_panel="Use")(simulate.simulate)

INTERRUPTED = 130


def main() -> NoReturn:
    """Run the command; a refusal is one sentence and exit code 1."""
    try:
        app()
    except ObligorError as error:
        problems.print(f"[red]error:[/red] {escape(str(error))}", highlight=False)
        raise SystemExit(1) from error
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    raise SystemExit(0)
