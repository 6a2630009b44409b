"""How soon the whole loop answers a transaction: with a warning, a grade, a tier, a case.

    python -m benchmarks.whole_loop [--rate 500] [--seconds 15] [--customers 400] [--only five|one]

`five` is one process per service over Apache Kafka, `one` is all in one process on PostgreSQL's
logs; in both, the doors run too. The load is open: an event's clock starts when it is due. A stage
has answered when its event stands in its service's log, by the database's clock; the commit follows
at once. Only events that bounce a payment set the loop in motion, first one, then a second for each
customer; the rest are calm orders.
"""

import argparse
import asyncio
import csv
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from aiokafka import AIOKafkaProducer

from benchmarks import report
from benchmarks.kafka_ends import TOPIC, headers_of
from benchmarks.latency import quantile
from benchmarks.traffic import CURRENCY, FIRST_DAY, SOURCE, Message, customer_id
from benchmarks.warm import entry_of, owner_of
from obligor.services import PLATFORM
from services.monitoring.handlers import SERVICE as MONITORING
from shared.bus.port import CHANNEL
from shared.chassis.tables import chassis_tables
from shared.db.engine import Database, DatabaseSettings
from shared.kernel.partitions import partition_of
from shared.log.append import append
from shared.testing.database import TestServer
from shared.testing.kafka_server import KafkaServer
from shared.testing.processes import ObligorProcess, run_command

SERVICES = tuple(wiring.service.name for wiring in PLATFORM)
STAGES = {
    "warning": ("monitoring", "monitoring.warning_%"),
    "grade": ("rating", "rating.grade_%"),
    "tier": ("tiering", "tiering.tier_assigned%"),
    "case": ("recovery", "recovery.case_opened%"),
}
PARTITIONS = 4
CALM_CUSTOMERS = 200
EVERY = 8
TICK_SECONDS = 0.005
PATIENCE_SECONDS = 60.0
_DAYS_LATE = 3
_COLUMNS = (
    "type",
    "customer_id",
    "name",
    "country",
    "invoice_id",
    "invoice_date",
    "due_date",
    "value_date",
    "payment_id",
    "amount",
    "currency",
    "method",
)
_ANSWERS = """
SELECT headers->>'ce_correlationid' AS event_id, extract(epoch FROM min(appended_at))::float8 AS at
FROM {}_log.log WHERE topic = $1 AND headers->>'ce_type' LIKE $2
    AND headers->>'ce_correlationid' LIKE $3 GROUP BY 1
"""

Send = Callable[[Sequence[Message]], Awaitable[None]]


def history_file(path: Path, customers: int) -> Path:
    """Two invoices of every customer, paid a day after they were due; then a few days of nothing."""
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, _COLUMNS, restval="")
        writer.writeheader()
        for number in range(customers + CALM_CUSTOMERS):
            writer.writerows(_history_of(customer_id(number)))
    return path


def _history_of(name: str) -> Iterator[dict[str, object]]:
    yield {"type": "customer", "customer_id": name, "name": f"{name} GmbH", "country": "DE"}
    for number in (1, 2):
        known = {
            "customer_id": name,
            "invoice_id": f"IN-{name}-{number}",
            "currency": CURRENCY,
            "amount": "9500.00",
        }
        due = FIRST_DAY + timedelta(days=1)
        yield known | {"type": "invoice.issued", "invoice_date": FIRST_DAY, "due_date": due}
        yield known | {
            "type": "payment.received",
            "payment_id": f"PM-{name}-{number}",
            "value_date": due + timedelta(days=_DAYS_LATE - 1),
            "method": "transfer",
        }


