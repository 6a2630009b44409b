"""Contenders side by side: each in its own process, in interleaved rounds, the median counted."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.contenders import Result, Setting
from benchmarks.peers.venv import PEERS, PeersUnavailableError, peer_python
from benchmarks.traffic import Traffic, stream
from benchmarks.venue import Venue
from benchmarks.warm import fill_log

ROOT = Path(__file__).parents[1]
FLOOR = "decode"
TITLES: dict[str, str] = {
    "raw": "raw consume (aiokafka getmany)",
    "decode": "+ msgspec decode (the floor)",
    "rules": "+ every rule of the shipped policy, no database",
    "prototype-cte": "prototype write path, one CTE",
    "prototype-merge": "prototype write path, COPY + merge",
    "prototype-copy": "prototype write path, COPY",
    "product-kafka": "whole product, Kafka, exactly once, ledger",
    "product-postgres": "whole product, postgres transport",
    "quixstreams": "quixstreams, exactly-once, eight rules, no database",
    "bytewax": "bytewax, recovery on, eight rules, no database",
    "pathway": "pathway, no persistence, eight rules, no database",
}
_GRACE_SECONDS = 90.0


@dataclass(slots=True)
class Score:
    """What a contender has reached in the rounds so far; `failed` says why one did not finish."""

    name: str
    results: list[Result] = field(default_factory=list)
    failed: str = ""

    @property
    def rate(self) -> float:
        """Events a second, the median of the rounds; 0 where none finished."""
        rates = [each.events / each.seconds for each in self.results if each.seconds]
        return median(rates) if rates else 0.0

    @property
    def spread(self) -> tuple[float, float]:
        """The slowest and the fastest round."""
        rates = [each.events / each.seconds for each in self.results if each.seconds]
        return (min(rates), max(rates)) if rates else (0.0, 0.0)

    def median_of(self, name: str) -> float:
        """The median over the rounds of another figure of the results, per event where it adds up."""
        shares = {"cpu_seconds", "postgres_seconds", "warnings"}
        figures = [
            getattr(each, name) / (each.events if name in shares else 1) for each in self.results
        ]
        return median(figures) if figures else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who runs on which traffic, and how often."""

    traffic: Traffic
    contenders: Sequence[str]
    rounds: int = 3
    seconds: float = 10.0


async def run_rounds(venue: Venue, plan: Plan, *, say: Callable[[str], None]) -> list[Score]:
    """Run every contender once a round; one that fails is out, and the run goes on."""
    await venue.fill_topic(plan.traffic)
    scores = {name: Score(name) for name in plan.contenders}
    for number in range(plan.rounds):
        for name, score in scores.items():
            if score.failed:
                continue
            try:
                result = await _run_one(venue, plan, name)
            except (ContenderFailedError, PeersUnavailableError) as error:
                score.failed = str(error)
                say(f"round {number + 1}: {name}: {error}")
                continue
            score.results.append(result)
            say(f"round {number + 1}: {name}: {result.events / result.seconds:,.0f} events/s")
    return list(scores.values())


class ContenderFailedError(Exception):
    """A contender ended without a result; carries the end of what it said."""

    def __init__(self, said: str) -> None:
        super().__init__(" ".join(said.split())[-300:] or "it said nothing")


async def _run_one(venue: Venue, plan: Plan, name: str) -> Result:
    traffic, url = plan.traffic, ""
    if name.startswith("prototype"):
        url = await venue.prototype_database(traffic.customers, traffic.partitions)
    elif name == "rules" or name.startswith("product"):
        url = await venue.product_database(traffic.customers, traffic.partitions)
    if name == "product-postgres":
        await fill_log(url, stream(traffic))
    setting = Setting(
        bootstrap=venue.kafka.bootstrap,
        url=url,
        events=traffic.events,
        partitions=traffic.partitions,
        day=traffic.day,
        seconds=plan.seconds,
    )
    try:
        before = venue.postgres_cpu()
        result = in_a_process(name, setting)
        result.postgres_seconds = venue.postgres_cpu() - before if url else 0.0
        return result
    finally:
        if url:
            await venue.drop(url)


def in_a_process(name: str, setting: Setting) -> Result:
    """Run one contender; raises `ContenderFailedError`."""
    text = msgspec.json.encode(setting).decode()
    if name in PEERS:
        command = [str(peer_python()), "-m", f"benchmarks.peers.{name}_job", text]
    else:
        command = [sys.executable, "-m", "benchmarks.contenders", name, text]
    try:
        ran = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=setting.seconds * 3 + _GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ContenderFailedError(str(error)) from error
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise ContenderFailedError(ran.stderr)
    return msgspec.json.decode(lines[-1], type=Result)


def floor_of(scores: Sequence[Score]) -> float:
    """The rate of consuming and decoding alone, in the same run; 0 where it did not run."""
    return next((score.rate for score in scores if score.name == FLOOR), 0.0)


def as_rows(scores: Sequence[Score]) -> list[Mapping[str, object]]:
    """Scores as plain figures, ratios first."""
    floor = floor_of(scores)
    return [
        {
            "contender": score.name,
            "of_the_floor": score.rate / floor if floor else None,
            "events_per_second": score.rate,
            "slowest": score.spread[0],
            "fastest": score.spread[1],
            "cpu_us_per_event": score.median_of("cpu_seconds") * 1e6,
            "postgres_us_per_event": score.median_of("postgres_seconds") * 1e6,
            "warnings_per_event": score.median_of("warnings"),
            "memory_mb": score.median_of("memory_mb"),
            "events": score.results[0].events if score.results else 0,
            "rounds": len(score.results),
            "failed": score.failed,
        }
        for score in scores
    ]
