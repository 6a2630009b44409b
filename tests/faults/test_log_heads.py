"""Why the log is what it is: three ways to hand facts on, under writers that overlap.

The usual outbox (a serial id, read by `id > last`) loses facts, because a transaction that took a
lower number commits later. Ordering by transaction loses none, but lets a customer's facts overtake
each other. The head row's lock does neither; `shared.log.append` is that log.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.engine import Database, DatabaseSettings
from shared.log.append import Entry, append
from shared.log.reading import Wanted, read_logs
from shared.log.tables import log_tables
from shared.testing.database import TestServer

pytestmark = pytest.mark.timeout(180)
WRITERS = 8
ROUNDS = 40
TOPIC = "obligor.rating"
TABLES = log_tables("rating")


@dataclass(frozen=True, slots=True)
class Turn:
    """One writer's turn: whom it is about, and how it dawdles; the same in every run."""

    writer: int
    number: int

    @property
    def customer(self) -> int:
        return (self.writer * 3 + self.number * 7) % 5 + 1

    async def dawdle(self, milliseconds: int) -> None:
        """Wait in about half of the turns, for up to so long."""
        share = (self.writer * 31 + self.number * 17) % 20
        if share < 10:
            await asyncio.sleep(milliseconds * share / 10_000)


Write = Callable[[AsyncConnection, Turn], Awaitable[None]]
Look = Callable[[AsyncConnection], Awaitable[list[tuple[int, int]]]]


