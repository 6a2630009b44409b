"""What a run found, as tables and as JSON: ratios first, figures with the machine they came from."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.rounds import TITLES

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
WIDTH = 140
_LIBRARIES = ("aiokafka", "asyncpg", "msgspec", "sqlalchemy", "uvloop")
_KIB_PER_GIB = 1 << 20

Row = Mapping[str, object]


def machine() -> dict[str, object]:
    """Where the figures come from: without this, no absolute one means anything."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "processors": os.cpu_count(),
        "memory_gib": _memory_gib(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": [round(each, 2) for each in os.getloadavg()],
        **{name: version(name) for name in _LIBRARIES},
    }


def _memory_gib() -> float:
    shown = (_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]
    return round(int(shown) / _KIB_PER_GIB, 1)


def _first(path: str, name: str) -> str | None:
    file = Path(path)
    lines = file.read_text().splitlines() if file.exists() else []
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(found, None)


def print_throughput(title: str, rows: Sequence[Row]) -> None:
    """One table: every contender beside the floor of the same run."""
    table = Table(title=title, title_justify="left")
    for name in ("contender", "x floor", "events/s", "slowest..fastest", "CPU us"):
        table.add_column(name, justify="left" if name == "contender" else "right")
    for name in ("PG us", "warned", "MB", "events"):
        table.add_column(name, justify="right")
    for row in rows:
        name = TITLES[str(row["contender"])]
        if not row["rounds"]:
            table.add_row(name, "-", "failed", str(row["failed"])[:60], *[""] * 5)
            continue
        table.add_row(
            name,
            _figure(row["of_the_floor"], 3),
            _figure(row["events_per_second"]),
            f"{_figure(row['slowest'])}..{_figure(row['fastest'])}",
            _figure(row["cpu_us_per_event"], 1),
            _figure(row["postgres_us_per_event"], 1),
            f"{_number(row['warnings_per_event']):.1%}",
            _figure(row["memory_mb"]),
            _figure(row["events"]),
        )
    _console().print(table)


def print_rows(title: str, rows: Sequence[Row]) -> None:
    """A table of whatever the rows hold."""
    table = Table(title=title, title_justify="left")
    for name in rows[0] if rows else ():
        table.add_column(str(name), justify="right")
    for row in rows:
        table.add_row(*[_shown(value) for value in row.values()])
    _console().print(table)


def ratios(rows: Sequence[Row]) -> list[tuple[str, float]]:
    """What the figures are for: us beside our yardsticks, in the same run."""
    rate = {str(row["contender"]): _number(row["events_per_second"]) for row in rows}
    ours = rate.get("product-kafka", 0.0)
    wanted = [
        ("product / floor", "product-kafka", "decode"),
        ("product / prototype", "product-kafka", "prototype-copy"),
        ("product / quixstreams exactly-once", "product-kafka", "quixstreams"),
        ("product / bytewax with recovery", "product-kafka", "bytewax"),
        ("product / pathway", "product-kafka", "pathway"),
        ("postgres transport / Kafka", "product-postgres", "product-kafka"),
        ("prototype / floor", "prototype-copy", "decode"),
    ]
    found = [(name, rate.get(over, 0.0), rate.get(under, 0.0)) for name, over, under in wanted]
    return [(name, over / under) for name, over, under in found if over and under and ours]


def print_ratios(rows: Sequence[Row]) -> None:
    """The ratios, one a line."""
    for name, value in ratios(rows):
        _console().print(f"  {name:<38} {value:6.3f}")


def write_json(name: str, found: Mapping[str, object], folder: Path = RESULTS) -> Path:
    """Keep a run under benchmarks/results (not under version control); returns the file."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"machine": machine(), **found}, indent=2, default=str) + "\n")
    return path


def print_machine() -> None:
    """One line: where these figures come from."""
    _console().print(", ".join(f"{name} {value}" for name, value in machine().items()))


def _console() -> Console:
    return Console(width=WIDTH, highlight=False)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _figure(value: object, digits: int = 0) -> str:
    return f"{_number(value):,.{digits}f}"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 1 else f"{value:,.1f}"
    return str(value)
