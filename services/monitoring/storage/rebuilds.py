"""Rebuilds of all accounts from the fact table: how far each has come, and the chunk that is next.

A rebuild is a chain of jobs in each partition: a job rebuilds one chunk of customers in the worker's own
transaction, and the same transaction appends the job for the next. So it goes on after a crash exactly where
it stopped, and waits whenever there is anything else to do.
"""

from asyncio import to_thread
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlalchemy import Boolean, Column, Integer, Table, Text, func, select
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.storage import tables
from services.monitoring.storage.known_facts import facts_by_customer
from services.monitoring.storage.reading import FactRow, stored_fact
from services.monitoring.storage.schema import METADATA
from shared.contracts import catalogue
from shared.contracts.envelope import first_of_chain
from shared.db.bulk import among, upsert_rows
from shared.log.append import Entry, headers_of

REBUILD_ACCOUNTS = "rebuild_accounts"
CUSTOMERS_AT_ONCE = 100
FACTS_AT_ONCE = 2000
EXAMPLES_KEPT = 20
SOURCE = "/obligor/monitoring/rebuilds"

part = Table(
    "rebuild_part",
    METADATA,
    Column("rebuild_id", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("jobs", Integer, nullable=False, comment="chunks rebuilt so far"),
    Column("customers", Integer, nullable=False, comment="customers rebuilt so far"),
    Column("differed", Integer, nullable=False, comment="those whose account was not as kept"),
    Column("figures", JSONB, nullable=False, comment="how many customers each figure differed for"),
    Column("examples", JSONB, nullable=False, comment="the first differences, before and after"),
    Column("done", Boolean, nullable=False),
    Column("asked_at", TIMESTAMP(timezone=True), nullable=False),
    comment="how far the rebuilds of accounts have come, by partition",
)


class RebuildAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """One job: rebuild the next customers by id behind `after`; `number` counts the chain's jobs.

    The first one takes off by how much the partition's sums were too high, by currency (`drift`: minor
    units, customers), unless another rebuild has begun here since that was measured: `known` had by then.
    """

    rebuild_id: str
    partition: int
    asked_at: datetime
    after: str = ""
    number: int = 1
    drift: dict[str, tuple[int, int]] = {}
    known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure of one customer that was kept wrongly; amounts in major units, as text."""

    customer_id: str
    figure: str
    currency: str | None
    before: str
    after: str


@dataclass(slots=True, kw_only=True)
class RebuildPart:
    """How far a rebuild has come in one partition."""

    rebuild_id: str
    partition: int
    asked_at: datetime
    jobs: int = 0
    customers: int = 0
    differed: int = 0
    figures: dict[str, int] = field(default_factory=dict)
    examples: list[Difference] = field(default_factory=list)
    done: bool = False

    def note(self, differences: Sequence[Difference]) -> None:
        """Count a customer, and what was wrong with its account."""
        self.customers += 1
        if not differences:
            return
        self.differed += 1
        for figure in sorted({each.figure for each in differences}):
            self.figures[figure] = self.figures.get(figure, 0) + 1
        self._keep(differences)

    def correct(self, differences: Sequence[Difference]) -> None:
        """Note what was wrong with the sums over all customers; it counts for no customer."""
        for each in differences:
            self.figures[each.figure] = self.figures.get(each.figure, 0) + 1
        self._keep(differences)

    def _keep(self, differences: Sequence[Difference]) -> None:
        self.examples += differences[: EXAMPLES_KEPT - len(self.examples)]


@dataclass(slots=True, kw_only=True)
class RebuildChunk:
    """What one job is about: the customers by id, and the job after it (None: this is the last).

    `handled` says that the batch has come to the job; else it stays as it is for the next batch.
    `corrects` says that the sums are to be corrected by it.
    """

    part: RebuildPart
    customers: tuple[str, ...]
    following: RebuildAccounts | None
    handled: bool = False
    corrects: bool = False


def rebuilds_in(commands: Iterable[tuple[str, bytes]]) -> list[RebuildAccounts]:
    """The rebuild jobs among a batch's commands; what cannot be read is left to be refused."""
    wishes = []
    for name, payload in commands:
        if name == REBUILD_ACCOUNTS:
            try:
                wishes.append(msgspec.json.decode(payload, type=RebuildAccounts))
            except msgspec.DecodeError:
                continue
    return wishes


async def load_chunks(
    conn: AsyncConnection, wishes: Sequence[RebuildAccounts]
) -> dict[str, RebuildChunk]:
    """The chunks that a batch's jobs are about, by rebuild."""
    chunks: dict[str, RebuildChunk] = {}
    for wish in wishes:
        chunk = await _chunk(conn, wish)
        chunk.corrects &= not chunks  # another rebuild begins before it
        chunks[wish.rebuild_id] = chunk
    return chunks


async def load_facts(conn: AsyncConnection, customers: Iterable[str]) -> dict[str, list[Fact]]:
    """All facts of some customers; decoded beside the event loop, for they may be many."""
    return await to_thread(_decoded, await facts_by_customer(conn, customers))


async def save_chunks(conn: AsyncConnection, chunks: Mapping[str, RebuildChunk]) -> list[Entry]:
    """Write how far rebuilds have come; returns the jobs that go on with them."""
    handled = [chunk for _, chunk in sorted(chunks.items()) if chunk.handled]
    rows = [_row(chunk.part) for chunk in handled]
    await upsert_rows(conn, part, rows, key=("rebuild_id", "partition"))
    return [job_of(chunk.following) for chunk in handled if chunk.following is not None]


def job_of(wish: RebuildAccounts) -> Entry:
    """A job as a record of the log."""
    envelope = first_of_chain(
        event_id=f"{wish.rebuild_id}/{wish.partition}/{wish.number}",
        source=SOURCE,
        event_type=f"command.{REBUILD_ACCOUNTS}",
        time=wish.asked_at,
        subject="",
    )
    return Entry(
        catalogue.JOBS, wish.partition, "", headers_of(envelope), msgspec.json.encode(wish)
    )


async def parts_of(conn: AsyncConnection, rebuild_id: str) -> list[RebuildPart]:
    """How far a rebuild has come, by partition."""
    found = await conn.execute(
        select(part).where(part.c.rebuild_id == rebuild_id).order_by(part.c.partition)
    )
    return [_part(row) for row in found.mappings()]


async def begun_by(conn: AsyncConnection) -> dict[int, int]:
    """How many rebuilds have begun in each partition."""
    found = await conn.execute(select(part.c.partition, func.count()).group_by(part.c.partition))
    return {row[0]: row[1] for row in found}


async def customers_kept(conn: AsyncConnection) -> int:
    """How many customers have an account."""
    return int(await conn.scalar(select(func.count()).select_from(tables.account)) or 0)


async def _chunk(conn: AsyncConnection, wish: RebuildAccounts) -> RebuildChunk:
    table = part
    found = await conn.execute(
        select(table).where(
            table.c.rebuild_id == wish.rebuild_id, table.c.partition == wish.partition
        )
    )
    row = found.mappings().one_or_none()
    began = RebuildPart(
        rebuild_id=wish.rebuild_id, partition=wish.partition, asked_at=wish.asked_at
    )
    customers = await _next_customers(conn, wish)
    following = None
    if customers:
        following = RebuildAccounts(
            rebuild_id=wish.rebuild_id,
            partition=wish.partition,
            asked_at=wish.asked_at,
            after=customers[-1],
            number=wish.number + 1,
        )
    return RebuildChunk(
        part=began if row is None else _part(row),
        customers=customers,
        following=following,
        corrects=bool(wish.drift) and wish.known == (await begun_by(conn)).get(wish.partition, 0),
    )


async def _next_customers(conn: AsyncConnection, wish: RebuildAccounts) -> tuple[str, ...]:
    """The next customers by id: so many that their facts fit into one batch, one at least."""
    account, fact = tables.account, tables.fact
    query = select(account.c.customer_id).where(
        account.c.partition == wish.partition, account.c.customer_id > wish.after
    )
    query = query.order_by(account.c.customer_id).limit(CUSTOMERS_AT_ONCE)
    names = list(await conn.scalars(query))
    counted = await conn.execute(
        select(fact.c.customer_id, func.count())
        .where(among(fact.c.customer_id, names))
        .group_by(fact.c.customer_id)
    )
    facts: dict[str, int] = {row[0]: row[1] for row in counted}
    room, taken = FACTS_AT_ONCE, 0
    for name in names:
        room -= facts.get(name, 0)
        if room < 0 and taken:
            break
        taken += 1
    return tuple(names[:taken])


def _decoded(rows: Mapping[str, Sequence[FactRow]]) -> dict[str, list[Fact]]:
    return {customer_id: [stored_fact(row) for row in mine] for customer_id, mine in rows.items()}


def _row(kept: RebuildPart) -> dict[str, object]:
    return {
        "rebuild_id": kept.rebuild_id,
        "partition": kept.partition,
        "jobs": kept.jobs,
        "customers": kept.customers,
        "differed": kept.differed,
        "figures": msgspec.json.encode(kept.figures).decode(),
        "examples": msgspec.json.encode(kept.examples).decode(),
        "done": kept.done,
        "asked_at": kept.asked_at,
    }


def _part(row: RowMapping) -> RebuildPart:
    return msgspec.convert({str(name): value for name, value in row.items()}, RebuildPart)
