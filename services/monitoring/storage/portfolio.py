"""All customers, a chunk at a time: what questions about the whole portfolio read."""

from asyncio import to_thread
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.domain.standing import Standing
from services.monitoring.storage import tables
from services.monitoring.storage.accounts import read_state
from services.monitoring.storage.known_facts import facts_by_customer
from services.monitoring.storage.reading import FactRow, stored_fact
from shared.db.bulk import among

CHUNK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One customer of the portfolio: the account as it is now, and all facts where it does not do.

    `rows` is None where the kept account answers as well.
    """

    customer_id: str
    ledger: Ledger
    standing: Standing
    rows: tuple[FactRow, ...] | None = None

    def facts(self) -> list[Fact]:
        """The facts that are known, decoded."""
        return [stored_fact(row) for row in self.rows or ()]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioQuestion:
    """What is asked of all customers.

    `settled_by`: an account without a fact after this day answers by itself, unless the question is
    what was known at a moment.
    """

    settled_by: date
    known_at: datetime | None = None

    def needs_facts(self, ledger: Ledger) -> bool:
        """Whether the kept account cannot answer."""
        newest = ledger.day
        return self.known_at is not None or (newest is not None and newest > self.settled_by)


async def all_holders(
    conn: AsyncConnection, question: PortfolioQuestion, *, chunk: int = CHUNK
) -> AsyncIterator[list[Holder]]:
    """Every customer in order of its id, a chunk at a time."""
    after = ""
    while names := await names_after(conn, after, limit=chunk):
        after = names[-1]
        yield await holders_of(conn, names, question)


async def names_after(conn: AsyncConnection, after: str, *, limit: int) -> list[str]:
    """The next customers by id."""
    name = tables.account.c.customer_id
    return list(await conn.scalars(select(name).where(name > after).order_by(name).limit(limit)))


async def sampled_names(conn: AsyncConnection, count: int) -> list[str]:
    """Some customers drawn as if by lot, always the same ones."""
    name = tables.account.c.customer_id
    query = select(name).order_by(func.md5(name), name).limit(count)
    return list(await conn.scalars(query))


async def holders_of(
    conn: AsyncConnection, names: Sequence[str], question: PortfolioQuestion
) -> list[Holder]:
    """Some customers in order of their id."""
    table = tables.account
    query = select(table.c.customer_id, table.c.state).where(among(table.c.customer_id, names))
    found = await conn.execute(query.order_by(table.c.customer_id))
    kept = await to_thread(_decoded, [(row.customer_id, row.state) for row in found])
    wanted = [each.customer_id for each in kept if question.needs_facts(each.ledger)]
    facts = await facts_by_customer(conn, wanted, known_at=question.known_at)
    return [_with_facts(each, facts) for each in kept]


def _decoded(rows: Iterable[tuple[str, bytes]]) -> list[Holder]:
    states = ((customer_id, read_state(state)) for customer_id, state in rows)
    return [
        Holder(customer_id=customer_id, ledger=kept.ledger, standing=kept.standing)
        for customer_id, kept in states
    ]


def _with_facts(holder: Holder, facts: dict[str, list[FactRow]]) -> Holder:
    if holder.customer_id not in facts:
        return holder
    return Holder(
        customer_id=holder.customer_id,
        ledger=holder.ledger,
        standing=holder.standing,
        rows=tuple(facts[holder.customer_id]),
    )