def stream(events: int, customers: int, day: date) -> Iterator[Message]:
    """Calm orders, and every eighth event a bounce: everybody's first, then everybody's second."""
    for number in range(events):
        turn, place = divmod(number, EVERY)
        if place == 0 and turn < 2 * customers:
            which, customer = divmod(turn, customers)
            name = customer_id(customer)
            payment = f"PM-{name}-{which + 1}"
            body = f'{{"payment_id":"{payment}","reason":"insufficient_funds","date":"{day}"}}'
            yield _message(number, name, "payment.bounced", body, day)
        else:
            name = customer_id(customers + number % CALM_CUSTOMERS)
            body = f'{{"order_id":"SO-{number}","amount":"950.00","currency":"{CURRENCY}"}}'
            yield _message(number, name, "order.placed", body, day)


def _message(number: int, name: str, event_type: str, body: str, day: date) -> Message:
    headers = (
        ("ce_specversion", "1.0"),
        ("ce_id", f"{SOURCE}/loop/{number}"),
        ("ce_source", SOURCE),
        ("ce_type", event_type),
        ("ce_time", f"{day}T10:00:00+00:00"),
        ("content-type", "application/json"),
    )
    return Message(partition_of(name, PARTITIONS), name, headers, body.encode())


@contextmanager
def five_processes(folder: Path, url: str, broker: KafkaServer) -> Iterator[str]:
    """A process per service, over Kafka; gives their addresses."""
    environment = {
        "OBLIGOR_DATABASE_URL": url,
        "OBLIGOR_TRANSPORT": "kafka",
        "OBLIGOR_KAFKA_BOOTSTRAP": broker.bootstrap,
    }
    run_command(["migrate"], url="http://127.0.0.1:1", environment=environment)
    with ExitStack() as stack:
        five = {
            name: stack.enter_context(
                ObligorProcess(["serve", name], log=folder / f"{name}.log", environment=environment)
            )
            for name in SERVICES
        }
        yield ",".join(f"{name}={process.url}" for name, process in five.items())


@contextmanager
def one_process(folder: Path, url: str) -> Iterator[str]:
    """All in one, on PostgreSQL's logs."""
    with ObligorProcess(
        ["up", "--data", str(folder / "one")],
        log=folder / "one.log",
        environment={"OBLIGOR_DATABASE_URL": url},
    ) as process:
        yield process.url


@asynccontextmanager
async def sending_to_kafka(broker: KafkaServer) -> AsyncIterator[Send]:
    """Sends messages to the topic of transactions."""
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
    await producer.start()

    async def send(messages: Sequence[Message]) -> None:
        for message in messages:
            await producer.send(
                TOPIC,
                message.value,
                key=message.key.encode(),
                partition=message.partition,
                headers=headers_of(message),
            )

    try:
        yield send
    finally:
        await producer.stop()


@asynccontextmanager
async def sending_to_the_log(url: str) -> AsyncIterator[Send]:
    """Appends messages to monitoring's log, and rings, as its door does."""
    database = Database(DatabaseSettings(url), MONITORING.name)
    tables = chassis_tables(MONITORING.name, MONITORING.metadata)
    async with owner_of(url) as bell:

        async def send(messages: Sequence[Message]) -> None:
            async with database.transaction() as conn:
                await append(conn, tables.log, [entry_of(message) for message in messages])
            for place in {message.partition for message in messages}:
                await bell.execute("SELECT pg_notify($1, $2)", CHANNEL, f"{TOPIC}/{place}")

        yield send
    await database.close()


async def produce(send: Send, messages: Sequence[Message], rate: float) -> dict[str, float]:
    """Send messages when they are due; returns when that was, by id, in seconds since 1970."""
    began, wall, sent = time.monotonic(), time.time(), 0
    due = {dict(each.headers)["ce_id"]: wall + at / rate for at, each in enumerate(messages)}
    while sent < len(messages):
        through = min(len(messages), int((time.monotonic() - began) * rate) + 1)
        if through > sent:
            await send(messages[sent:through])
            sent = through
        await asyncio.sleep(TICK_SECONDS)
    return due


