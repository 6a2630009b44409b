"""A real Apache Kafka (KRaft, one node) on loopback that tests start, stop, kill and suspend."""

import asyncio
import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path
from typing import Self

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.bus.kafka.topics import admin_of
from shared.testing.kafka_jars import KafkaUnavailableError, java, kafka_jars

CLUSTER_ID = "ObligorTestsCluster001"
HEAP = "-Xmx512m"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
_TRIES = 250
STARTED = "Kafka Server started"

# Below the range from which Linux gives out ephemeral ports: while the broker is down, no client's
# own connection may land on its port.
_PORTS = range(20_000, 32_000)

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller_port}
inter.broker.listener.name=PLAINTEXT
log.dirs={logs}
auto.create.topics.enable=false
num.partitions=1
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
log.cleaner.enable=false
"""


class KafkaServer:
    """One broker with its own folder and port; survives `kill()` and `restart()` with its records.

    The methods that are not coroutines block: inside a running event loop, call them through
    `asyncio.to_thread`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._own_folder = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="obligor-kafka-"))
        self.port, self._controller_port = _free_ports()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """The address clients start from: `127.0.0.1:<port>`."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        return self._running().pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the broker on its data and return once it answers."""
        if self._process is not None and self._process.poll() is None:
            return
        self._format()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*self._java(HEAP), "kafka.Kafka", str(self._properties)],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        atexit.register(self.close)
        self._wait_until_started()

    def stop(self) -> None:
        """Ask the broker to shut down in order, and wait until it has."""
        if self._process is None:
            return
        self.resume()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """SIGKILL: the broker is gone between two instructions."""
        running = self._running()
        running.kill()
        running.wait()
        self._process = None

    def suspend(self) -> None:
        """SIGSTOP: connections stay open, and nobody answers on them."""
        os.kill(self._running().pid, signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT after `suspend()`; harmless otherwise."""
        os.kill(self._running().pid, signal.SIGCONT)

    def restart(self) -> None:
        """Stop in order and start again on the same port and records."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End the broker, and remove the folder if this server made it; safe to repeat."""
        atexit.unregister(self.close)
        if self._process is not None and self._process.poll() is None:
            self.kill()
        if self._own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def create_topics(self, names: Sequence[str], partitions: int) -> None:
        """Create topics, each with `partitions` partitions and one replica."""
        async with admin_of(self.bootstrap) as admin:
            topics = [
                NewTopic(name, num_partitions=partitions, replication_factor=1) for name in names
            ]
            await admin.create_topics(topics)
            await _until(lambda: _lists(admin, names))

    async def empty_topics(self, names: Sequence[str], partitions: int) -> None:
        """Make topics anew, without whatever an earlier test left in them."""
        await self.delete_topics(names)
        await self.create_topics(names, partitions)

    async def delete_topics(self, names: Sequence[str]) -> None:
        """Delete those of the topics that exist."""
        async with admin_of(self.bootstrap) as admin:
            there = set(await admin.list_topics()) & set(names)
            if there:
                await admin.delete_topics(sorted(there))
            await _until(lambda: _lists_none(admin, there))

    @property
    def _log(self) -> Path:
        return self.folder / "broker.log"

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            message = "the broker is not running"
            raise RuntimeError(message)
        return self._process

    def _java(self, *options: str) -> list[str]:
        levels = [
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
        ]
        quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        return [java(), *quick, *options, *levels, "-cp", f"{kafka_jars()}/*"]

    def _format(self) -> None:
        logs = self.folder / "logs"
        if (logs / "meta.properties").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(
            _PROPERTIES.format(port=self.port, controller_port=self._controller_port, logs=logs)
        )
        tool = [*self._java(), "kafka.tools.StorageTool", "format"]
        ran = subprocess.run(
            [*tool, "--cluster-id", CLUSTER_ID, "--config", str(self._properties)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=START_SECONDS,
            check=False,
            text=True,
        )
        if ran.returncode:
            raise KafkaUnavailableError(reason=f"the storage tool refused: {ran.stdout[-300:]}")

    def _wait_until_started(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while STARTED not in self._log.read_text(errors="replace"):
            failed = self._running().poll() is not None
            if failed or time.monotonic() > deadline:
                tail = self._log.read_text(errors="replace")[-500:]
                self.kill()
                raise KafkaUnavailableError(reason=f"the broker did not start: {tail}")
            time.sleep(0.05)


async def _lists(admin: AIOKafkaAdminClient, names: Collection[str]) -> bool:
    described = await admin.describe_topics(list(names))
    return all(topic["partitions"] and not topic["error_code"] for topic in described)


async def _lists_none(admin: AIOKafkaAdminClient, names: Collection[str]) -> bool:
    return not set(await admin.list_topics()) & set(names)


async def _until(met: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(_TRIES):
        if await met():
            return
        await asyncio.sleep(0.02)


def _free_ports() -> tuple[int, int]:
    first, second = socket.socket(), socket.socket()
    with first, second:
        return _bound(first), _bound(second)


def _bound(opened: socket.socket) -> int:
    for port in random.sample(_PORTS, len(_PORTS)):
        try:
            opened.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
    raise KafkaUnavailableError(reason="no loopback port is free")