@dataclass(slots=True)
class Seen:
    """What a reader got: (customer, version) in the order in which it came."""

    facts: list[tuple[int, int]] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Facts that were committed and never came."""
        return WRITERS * ROUNDS - len(set(self.facts))

    @property
    def overtaken(self) -> int:
        """Facts that came before an earlier one about the same customer."""
        last: dict[int, int] = {}
        wrong = 0
        for customer, version in self.facts:
            wrong += version != last.get(customer, 0) + 1
            last[customer] = version
        return wrong


@pytest.fixture
async def database(postgres: TestServer) -> AsyncIterator[Database]:
    url = await postgres.fresh()
    made = Database(DatabaseSettings(url, roles=False), "rating")
    async with made.transaction() as conn:
        await conn.execute(text("CREATE SCHEMA rating_log"))
        await conn.run_sync(TABLES.metadata.create_all)
        await conn.execute(text("CREATE TABLE customer (id int PRIMARY KEY, version int)"))
        await conn.execute(text("INSERT INTO customer SELECT g, 0 FROM generate_series(1, 5) g"))
        await conn.execute(text("CREATE TABLE inbox (id int)"))
        await conn.execute(
            text(
                "CREATE TABLE outbox (id bigserial PRIMARY KEY, "
                "tx xid8 DEFAULT pg_current_xact_id(), customer int, version int)"
            )
        )
    yield made
    await made.close()


async def contend(database: Database, write: Write, look: Look) -> Seen:
    """Many writers and one reader at once, until all is written and the reader finds no more."""
    seen = Seen()
    written = asyncio.Event()

    async def work(writer: int) -> None:
        for number in range(ROUNDS):
            async with database.transaction() as conn:
                await write(conn, Turn(writer, number))

    async def read() -> None:
        while True:
            last_look = written.is_set()
            async with database.transaction() as conn:
                found = await look(conn)
            seen.facts += found
            if last_look and not found:
                return
            await asyncio.sleep(0.001)

    reading = asyncio.create_task(read())
    await asyncio.gather(*(work(writer) for writer in range(WRITERS)))
    written.set()
    await reading
    return seen


async def next_version(conn: AsyncConnection, customer: int) -> int:
    moved = text("UPDATE customer SET version = version + 1 WHERE id = :id RETURNING version")
    return int((await conn.execute(moved, {"id": customer})).scalar_one())


async def announce_in_outbox(conn: AsyncConnection, turn: Turn) -> None:
    """The inbox row first, then the customer, then the outbox."""
    await conn.execute(text("INSERT INTO inbox VALUES (1)"))
    await turn.dawdle(20)
    version = await next_version(conn, turn.customer)
    await conn.execute(
        text("INSERT INTO outbox (customer, version) VALUES (:customer, :version)"),
        {"customer": turn.customer, "version": version},
    )


async def announce_early_in_outbox(conn: AsyncConnection, turn: Turn) -> None:
    """The serial number is taken at once, the commit comes later."""
    await conn.execute(
        text("INSERT INTO outbox (customer, version) VALUES (:writer, :number)"),
        {"writer": turn.writer, "number": turn.number},
    )
    await turn.dawdle(20)


async def announce_in_log(conn: AsyncConnection, turn: Turn) -> None:
    """As a service does: the log last, in the transaction that changes the customer."""
    await conn.execute(text("INSERT INTO inbox VALUES (1)"))
    await turn.dawdle(20)
    version = await next_version(conn, turn.customer)
    fact = Entry(TOPIC, turn.customer % 2, str(turn.customer), {}, str(version).encode())
    await append(conn, TABLES, [fact])
    await turn.dawdle(5)


def by_id() -> Look:
    last = 0

    async def look(conn: AsyncConnection) -> list[tuple[int, int]]:
        nonlocal last
        asked = text("SELECT * FROM outbox WHERE id > :last ORDER BY id LIMIT 100")
        rows = list(await conn.execute(asked, {"last": last}))
        last = rows[-1].id if rows else last
        return [(row.customer, row.version) for row in rows]

    return look


def by_transaction() -> Look:
    last = ("0", 0)

    async def look(conn: AsyncConnection) -> list[tuple[int, int]]:
        nonlocal last
        asked = text(
            "SELECT id, customer, version, CAST(tx AS text) AS at FROM outbox "
            "WHERE (tx, id) > (CAST(CAST(:tx AS text) AS xid8), :id) "
            "AND tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tx, id LIMIT 100"
        )
        rows = list(await conn.execute(asked, {"tx": last[0], "id": last[1]}))
        last = (rows[-1].at, rows[-1].id) if rows else last
        return [(row.customer, row.version) for row in rows]

    return look


def by_log(gaps: list[tuple[int, int]]) -> Look:
    positions = [0, 0]

    async def look(conn: AsyncConnection) -> list[tuple[int, int]]:
        await conn.execute(text("SELECT 1"))
        found = []
        for partition in (0, 1):
            wanted = Wanted("rating_log", TOPIC, positions[partition], 100)
            for row in await read_logs(conn, partition, [wanted]):
                if row.offset != positions[partition]:
                    gaps.append((partition, row.offset))
                positions[partition] = row.offset + 1
                found.append((int(row.key), int(row.value)))
        return found

    return look


async def test_a_reader_by_serial_number_loses_facts(database: Database) -> None:
    seen = await contend(database, announce_early_in_outbox, by_id())
    assert seen.lost > 0


async def test_a_reader_by_transaction_loses_none_but_facts_overtake(database: Database) -> None:
    seen = await contend(database, announce_in_outbox, by_transaction())
    assert seen.lost == 0
    assert seen.overtaken > 0


async def test_the_log_loses_nothing_and_nothing_overtakes(database: Database) -> None:
    gaps: list[tuple[int, int]] = []
    seen = await contend(database, announce_in_log, by_log(gaps))
    assert seen.lost == 0
    assert seen.overtaken == 0
    assert gaps == []


async def test_a_transaction_that_fails_leaves_no_gap_in_the_log(database: Database) -> None:
    fact = Entry(TOPIC, 0, "1", {}, b"1")
    for fails in (False, True, False, True, False):
        with pytest.raises(ZeroDivisionError) if fails else nullcontext():
            async with database.transaction() as conn:
                await append(conn, TABLES, [fact])
                assert 1 / (not fails)
    async with database.transaction() as conn:
        await conn.execute(text("SELECT 1"))
        rows = await read_logs(conn, 0, [Wanted("rating_log", TOPIC, 0, 10)])
    assert [row.offset for row in rows] == [0, 1, 2]
