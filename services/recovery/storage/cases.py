"""Loads the debtors and cases that a batch is about, and saves those it changed, set-wise."""

from collections.abc import Iterable
from typing import Final

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.recovery.domain.model import Case, Debtor
from services.recovery.storage.book import Book, Deed
from services.recovery.storage.tables import case, case_action, debtor
from shared.chassis.service import Scope
from shared.db.bulk import Row, insert_rows, upsert_rows
from shared.db.tables import one_of
from shared.decisions.stored import canonical_json

_read_debtor: Final = msgspec.json.Decoder(Debtor)
_read_case: Final = msgspec.json.Decoder(Case)
_DEBTORS: Final = select(debtor.c.customer_id, cast(debtor.c.state, Text)).where(
    one_of(debtor.c.customer_id, "customers")
)
_OPEN_CASES: Final = select(case.c.customer_id, cast(case.c.body, Text)).where(
    one_of(case.c.customer_id, "customers"), case.c.closed_on.is_(None)
)


class Cases:
    """Debtors and their cases in PostgreSQL."""

    async def load(self, conn: AsyncConnection, scope: Scope) -> Book:
        """The batch's customers and their open cases."""
        debtors = await _load_debtors(conn, scope)
        cases = await _load_open_cases(conn, scope.customers | debtors.keys())
        return Book(scope.partition, debtors=debtors, open_cases=cases)

    async def save(self, conn: AsyncConnection, book: Book) -> None:
        """Write what changed; closed cases first, for a customer has one open case at most."""
        debtors = [book.debtors[name] for name in sorted(book.changed_debtors)]
        rows = [_debtor_row(each, book.partition) for each in debtors]
        await upsert_rows(conn, debtor, rows, key=("customer_id",))
        changed = book.changed_cases.values()
        closed = [_case_row(each, book.partition) for each in changed if not each.is_open]
        going_on = [_case_row(each, book.partition) for each in changed if each.is_open]
        await upsert_rows(conn, case, closed, key=("case_id",))
        await upsert_rows(conn, case, going_on, key=("case_id",))
        await insert_rows(conn, case_action, [_deed_row(each) for each in book.deeds])


async def _load_debtors(conn: AsyncConnection, scope: Scope) -> dict[str, Debtor]:
    rows = await conn.execute(_DEBTORS, {"customers": sorted(scope.customers)})
    return {customer_id: _read_debtor.decode(text) for customer_id, text in rows}


async def _load_open_cases(conn: AsyncConnection, customers: Iterable[str]) -> dict[str, Case]:
    rows = await conn.execute(_OPEN_CASES, {"customers": sorted(customers)})
    return {customer_id: _read_case.decode(text) for customer_id, text in rows}


def _debtor_row(known: Debtor, partition: int) -> Row:
    return {
        "customer_id": known.customer_id,
        "partition": partition,
        "tier": known.tier,
        "tier_since": known.tier_since,
        "in_default": known.in_default,
        "wake_on": known.wake_on,
        "state": canonical_json(known),
    }


def _case_row(known: Case, partition: int) -> Row:
    plan = known.plan
    return {
        "case_id": known.case_id,
        "customer_id": known.customer_id,
        "partition": partition,
        "state": known.state.value,
        "cause": known.cause.value,
        "opened_on": known.opened_on,
        "closed_on": known.closed_on,
        "tier": known.tier,
        "amount": known.amount.amount,
        "currency": known.amount.currency,
        "step": known.step,
        "next_action": plan.action if plan else None,
        "next_action_on": plan.on if plan else None,
        "version": known.version,
        "body": canonical_json(known),
    }


def _deed_row(deed: Deed) -> Row:
    return {
        "case_id": deed.case_id,
        "ordinal": deed.ordinal,
        "customer_id": deed.customer_id,
        "body": canonical_json(deed),
    }
