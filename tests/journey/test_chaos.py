"""Under load everything goes wrong that can, and nothing is different in the end.

Two workers of monitoring drain a topic of five hundred days. Meanwhile they are killed, put to sleep
and woken again, the database crashes, the broker is killed. Ledger, warnings,
decisions, checkpoints and what was announced must be those of a quiet run of one worker over the
same records; of exposures, which a batch may join, the last word per customer and day.

The policy is the shipped one without concentration (L06): what all partitions are owed together reaches
it from whoever is ahead, which only the day barrier makes the same in two runs.
"""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
import yaml
from aiokafka import AIOKafkaProducer

from obligor.facts import DayOfFacts
from obligor.sample.portfolio import build_sample
from services.monitoring.handlers import SERVICE
from shared.contracts import catalogue
from shared.db.engine import Database, DatabaseSettings
from shared.log.append import Entry
from shared.policies.book import PolicyBook
from shared.policies.versions import (
    PolicyDraft,
    Verdict,
    decide_on_draft,
    draft_policy,
    policy_table,
)
from shared.testing.database import TestServer
from shared.testing.equality import Story, differences, story_of
from shared.testing.five import day_end, fact
from shared.testing.kafka_server import KafkaServer
from shared.testing.processes import ObligorProcess
from tests.journey.history import LAST_DAY
from tests.journey.over_kafka import environment_of, migrate, rows_of

DAYS = 500
PARTITIONS = 4
PATIENCE_SECONDS = 300.0
SEED = 7
_AT = (
    ("at", "SELECT partition, position FROM monitoring.checkpoint WHERE topic LIKE '%transact%'"),
)

_BRIEF = (
    (
        "warnings",
        "SELECT customer_id, indicator, raised_on, resolved_on, said, held FROM monitoring.warning",
    ),
)


async def leave_out_concentration(url: str) -> None:
    """Have a policy in force from the beginning that says nothing of L06."""
    body = yaml.safe_load(SERVICE.policy_file.read_text())
    version = f"{body.pop('version')}-alone"
    body["warnings"]["indicators"]["L06"]["retired"] = True
    draft = PolicyDraft(version, days()[0].day, yaml.safe_dump(body), "ada", "")
    verdict = Verdict(version, "bob", approved=True, note="")
    database, table = Database(DatabaseSettings(url), SERVICE.name), policy_table(SERVICE.metadata)
    async with database.transaction() as conn:
        await draft_policy(conn, table, draft, PolicyBook[object]([]))
        await decide_on_draft(conn, table, verdict, business_day=None)
    await database.close()


def days() -> tuple[DayOfFacts, ...]:
    """The last days of the sample, of all its customers."""
    return build_sample(last_day=LAST_DAY).history.days[-DAYS:]


def records() -> Iterator[Entry]:
    """The facts of each day, then its end in every partition, with a repetition now and then."""
    dice = Random(SEED)
    history = days()
    yield from day_end(history[0].day, partitions=PARTITIONS)
    for day in history[1:]:
        facts = [
            fact(each.event, customer_id=each.customer_id, event_id=each.id, day=each.day)
            for each in day.transactions
        ]
        yield from facts
        yield from (each for each in facts if dice.random() < 0.02)
        yield from day_end(day.day, partitions=PARTITIONS)


async def publish(broker: KafkaServer) -> dict[str, int]:
    """Write the records to Kafka as an upstream system does; returns how many by partition."""
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
    await producer.start()
    counts = dict.fromkeys(map(str, range(PARTITIONS)), 0)
    try:
        for each in records():
            headers = [(name, value.encode()) for name, value in sorted(each.headers.items())]
            await producer.send(
                catalogue.TRANSACTIONS,
                value=each.value,
                key=each.key.encode(),
                headers=headers,
                partition=each.partition,
            )
            counts[str(each.partition)] += 1
        await producer.flush()
    finally:
        await producer.stop()
    return counts


def worker(number: int, folder: Path, environment: dict[str, str]) -> ObligorProcess:
    arguments = ["serve", "monitoring", "--role", "worker"]
    return ObligorProcess(arguments, log=folder / f"{number}.log", environment=environment)


def drained(url: str, counts: dict[str, int]) -> None:
    """Wait until every record is behind a checkpoint."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if positions(url) == counts:
            return
        time.sleep(0.5)
    raise AssertionError((positions(url), counts))


def positions(url: str) -> dict[str, int]:
    found = asyncio.run(rows_of(url, _AT))["at"]
    return {partition: int(position) for partition, position in found}


def half_way(url: str, counts: dict[str, int], share: float) -> None:
    """Wait until a share of the records is behind the checkpoints."""
    wanted = share * sum(counts.values())
    deadline = time.monotonic() + PATIENCE_SECONDS
    while sum(positions(url).values()) < wanted:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def crash(postgres: TestServer) -> None:
    """Stop PostgreSQL as a power cut does, and start it again."""
    programs, folder, user = postgres.server.control
    command = [str(Path(programs) / "pg_ctl"), "-D", str(folder), "-w", "-m", "immediate"]
    restart = [*command, "-l", str(folder / "log"), "restart"]
    subprocess.run(restart, user=user, check=True)  # noqa: S603  # a program of our own


def quiet_run(folder: Path, url: str, broker: KafkaServer, counts: dict[str, int]) -> None:
    with worker(0, folder, environment_of(url, broker)):
        drained(url, counts)


def chaotic_run(
    folder: Path, url: str, broker: KafkaServer, counts: dict[str, int], postgres: TestServer
) -> None:
    environment = environment_of(url, broker)
    with ExitStack() as stack:
        first, second = worker(1, folder, environment), worker(2, folder, environment)
        for each in (first, second):
            stack.enter_context(each)
        half_way(url, counts, 0.01)
        first.kill()
        first.start()
        half_way(url, counts, 0.03)
        broker.kill()
        broker.start()
        half_way(url, counts, 0.05)
        crash(postgres)
        half_way(url, counts, 0.08)
        second.suspend()
        half_way(url, counts, 0.1)
        assert positions(url) != counts, "all was over before the last blow fell"
        second.resume()
        second.kill()
        second.start()
        drained(url, counts)


@pytest.mark.kafka
@pytest.mark.faults
@pytest.mark.timeout(900)
def test_chaos_ends_where_a_quiet_run_ends(postgres: TestServer, kafka_server: KafkaServer) -> None:
    quiet, chaotic = (asyncio.run(postgres.fresh()) for _ in range(2))
    with TemporaryDirectory(prefix="obligor-") as found:
        folder = Path(found)
        folder.chmod(0o755)
        migrate(quiet, kafka_server)
        migrate(chaotic, kafka_server)
        for url in (quiet, chaotic):
            asyncio.run(leave_out_concentration(url))
        counts = asyncio.run(publish(kafka_server))
        quiet_run(folder, quiet, kafka_server, counts)
        chaotic_run(folder, chaotic, kafka_server, counts, postgres)
    brief = [set(asyncio.run(rows_of(url, _BRIEF))["warnings"]) for url in (quiet, chaotic)]
    assert sorted(brief[0] ^ brief[1]) == []  # first what tells most in the fewest words
    expected, ended = (asyncio.run(told_by(url)) for url in (quiet, chaotic))
    assert differences(expected, ended) == []
    assert expected["warning"]


async def told_by(url: str) -> Story:
    """Everything that monitoring's tables and its topic say."""
    database = Database(DatabaseSettings(url), SERVICE.name)
    try:
        return await story_of(database, SERVICE)
    finally:
        await database.close()