async def stages(url: str, due: Mapping[str, float]) -> list[dict[str, object]]:
    """How long each stage took, once the last one has come to rest."""
    rows: list[dict[str, object]] = []
    async with owner_of(url) as conn:
        for stage, (service, event_type) in STAGES.items():
            query = _ANSWERS.format(service)
            topic = f"obligor.{service}"
            found = await conn.fetch(query, topic, event_type, f"{SOURCE}/loop/%")
            waits = sorted(row["at"] - due[row["event_id"]] for row in found)
            rows.append(
                {
                    "stage": stage,
                    "events": len(waits),
                    "p50 ms": quantile(waits, 0.5),
                    "p99 ms": quantile(waits, 0.99),
                    "largest ms": quantile(waits, 1.0),
                }
            )
    return rows


async def _settled(url: str) -> None:
    """Wait until nothing more is said."""
    before = -1
    for _ in range(int(PATIENCE_SECONDS)):
        async with owner_of(url) as conn:
            logs = " + ".join(f"(SELECT count(*) FROM {name}_log.log)" for name in SERVICES)
            count = await conn.fetchval(f"SELECT {logs}")
        if count == before:
            return
        before = count
        await asyncio.sleep(1.0)
    message = f"not at rest after {PATIENCE_SECONDS:.0f} s"
    raise TimeoutError(message)


def run(asked: argparse.Namespace, kind: str) -> list[dict[str, object]]:
    """One way to run the platform, measured."""
    events = int(asked.rate * asked.seconds)
    day = FIRST_DAY + timedelta(days=_DAYS_LATE + 1)
    messages = list(stream(events, asked.customers, day))
    postgres = TestServer()
    with TemporaryDirectory(prefix="obligor-") as found, ExitStack() as stack:
        folder = Path(found)
        folder.chmod(0o755)
        stack.callback(postgres.close)
        asyncio.run(postgres.execute("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()"))
        url = asyncio.run(postgres.fresh())
        broker = stack.enter_context(KafkaServer()) if kind == "five" else None
        platform = five_processes(folder, url, broker) if broker else one_process(folder, url)
        address = stack.enter_context(platform)
        file = history_file(folder / "history.csv", asked.customers)
        run_command(["import", "receivables", str(file), "--preset", "plain"], url=address)
        return asyncio.run(_measured(url, broker, messages, asked.rate))


async def _measured(
    url: str, broker: KafkaServer | None, messages: Sequence[Message], rate: float
) -> list[dict[str, object]]:
    async with owner_of(url) as conn:
        closed = await conn.fetchval("SELECT min(closed_on) FROM monitoring.partition_state")
    messages = [_on(each, (closed + timedelta(days=1)).isoformat()) for each in messages]
    sending = sending_to_kafka(broker) if broker else sending_to_the_log(url)
    async with sending as send:
        due = await produce(send, messages, rate)
        await _settled(url)
    return await stages(url, due)


def _on(message: Message, today: str) -> Message:
    """The message on the ledger's business day."""
    was = dict(message.headers)["ce_time"][:10]
    headers = tuple((name, value.replace(was, today)) for name, value in message.headers)
    value = message.value.replace(was.encode(), today.encode())
    return message._replace(headers=headers, value=value)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one process, five, or both."""
    parser = argparse.ArgumentParser(prog="benchmarks.whole_loop", description=__doc__)
    parser.add_argument("--rate", type=float, default=500.0)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--customers", type=int, default=400)
    parser.add_argument("--only", choices=["one", "five"])
    asked = parser.parse_args(arguments)
    report.print_machine()
    found: dict[str, object] = {"transactions a second": asked.rate}
    for kind in [asked.only] if asked.only else ["one", "five"]:
        rows = run(asked, kind)
        title = "all in one process" if kind == "one" else "five processes over Kafka"
        report.print_rows(f"{title}, {asked.rate:,.0f} transactions/s", rows)
        found[kind] = rows
    report.write_json("whole_loop", found)


if __name__ == "__main__":
    main()
