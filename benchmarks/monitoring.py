"""How fast monitoring is, beside its floor, its yardstick and its peers, in one run.

    python -m benchmarks.monitoring throughput [--full]    side by side, in interleaved rounds
    python -m benchmarks.monitoring latency                produced → warning readable
    python -m benchmarks.monitoring scale [--full]         customers, partitions, workers, a backlog
    python -m benchmarks.monitoring all [--full]           the three of them, as `make bench` does

It starts its own Apache Kafka and PostgreSQL on loopback, on the processors that everything else in
the run shares. Only ratios within one run mean anything.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks import latency, report, scale
from benchmarks.peers.venv import PEERS
from benchmarks.rounds import Plan, as_rows, run_rounds
from benchmarks.traffic import Traffic
from benchmarks.venue import Venue, opened

OURS = ("raw", "decode", "rules", "prototype-copy")
OTHER_WRITES = ("prototype-cte", "prototype-merge")
PRODUCT = ("product-kafka", "product-postgres")
LATENCY_CUSTOMERS = 20_000  # enough for every warning to be a customer's first or second
_FEW = ("decode", "prototype-copy", "product-kafka")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of everything: small by default, so that `make bench` ends within ten minutes."""

    customers: int = 5_000
    events: int = 40_000
    rounds: int = 3
    seconds: float = 5.0
    full: bool = False


FULL = Sizes(customers=100_000, events=400_000, seconds=30.0, full=True)


def say(text: str) -> None:
    """Tell how far the run is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def throughput(venue: Venue, sizes: Sizes, *, only: Sequence[str]) -> dict[str, object]:
    """All contenders on uniform traffic, and a few on skewed, calm and troubled traffic."""
    even = Traffic(customers=sizes.customers, events=sizes.events, warned=0.03)
    known = (*OURS, *(OTHER_WRITES if only or sizes.full else ()), *PRODUCT, *PEERS)
    everyone = [name for name in known if not only or name in only]
    few = [name for name in _FEW if name in everyone]
    kinds = [
        ("uniform customers, 3 % of events warn", even, everyone),
        ("Zipf-skewed customers, 3 %", replace(even, skew=1.0), few),
        ("uniform customers, 0.1 %", replace(even, warned=0.001), few),
        ("uniform customers, 25 %", replace(even, warned=0.25), few),
    ]
    found: dict[str, object] = {}
    for title, traffic, contenders in kinds:
        say(title)
        plan = Plan(
            traffic=traffic, contenders=contenders, rounds=sizes.rounds, seconds=sizes.seconds
        )
        rows = as_rows(asyncio.run(run_rounds(venue, plan, say=say)))
        report.print_throughput(f"{title}; {sizes.customers:,} customers warm", rows)
        report.print_ratios(rows)
        found[title] = rows
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, run, print and keep what was found."""
    asked = parser().parse_args(arguments)
    sizes = sizes_of(asked)
    report.print_machine()
    found: dict[str, object] = {}
    with opened() as venue:
        if asked.what in {"throughput", "all"}:
            found["throughput"] = throughput(venue, sizes, only=asked.only)
        if asked.what in {"latency", "all"}:
            rates = [*asked.rates, *half_the_peak(found, asked.peak)]
            rows = asyncio.run(
                latency.measure(
                    venue, rates, customers=max(sizes.customers, LATENCY_CUSTOMERS), say=say
                )
            )
            report.print_rows("produced → warning readable on obligor.monitoring, ms", rows)
            found["latency"] = rows
        if asked.what in {"scale", "all"}:
            found["scale"] = scale.measure(venue, full=asked.full, say=say)
    say(f"kept as {report.write_json(asked.what, found)}")


def half_the_peak(found: dict[str, object], peak: float) -> list[float]:
    """Half of what the product reached in this run, or of what the command line says it can."""
    measured = found.get("throughput")
    if isinstance(measured, dict):
        rows = next(iter(measured.values()))
        rates = [row["events_per_second"] for row in rows if row["contender"] == "product-kafka"]
        peak = max([peak, *rates])
    return [peak / 2] if peak else []


def sizes_of(asked: argparse.Namespace) -> Sizes:
    """The sizes that the command line asks for."""
    sizes = FULL if asked.full else Sizes()
    given = {
        name: getattr(asked, name)
        for name in ("customers", "events", "rounds", "seconds")
        if getattr(asked, name) is not None
    }
    return replace(sizes, **given)


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    made = argparse.ArgumentParser(prog="benchmarks.monitoring")
    made.add_argument("what", choices=["throughput", "latency", "scale", "all"])
    made.add_argument("--full", action="store_true", help="the big sizes; takes an hour")
    made.add_argument("--customers", type=int)
    made.add_argument("--events", type=int)
    made.add_argument("--rounds", type=int)
    made.add_argument("--seconds", type=float, help="the most that one contender may take")
    made.add_argument("--only", nargs="*", default=[], help="only these contenders")
    made.add_argument("--rates", nargs="*", type=float, default=[100.0, 1000.0])
    made.add_argument("--peak", type=float, default=0.0, help="events/s; half of it is a rate")
    return made


if __name__ == "__main__":
    main()
