"""What a batch of one event costs: at low rates most batches are that small, and one waits for them.

    python -m benchmarks.small_batches [--events 500] [--rounds 3]

The product is monitoring's worker on the postgres transport; each order is appended once the batch
before has been committed. The floor is the least that such a batch has to do, in bare asyncpg: lock the
partition, write the fact and the account, append what is said, move the checkpoint, commit.
`CPU ms` is this process's own, appending left out; `ms` is from the append to the commit.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count, islice
from statistics import median

import asyncpg

from benchmarks import report
from benchmarks.product import worker_of
from benchmarks.warm import owner_of
from services.monitoring.handlers import SERVICE as MONITORING
from services.rating.handlers import SERVICE as RATING
from services.screening.handlers import SERVICE as SCREENING
from services.tiering.handlers import SERVICE as TIERING
from shared.contracts import transactions as tx
from shared.log.append import Entry
from shared.testing.database import TestServer
from shared.testing.workers import Bench, bench, running

CUSTOMERS = 50
DAY = date(2026, 3, 1)
_SIZE = 400  # bytes of a fact, and of what is said of it
_TABLES = """
CREATE TABLE lease (partition int PRIMARY KEY, version bigint, position bigint);
CREATE TABLE fact (number bigint PRIMARY KEY, value bytea);
CREATE TABLE account (customer_id text PRIMARY KEY, state bytea);
CREATE TABLE log (number bigint PRIMARY KEY, value bytea);
INSERT INTO lease VALUES (0, 0, 0)
"""

Row = Mapping[str, object]


async def floor(postgres: TestServer, events: int) -> Row:
    """The bare statements, one transaction an event."""
    waits: list[float] = []
    async with owner_of(await postgres.fresh()) as conn:
        await conn.execute(_TABLES)
        began = time.process_time()
        for number in range(events):
            start = time.perf_counter()
            await _least(conn, number)
            waits.append(time.perf_counter() - start)
        spent = time.process_time() - began
    return _row("floor", waits, spent)


async def _least(conn: "asyncpg.Connection[asyncpg.Record]", number: int) -> None:
    value = bytes(_SIZE)
    async with conn.transaction():
        await conn.fetchrow("SELECT version FROM lease WHERE partition = 0 FOR UPDATE")
        await conn.execute("INSERT INTO fact VALUES ($1, $2)", number, value)
        await conn.execute(
            "INSERT INTO account VALUES ($1, $2) "
            "ON CONFLICT (customer_id) DO UPDATE SET state = excluded.state",
            f"C{number % CUSTOMERS}",
            value,
        )
        await conn.execute("INSERT INTO log VALUES ($1, $2)", number, value)
        await conn.execute("UPDATE lease SET version = version + 1, position = $1", number)


async def product(postgres: TestServer, events: int) -> Row:
    """Monitoring's worker, a batch an order."""
    url = await postgres.fresh([MONITORING, SCREENING, RATING, TIERING], partitions=1)
    desk = bench(MONITORING, url, partitions=1)
    committed, transport = asyncio.Event(), desk.transport()
    worker = worker_of(
        desk.database, transport, partitions=1, on_committed=lambda *_batch: committed.set()
    )
    closed = tx.DayClosed(date=DAY)
    await desk.append(desk.entry(closed, customer_id="", event_id=f"day/{DAY}/0", partition=0))
    orders = orders_at(desk)
    waits: list[float] = []
    appending = 0.0
    async with running(worker):
        await desk.append(*islice(orders, CUSTOMERS))
        await desk.at_rest()
        began = time.process_time()
        for _ in range(events):
            committed.clear()
            start, spent = time.perf_counter(), time.process_time()
            await desk.append(next(orders))
            appending += time.process_time() - spent
            transport.wake()
            await committed.wait()
            waits.append(time.perf_counter() - start)
        total = time.process_time() - began
    await desk.database.close()
    return _row("product", waits, total - appending)


def orders_at(desk: Bench) -> Iterator[Entry]:
    """Orders without an end, of one customer after the other."""
    for number in count():
        placed = tx.OrderPlaced(order_id=f"O{number}", amount=Decimal(100), currency="EUR")
        yield desk.entry(placed, customer_id=f"C{number % CUSTOMERS}", event_id=f"e{number}")


def _row(name: str, waits: Sequence[float], spent: float) -> Row:
    return {"name": name, "cpu": spent / len(waits) * 1000, "ms": median(waits) * 1000}


def beside(rounds: Sequence[tuple[Row, Row]]) -> list[Row]:
    """The medians of the rounds, each beside its floor."""
    found: list[Row] = []
    for place, name in enumerate(("floor", "product")):
        figures = {
            key: median(float(str(each[place][key])) for each in rounds) for key in ("cpu", "ms")
        }
        found.append({"name": name, "CPU ms": figures["cpu"], "ms": figures["ms"]})
    least = found[0]
    return [
        {
            **each,
            "x floor, CPU": float(str(each["CPU ms"])) / float(str(least["CPU ms"])),
            "x floor, ms": float(str(each["ms"])) / float(str(least["ms"])),
        }
        for each in found
    ]


async def measure(postgres: TestServer, events: int, rounds: int) -> list[Row]:
    """Floor and product by turns."""
    return beside(
        [(await floor(postgres, events), await product(postgres, events)) for _ in range(rounds)]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; the figures are kept beside those of the other benchmarks."""
    parser = argparse.ArgumentParser(prog="benchmarks.small_batches", description=__doc__)
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    report.print_machine()
    postgres = TestServer()
    try:
        rows = asyncio.run(measure(postgres, asked.events, asked.rounds))
    finally:
        postgres.close()
    report.print_rows("a batch of one event", rows)
    report.write_json("small_batches", {"rows": rows})


if __name__ == "__main__":
    main()
