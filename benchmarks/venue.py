"""Where the benchmarks take place: an Apache Kafka and a PostgreSQL of their own, on loopback."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
import psutil
from sqlalchemy.engine import make_url

from benchmarks import kafka_ends, warm
from benchmarks.few_rules import Account, Told, step
from benchmarks.peers.meter import SINK
from benchmarks.prototype import make_tables
from benchmarks.traffic import FIRST_DAY, TEMPLATES, Traffic, customer_id, history, stream
from services.monitoring.handlers import SERVICE
from shared.kernel.partitions import partition_of
from shared.testing.database import TestServer
from shared.testing.kafka_server import KafkaServer


@dataclass(slots=True)
class Venue:
    """Both servers. Databases are copies of a warm one, made once for each size."""

    kafka: KafkaServer
    postgres: TestServer
    _warm: dict[tuple[int, int], str] = field(default_factory=dict)

    async def product_database(self, customers: int, partitions: int) -> str:
        """The URL of a fresh database in which the customers have their history."""
        key = (customers, partitions)
        if key not in self._warm:
            await self.postgres.execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            self._warm[key] = await warm.warm_database(
                self.postgres, customers=customers, partitions=partitions
            )
            await self.postgres.execute("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
        return await self.postgres.copy_of(self._warm[key])

    async def prototype_database(self, customers: int, partitions: int) -> str:
        """The URL of a fresh database with the prototype's tables, and its customers' ledgers."""
        url = await self.postgres.fresh()
        ledgers = template_ledgers(min(customers, TEMPLATES))
        rows = {
            name: (partition_of(name, partitions), ledgers[number % TEMPLATES])
            for number, name in ((number, customer_id(number)) for number in range(customers))
        }
        async with warm.owner_of(url) as conn:
            await make_tables(conn, rows)
        return url

    async def drop(self, url: str) -> None:
        """Remove a database that is done with."""
        name = make_url(url).database
        await self.postgres.execute(f"DROP DATABASE {name} WITH (FORCE)", "CHECKPOINT")

    def postgres_cpu(self) -> float:
        """CPU seconds that PostgreSQL has used so far, with all its processes."""
        _, folder, _ = self.postgres.server.control
        postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        ended = postmaster.cpu_times()
        alive = sum(_used(process) for process in (postmaster, *postmaster.children()))
        return alive + ended.children_user + ended.children_system

    async def empty_topics(self, partitions: int) -> None:
        """Make every topic of the benchmarks anew."""
        topics = [*(each.topic for each in SERVICE.subscriptions), SERVICE.topic, SINK]
        await self.kafka.empty_topics(topics, partitions)

    async def fill_topic(self, traffic: Traffic) -> dict[int, int]:
        """Put the stream, and nothing else, into the topic of transactions."""
        await self.empty_topics(traffic.partitions)
        return await kafka_ends.fill(self.kafka.bootstrap, stream(traffic))


def _used(process: psutil.Process) -> float:
    """CPU seconds of one process; none where it has just ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def template_ledgers(count: int) -> list[Account]:
    """The prototype's ledgers of the template customers after their history."""
    ledgers: dict[str, Account] = {}
    decoder = msgspec.json.Decoder(Told)
    for message in history(range(count), 1):
        if message.key:
            account = ledgers.setdefault(message.key, Account())
            step(account, decoder.decode(message.value), FIRST_DAY.toordinal())
    return [ledgers[customer_id(number)] for number in range(count)]


@contextmanager
def opened() -> Iterator[Venue]:
    """Start both servers; PostgreSQL waits for the disk, as it does in production."""
    postgres = TestServer()
    try:
        with KafkaServer() as kafka:
            asyncio.run(postgres.execute("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()"))
            yield Venue(kafka, postgres)
    finally:
        postgres.close()
