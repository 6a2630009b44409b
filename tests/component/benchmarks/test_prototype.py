"""The prototype's write path and the warm database on a tiny stream: no Kafka, the same promises."""

from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest

from benchmarks import product
from benchmarks.few_rules import Account
from benchmarks.prototype import FencedError, Incoming, Partition, Write, make_tables
from benchmarks.pure_pass import PurePass
from benchmarks.traffic import BOUNCE, Message, Traffic, customer_id, stream
from benchmarks.venue import template_ledgers
from benchmarks.warm import fill_log, owner_of, warm_database
from shared.bus.port import Record
from shared.contracts import catalogue
from shared.testing.database import TestServer
from shared.testing.workers import NOON

TRAFFIC = Traffic(customers=20, events=150, partitions=1, warned=0.1)
MESSAGES = list(stream(TRAFFIC))
BOUNCES = sum(dict(message.headers)["ce_type"] == BOUNCE for message in MESSAGES)


def incoming(messages: Sequence[Message]) -> list[Incoming]:
    rows = [(message, dict(message.headers)) for message in messages]
    return [
        Incoming(
            position,
            message.key,
            headers["ce_id"],
            headers["ce_source"],
            headers["ce_type"],
            headers["ce_time"],
            message.value,
        )
        for position, (message, headers) in enumerate(rows)
    ]


def record(message: Message) -> Record:
    topic, headers = catalogue.TRANSACTIONS, dict(message.headers)
    key, value = message.key, message.value
    return Record(topic, message.partition, 0, None, key, headers, value, NOON)


def ledgers() -> dict[str, tuple[int, Account]]:
    return {
        customer_id(number): (0, account)
        for number, account in enumerate(template_ledgers(TRAFFIC.customers))
    }


@pytest.fixture
async def conn(postgres: TestServer) -> AsyncIterator[asyncpg.Connection]:
    async with owner_of(await postgres.fresh()) as found:
        await make_tables(found, ledgers())
        yield found


async def after(
    conn: asyncpg.Connection, records: Sequence[Incoming], *, size: int, write: Write = Write.COPY
) -> list[tuple[object, ...]]:
    partition = Partition(0, write=write)
    await partition.take_over(conn)
    for start in range(0, len(records), size):
        await partition.run(conn, records[start : start + size], TRAFFIC.day)
    rows = await conn.fetch(
        "SELECT customer_id, open_minor, overdue_minor, exposure_minor, state FROM account "
        "ORDER BY customer_id"
    )
    return [tuple(row) for row in rows]


async def count(conn: asyncpg.Connection, table: str) -> int:
    return int(await conn.fetchval(f"SELECT count(*) FROM {table}"))


@pytest.mark.parametrize("write", list(Write))
async def test_every_way_to_write_ends_with_the_same_ledger(
    postgres: TestServer, conn: asyncpg.Connection, write: Write
) -> None:
    quiet = await after(conn, incoming(MESSAGES), size=50)
    async with owner_of(await postgres.fresh()) as other:
        await make_tables(other, ledgers())
        assert await after(other, incoming(MESSAGES), size=50, write=write) == quiet
        assert await count(other, "fact") == len(MESSAGES)


async def test_every_bounce_is_a_warning(conn: asyncpg.Connection) -> None:
    await after(conn, incoming(MESSAGES), size=40)
    assert await count(conn, "warning WHERE indicator = 'T09'") == BOUNCES


async def test_duplicates_change_nothing(postgres: TestServer, conn: asyncpg.Connection) -> None:
    records = incoming(MESSAGES)
    once = await after(conn, records, size=50)
    async with owner_of(await postgres.fresh()) as other:
        await make_tables(other, ledgers())
        again = [*records[:60], *records[20:90], *records[90:], *records[100:]]
        assert await after(other, again, size=35) == once
        assert await count(other, "fact") == len(MESSAGES)


async def test_the_same_document_under_a_new_id_is_a_duplicate(conn: asyncpg.Connection) -> None:
    records = incoming(MESSAGES)
    twin = records[0]._replace(event_id="another")
    await after(conn, [*records, twin], size=len(records))
    assert await count(conn, "fact") == len(MESSAGES)


async def test_the_log_has_no_gaps(conn: asyncpg.Connection) -> None:
    await after(conn, incoming(MESSAGES), size=30)
    offsets = await conn.fetch('SELECT "offset" FROM log ORDER BY 1')
    assert [row[0] for row in offsets] == list(range(len(offsets)))
    assert await conn.fetchval("SELECT next_offset FROM log_head") == len(offsets)


async def test_the_checkpoint_stands_behind_the_last_record(conn: asyncpg.Connection) -> None:
    await after(conn, incoming(MESSAGES), size=64)
    assert await conn.fetchval("SELECT position FROM checkpoint") == len(MESSAGES)


async def test_one_that_was_replaced_writes_nothing(conn: asyncpg.Connection) -> None:
    zombie, heir = Partition(0), Partition(0)
    await zombie.take_over(conn)
    await heir.take_over(conn)
    with pytest.raises(FencedError):
        await zombie.run(conn, incoming(MESSAGES[:10]), TRAFFIC.day)
    assert await count(conn, "fact") == 0


async def test_the_product_takes_the_stream_of_a_warm_database(postgres: TestServer) -> None:
    url = await warm_database(postgres, customers=TRAFFIC.customers, partitions=1)
    await fill_log(url, MESSAGES)
    tally = await product.consume(url, expected=len(MESSAGES), partitions=1, seconds=30)
    assert (tally.taken, dict(tally.parked)) == (len(MESSAGES), {})
    async with owner_of(url) as conn:
        known = await count(conn, "monitoring.fact")
    assert known == len(MESSAGES) + 6 * TRAFFIC.customers
    assert await product.warnings_in(url) >= BOUNCES


async def test_customers_beyond_the_templates_are_copies(
    postgres: TestServer,
) -> None:
    url = await warm_database(postgres, customers=12, partitions=2, templates=5)
    async with owner_of(url) as conn:
        assert await count(conn, "monitoring.account") == 12
        assert await count(conn, "monitoring.fact") == 12 * 6
        assert await count(conn, "monitoring.seen WHERE event_id LIKE '%/h_/%'") == 12 * 6


async def test_the_pure_pass_warns_as_the_product_does(postgres: TestServer) -> None:
    url = await warm_database(postgres, customers=TRAFFIC.customers, partitions=1)
    passing = await PurePass.prepared(url, 1)
    assert passing.take(0, [record(message) for message in MESSAGES]) == len(MESSAGES)
    assert passing.warned >= BOUNCES
