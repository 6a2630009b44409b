"""All customers, a chunk at a time: what questions about the whole portfolio read."""

from asyncio import to_thread
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.facts import Fact
from services.monitoring.domain.ledger import Ledger
from services.monitoring.domain.standing import Standing
from services.monitoring.storage import tables
from services.monitoring.storage.accounts import read_state
from services.monitoring.storage.known_facts import facts_by_customer
from services.monitoring.storage.reading import FactRow, stored_fact

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
    while True:
        rows = await _accounts_after(conn, after, limit=chunk)
        if not rows:
            return
        after = rows[-1][0]
        kept = await to_thread(_decoded, rows)
        wanted = [each.customer_id for each in kept if question.needs_facts(each.ledger)]
        facts = await facts_by_customer(conn, wanted, known_at=question.known_at)
        yield [_with_facts(each, facts) for each in kept]


async def _accounts_after(
    conn: AsyncConnection, after: str, *, limit: int
) -> list[tuple[str, bytes]]:
    table = tables.account
    query = select(table.c.customer_id, table.c.state).where(table.c.customer_id > after)
    found = await conn.execute(query.order_by(table.c.customer_id).limit(limit))
    return [(row.customer_id, row.state) for row in found]


def _decoded(rows: Iterable[tuple[str, bytes]]) -> list[Holder]:
    states = ((customer_id, read_state(state)) for customer_id, state in rows)
    return [
        Holder(customer_id=customer_id, ledger=ledger, standing=standing)
        for customer_id, (ledger, standing) in states
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
