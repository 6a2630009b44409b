"""A second process shares the platform's work, and leaves with whoever started it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from obligor.commands.second_worker import second_worker
from shared.testing.database import TestServer
from shared.testing.processes import ObligorProcess, client_of, run_command
from tests.journey import ledger_file
from tests.journey.over_kafka import rows_of

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("platform")]
PATIENCE_SECONDS = 60.0
_OWNERS = (("owners", "SELECT DISTINCT owner FROM monitoring.partition_state"),)
_STARTER = """
import os, time
from obligor.commands.second_worker import second_worker
with second_worker(os.environ):
    time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="obligor-") as found:
        yield Path(found)


@pytest.fixture
def url(postgres: TestServer) -> str:
    return asyncio.run(postgres.fresh())


@pytest.fixture
def platform(folder: Path, url: str) -> Iterator[ObligorProcess]:
    arguments = ["up", "--data", str(folder / "data")]
    environment = {"OBLIGOR_DATABASE_URL": url}
    with ObligorProcess(arguments, log=folder / "up.log", environment=environment) as process:
        yield process


def environment_with(url: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if "OBLIGOR" not in name}
    return inherited | {"OBLIGOR_DATABASE_URL": url}


def owners(url: str) -> set[str]:
    """Which workers hold monitoring's partitions."""
    found = asyncio.run(rows_of(url, _OWNERS))["owners"]
    return {owner for (owner,) in found if owner != "None"}


def until(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_it_takes_its_share_and_gives_it_back(
    platform: ObligorProcess, folder: Path, url: str
) -> None:
    until(lambda: len(owners(url)) == 1)
    (first,) = owners(url)
    ledger = ledger_file.write_ledger(folder / "ledger.csv")
    with second_worker(environment_with(url)) as worker:
        until(lambda: len(owners(url)) == 2)
        run_command(["import", "receivables", str(ledger), "--preset", "plain"], url=platform.url)
    assert worker.returncode == 0
    until(lambda: owners(url) == {first})
    day = ledger_file.last_day()
    with client_of(platform.url) as http:
        for customer_id in ledger_file.CUSTOMERS:
            path = f"/monitoring/v1/customers/{customer_id}/receivables"
            answer = http.get(path, params={"as_of": day.isoformat()}).json()
            expected = ledger_file.expected(customer_id, day)
            assert {name: answer[name] for name in expected} == expected


def test_it_does_not_outlive_a_killed_starter(platform: ObligorProcess, url: str) -> None:
    del platform
    starter = subprocess.Popen([sys.executable, "-c", _STARTER], env=environment_with(url))  # noqa: S603  # a program of our own
    try:
        until(lambda: len(owners(url)) == 2)
    finally:
        starter.send_signal(signal.SIGKILL)
        starter.wait()
    until(lambda: len(owners(url)) == 1)


def test_it_leaves_in_order_when_it_is_told_to(platform: ObligorProcess, url: str) -> None:
    del platform
    with second_worker(environment_with(url)) as worker:
        until(lambda: len(owners(url)) == 2)
        worker.terminate()
        assert worker.wait(PATIENCE_SECONDS) == 0
        until(lambda: len(owners(url)) == 1)
