"""Another process that shares the platform's work for a while, and leaves with whoever started it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

PATIENCE_SECONDS: Final = 30.0


def has_a_core_to_spare() -> bool:
    """Whether another process would have a processor core of its own."""
    return (os.cpu_count() or 1) > 1


@contextmanager
def second_worker(environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker of all services beside the platform whose database the environment names.

    It takes its share of the partitions, and gives them back when this ends, however it ends.
    """
    quiet = {"OBLIGOR_LOG_LEVEL": "WARNING", **environment}
    command = [sys.executable, "-m", "obligor", "serve", "all", "--role", "worker"]
    command += ["--port", "0", "--until-input-ends"]
    worker = subprocess.Popen(command, env=quiet, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603  # a program of our own
    try:
        yield worker
    finally:
        _leave(worker)


def _leave(worker: "subprocess.Popen[bytes]") -> None:
    if worker.stdin is not None:
        worker.stdin.close()
    try:
        worker.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
