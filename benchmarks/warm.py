"""A database that has been at work for a while: customers with their ledgers, and days closed.

The product itself takes the history of some template customers in; every other customer is a copy
of one of them, row by row, under its own name and in its own partition.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from typing import Any

import asyncpg
import msgspec
from sqlalchemy.engine import make_url

from benchmarks.traffic import (
    CURRENCY,
    FIRST_DAY,
    HISTORY_STEPS,
    SOURCE,
    TEMPLATES,
    Message,
    customer_id,
    history,
    usual_minor,
)
from services.monitoring.handlers import SERVICE as MONITORING
from services.rating.handlers import SERVICE as RATING
from services.screening.handlers import SERVICE as SCREENING
from services.tiering.handlers import SERVICE as TIERING
from shared.chassis.service import AnyService
from shared.chassis.tables import chassis_tables
from shared.chassis.worker import Worker
from shared.contracts import catalogue
from shared.contracts.envelope import first_of_chain
from shared.contracts.screening import CustomerRegistered, Identifier, LegalName
from shared.db.engine import Database
from shared.kernel.partitions import partition_of
from shared.log.append import Entry, append, headers_of
from shared.testing.database import TestServer
from shared.testing.workers import Bench, bench, running, spread, until

PATIENCE_SECONDS = 300.0
_PORTION = 2000
_COPY_AT_ONCE = 20_000


def publishers() -> list[AnyService]:
    """Monitoring, and whoever's log it reads."""
    return [SCREENING, RATING, TIERING, MONITORING]


async def warm_database(
    server: TestServer, *, customers: int, partitions: int, templates: int = TEMPLATES
) -> str:
    """The URL of a database where `customers` have a history, and nothing is left to be read."""
    url = await server.fresh(publishers(), partitions=partitions)
    made = bench(MONITORING, url, partitions=partitions)
    try:
        await _take_in(made, min(customers, templates))
        await _copy(made, customers, templates)
        await _as_if_new(made)
    finally:
        await made.database.close()
    await _settle(url)
    return url


def entry_of(message: Message) -> Entry:
    """A message as an entry of the log, for the transport that has no Kafka."""
    topic = catalogue.TRANSACTIONS
    return Entry(topic, message.partition, message.key, dict(message.headers), message.value)


def registered(numbers: Iterable[int], partitions: int) -> Iterator[Entry]:
    """What screening says of customers that it has registered."""
    event_type = catalogue.EVENT_TYPES[CustomerRegistered]
    for offset, number in enumerate(numbers):
        name = customer_id(number)
        event = CustomerRegistered(
            customer_id=name,
            legal_names=(LegalName(name=f"Customer {number} GmbH"),),
            country="DE",
            identifiers=(Identifier(scheme="tax", value=f"DE{number:09d}"),),
            registered_on=FIRST_DAY,
            segment="wholesale",
        )
        envelope = first_of_chain(
            event_id=f"registered/{offset}",
            source="/screening",
            event_type=event_type,
            time=datetime.combine(FIRST_DAY, time(12), UTC),
            subject=name,
        )
        place = partition_of(name, partitions)
        value = catalogue.encode(event)
        yield Entry(catalogue.SCREENING, place, name, headers_of(envelope), value)


async def fill_log(url: str, messages: Iterable[Message]) -> dict[int, int]:
    """Put messages into monitoring's log at once; returns how many there are of each partition."""
    counts: dict[int, int] = {}
    rows = []
    for message in messages:
        offset = counts.get(message.partition, 0)
        counts[message.partition] = offset + 1
        headers = msgspec.json.encode(dict(message.headers)).decode()
        place = (catalogue.TRANSACTIONS, message.partition, offset)
        rows.append((*place, message.key, headers, message.value))
    async with owner_of(url) as conn:
        await conn.copy_records_to_table(
            "log",
            schema_name=MONITORING.log_schema,
            columns=["topic", "partition", "offset", "key", "headers", "value"],
            records=rows,
        )
        await conn.executemany(
            f"INSERT INTO {MONITORING.log_schema}.log_head VALUES ($1, $2, $3)",
            [(catalogue.TRANSACTIONS, place, count) for place, count in sorted(counts.items())],
        )
        await conn.execute(f"VACUUM ANALYZE {MONITORING.log_schema}.log")
    return counts


