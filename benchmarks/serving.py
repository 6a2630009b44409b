"""The product's workers, each in a process of its own, for as long as a measurement lasts."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.contenders import Setting
from benchmarks.peers.meter import peak_memory_mb
from benchmarks.product import READY

ROOT = Path(__file__).parents[1]
_STOP_SECONDS = 60.0


@contextmanager
def served(settings: Sequence[Setting]) -> Iterator["Workers"]:
    """Run one worker per setting, once each owns its partitions; stops them in the end."""
    workers = Workers([_started(setting) for setting in settings])
    try:
        workers.wait_until_ready()
        yield workers
    finally:
        workers.stop()


class Workers:
    """Worker processes."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def wait_until_ready(self) -> None:
        """Wait until each has its share. Raises RuntimeError when one ends instead."""
        for process in self._processes:
            lines = process.stdout or ()
            if not any(line.strip() == READY for line in lines):
                message = "a worker ended before it had its partitions"
                raise RuntimeError(message)

    def memory_mb(self) -> float:
        """The most resident memory that any of them has had."""
        return max(peak_memory_mb(process.pid) for process in self._processes)

    def are_alive(self) -> bool:
        """Whether all of them still run."""
        return all(process.poll() is None for process in self._processes)

    def stop(self) -> None:
        """End them, finishing the batches in hand."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _started(setting: Setting) -> "subprocess.Popen[str]":
    text = msgspec.json.encode(setting).decode()
    command = [sys.executable, "-m", "benchmarks.contenders", "serve", text]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
