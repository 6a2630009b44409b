"""What every peer is asked for, and how its speed is taken.

A peer runs as `python -m benchmarks.peers.<name> '{"bootstrap": …}'` in its own environment, reads
the topic from the beginning, and prints one line of JSON when it is through. Its clock runs from
the first record to the last one, and stops before its last checkpoint.
"""

import json
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.few_rules import Account, Finding, Part, Told, step

GROUP = f"benchmark.{os.getpid()}.{time.time_ns()}"
SINK = "benchmark.peers"
"""The topic that warnings go to; it has to be there."""


class Ask(NamedTuple):
    """Where the records are, how many there are, and for how long to go on at the most."""

    bootstrap: str
    topic: str
    events: int
    seconds: float
    partitions: int
    day: str

    @property
    def today(self) -> int:
        """The business day, as a number."""
        return date.fromisoformat(self.day).toordinal()


def asked() -> Ask:
    """What the command line asks for."""
    wanted = json.loads(sys.argv[1])
    return Ask(**{name: wanted[name] for name in Ask._fields})


def peak_memory_mb(process: int | None = None) -> float:
    """The most resident memory a process (this one) has had, in MB; 0 where nobody says."""
    status = Path(f"/proc/{process or 'self'}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return peaks[0] / 1024 if peaks else 0.0


class Meter:
    """Counts events and warnings; ends the process with the result when all were taken."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._began: float | None = None
        self._cpu = 0.0
        self.taken = 0
        self.warned = 0

    def judge(self, account: Account, told: Told) -> list[Finding]:
        """The work per event: post it, judge it, count it."""
        if self._began is None:
            self._began, self._cpu = time.perf_counter(), time.process_time()
        findings = step(account, told, self._ask.today)
        self.taken += 1
        self.warned += bool(findings)
        return findings

    def over(self) -> bool:
        """Whether everything has been taken, or the time is up."""
        seconds = 0.0 if self._began is None else time.perf_counter() - self._began
        return self.taken >= self._ask.events or seconds >= self._ask.seconds

    def end(self) -> None:
        """Print the result and leave at once: frameworks do not expect a stream to end."""
        seconds = time.perf_counter() - (self._began or 0.0)
        cpu = time.process_time() - self._cpu
        result: dict[str, Any] = {  # JSON of any shape
            "events": self.taken,
            "seconds": seconds,
            "cpu_seconds": cpu,
            "warnings": self.warned,
            "memory_mb": peak_memory_mb(),
        }
        os.write(1, json.dumps(result).encode() + b"\n")
        os._exit(0)


def told_of(value: dict[str, Any]) -> Told:
    """A transaction from the dict that a framework's own decoder makes of it."""
    parts = [Part(**each) for each in value.get("allocations", ())]
    return Told(
        value.get("type", ""),
        value.get("amount", "0.00"),
        value.get("order_id", ""),
        value.get("invoice_id", ""),
        value.get("payment_id", ""),
        value.get("invoice_date", ""),
        value.get("value_date", ""),
        value.get("due_date", ""),
        value.get("date", ""),
        parts,
    )