@asynccontextmanager
async def owner_of(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the database's owner."""
    at = make_url(url)
    host = at.query.get("host", at.host)
    conn = await asyncpg.connect(host=str(host), user=at.username, database=at.database)
    try:
        yield conn
    finally:
        await conn.close()


async def _take_in(made: Bench, templates: int) -> None:
    await _register(made, range(templates))
    told = [entry_of(each) for each in history(range(templates), made.partitions)]
    for portion in spread(told, _PORTION):
        await made.append(*portion)
    worker = made.worker()
    async with running(worker):
        await until(lambda: _has_read(made, worker, len(told)), seconds=PATIENCE_SECONDS)
    letters = await made.fetch("SELECT code, reason FROM monitoring.dead_letter LIMIT 3")
    if letters:
        message = f"the history was refused: {letters}"
        raise RuntimeError(message)


async def _register(made: Bench, numbers: Iterable[int]) -> None:
    tables = chassis_tables(SCREENING.name, SCREENING.metadata)
    database = Database(made.database.settings, SCREENING.name)
    async with database.transaction() as conn:
        await append(conn, tables.log, list(registered(numbers, made.partitions)))
    await database.close()


async def _has_read(made: Bench, worker: Worker[Any, Any], count: int) -> bool:
    if worker.tripped is not None:
        raise RuntimeError(worker.tripped)
    rows = await made.fetch(
        "SELECT coalesce(sum(position), 0) AS read FROM monitoring.checkpoint WHERE topic = :topic",
        topic=catalogue.TRANSACTIONS,
    )
    return bool(rows[0].read == count)


async def _copy(made: Bench, customers: int, templates: int) -> None:
    """Give every customer beyond the templates a copy of its template's rows."""
    async with owner_of(made.database.settings.url) as conn:
        tables = await _tables_by_customer(conn)
        await conn.execute("CREATE TEMP TABLE twin (template text, name text, partition int)")
        for first in range(templates, customers, _COPY_AT_ONCE):
            numbers = range(first, min(customers, first + _COPY_AT_ONCE))
            await conn.execute("TRUNCATE twin")
            await conn.copy_records_to_table(
                "twin", records=[_twin(number, templates, made.partitions) for number in numbers]
            )
            for table in tables:
                await conn.execute(await _twins_of(conn, table))
            await conn.execute(_SEEN)
        await conn.execute("DELETE FROM monitoring.partition_total")
        totals = _totals(customers, made.partitions)
        await conn.executemany(
            "INSERT INTO monitoring.partition_total VALUES ($1, $2, $3, $4)", totals
        )


def _twin(number: int, templates: int, partitions: int) -> tuple[str, str, int]:
    name = customer_id(number)
    return customer_id(number % templates), name, partition_of(name, partitions)


async def _tables_by_customer(conn: asyncpg.Connection) -> list[str]:
    """The tables whose key begins with a customer."""
    found = await conn.fetch(
        "SELECT c.table_name FROM information_schema.columns c "
        "JOIN information_schema.key_column_usage k USING (table_schema, table_name, column_name) "
        "WHERE table_schema = 'monitoring' AND c.column_name = 'customer_id'"
    )
    return sorted({row["table_name"] for row in found})


async def _twins_of(conn: asyncpg.Connection, table: str) -> str:
    columns = await conn.fetch(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = 'monitoring' AND table_name = $1 ORDER BY ordinal_position",
        table,
    )
    names = [row["column_name"] for row in columns]
    chosen = [_CHANGED.get(name, f'o."{name}"') for name in names]
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        f'INSERT INTO monitoring."{table}" ({listed}) SELECT {", ".join(chosen)} '
        f'FROM monitoring."{table}" o JOIN twin ON twin.template = o.customer_id'
    )


_CHANGED = {
    "customer_id": "twin.name",
    "partition": "twin.partition",
    "event_id": "replace(o.event_id, twin.template, twin.name)",
}
_SEEN = (
    "INSERT INTO monitoring.seen SELECT o.source, replace(o.event_id, twin.template, twin.name), "
    "o.body_hash, o.status, twin.partition, o.recorded_at FROM twin CROSS JOIN "
    f"generate_series(0, {HISTORY_STEPS - 1}) AS step JOIN monitoring.seen o "
    f"ON o.source = '{SOURCE}' AND o.event_id = '{SOURCE}/h' || step || '/' || twin.template"
)


def _totals(customers: int, partitions: int) -> list[tuple[int, str, int, int]]:
    owed, owing = Counter[int](), Counter[int]()
    for number in range(customers):
        place = partition_of(customer_id(number), partitions)
        owed[place] += usual_minor(number)
        owing[place] += 1
    return [(place, CURRENCY, owed[place], owing[place]) for place in sorted(owing)]


async def _as_if_new(made: Bench) -> None:
    """Empty every log and forget every position: what comes now comes first."""
    async with owner_of(made.database.settings.url) as conn:
        for service in publishers():
            logs = ", ".join(
                f"{service.log_schema}.{name}" for name in ("log", "log_head", "log_reader")
            )
            await conn.execute(f"TRUNCATE {logs}")
        await conn.execute("DELETE FROM monitoring.checkpoint")
        await conn.execute("UPDATE monitoring.partition_state SET transport = NULL")


async def _settle(url: str) -> None:
    async with owner_of(url) as conn:
        await conn.execute("VACUUM ANALYZE")
        await conn.execute("CHECKPOINT")
