"""Real `obligor` processes for tests: started on free ports, killed or stopped, their logs kept."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

TOKEN = f"tests-own-{os.getpid()}"
START_SECONDS = 90.0
STOP_SECONDS = 60.0


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if "OBLIGOR" not in name}
    return inherited | {"OBLIGOR_ADMIN_TOKEN": TOKEN, "OBLIGOR_LOG_LEVEL": "WARNING"} | dict(more)


def run_command(
    arguments: Sequence[str],
    *,
    url: str,
    seconds: float = 240,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run an `obligor` command against a platform to its end; returns what it printed.

    Raises `AssertionError` with its output when it fails.
    """
    mine = {"OBLIGOR_URL": url, "OBLIGOR_TOKEN": TOKEN, "COLUMNS": "200", **(environment or {})}
    asked = _environment(mine)
    del asked["OBLIGOR_ADMIN_TOKEN"], asked["OBLIGOR_LOG_LEVEL"]
    ran = subprocess.run(
        [sys.executable, "-m", "obligor", *arguments],
        env=asked,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if ran.returncode != 0:
        raise AssertionError(ran.stdout[-3000:] + ran.stderr[-3000:])
    return ran.stdout


class ObligorProcess:
    """One `obligor up` or `obligor serve` process."""

    def __init__(
        self, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str]
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, "-m", "obligor", *arguments, "--port", str(self.port)]
        self._environment = _environment(environment)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until it serves. Raises RuntimeError with its log when it does not."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers("/readyz"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(self.said())
            time.sleep(0.1)

    def answers(self, path: str) -> bool:
        """Whether a path answers 200."""
        try:
            return httpx.get(self.url + path, timeout=5).is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """Kill -9."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def suspend(self) -> None:
        """SIGSTOP: it holds what it has, and does nothing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT after `suspend`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        """SIGTERM, and wait; returns the exit code."""
        if self._process is None or self._process.poll() is not None:
            return 0
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def said(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-4000:]


def client_of(url: str) -> httpx.Client:
    """A client with the administrator's token."""
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
