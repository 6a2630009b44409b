"""Loads a batch's customers set-wise and saves what changed set-wise."""

from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.rating.domain.model import ExternalOpinion, Statement
from services.rating.storage.book import (
    Book,
    CustomerState,
    FiledStatement,
    PublishedOpinion,
    Rating,
)
from services.rating.storage.tables import customer, external_rating, rating, statement
from shared.chassis.service import Scope
from shared.db.bulk import insert_rows, upsert_rows
from shared.db.tables import one_of
from shared.decisions.stored import canonical_json

_state_decoder = msgspec.json.Decoder(CustomerState)
_json = msgspec.json.Encoder(order="deterministic")
Row = Mapping[str, object]
_CUSTOMERS: Final = select(customer.c.customer_id, customer.c.state).where(
    one_of(customer.c.customer_id, "customers")
)
_STATEMENTS: Final = select(statement).where(one_of(statement.c.customer_id, "customers"))
_OPINIONS: Final = select(external_rating).where(one_of(external_rating.c.customer_id, "customers"))


class RatingStorage:
    """Rating's rooms in the database."""

    async def load(self, conn: AsyncConnection, scope: Scope) -> Book:
        """The batch's customers."""
        book = Book(scope.partition)
        for row in await conn.execute(_CUSTOMERS, {"customers": sorted(scope.customers)}):
            book.customers[row.customer_id] = _state_decoder.decode(row.state)
        await _load_evidence(conn, book)
        return book

    async def save(self, conn: AsyncConnection, book: Book) -> None:
        """Whatever handlers changed, one statement per table."""
        customers = [_customer_row(book, each) for each in sorted(book.changed)]
        await upsert_rows(conn, customer, customers, key=("customer_id",))
        filed = [
            _statement_row(customer_id, book.evidence_of(customer_id).statements[key])
            for customer_id, key in sorted(book.filed)
        ]
        await upsert_rows(conn, statement, filed, key=("customer_id", "period_end", "months"))
        published = [
            _opinion_row(customer_id, key[0], book.evidence_of(customer_id).opinions[key])
            for customer_id, key in sorted(book.published)
        ]
        key = ("customer_id", "agency", "kind", "affirmed_on")
        await upsert_rows(conn, external_rating, published, key=key)
        await insert_rows(
            conn, rating, [_rating_row(book.partition, each) for each in book.ratings]
        )


async def _load_evidence(conn: AsyncConnection, book: Book) -> None:
    if not book.customers:
        return
    asked = {"customers": sorted(book.customers)}
    filed = await conn.execute(_STATEMENTS, asked)
    for row in filed.mappings():
        read = read_statement_row(row)
        key = (read.statement.period_end, read.statement.months)
        book.evidence_of(row["customer_id"]).statements[key] = read
    published = await conn.execute(_OPINIONS, asked)
    for row in published.mappings():
        opinion = msgspec.convert(_without(row, "customer_id", "due_on"), ExternalOpinion)
        opinion_key = (row["agency"], row["kind"], row["affirmed_on"])
        book.evidence_of(row["customer_id"]).opinions[opinion_key] = PublishedOpinion(
            opinion, row["due_on"]
        )


def read_statement_row(row: RowMapping) -> FiledStatement:
    """A stored statement."""
    read = msgspec.convert(_without(row, "customer_id", "due_on"), Statement)
    return FiledStatement(read, row["due_on"])


def _without(row: RowMapping, *names: str) -> dict[str, object]:
    return {str(name): value for name, value in row.items() if name not in names}


def _customer_row(book: Book, customer_id: str) -> Row:
    state = book.customers[customer_id]
    return {
        "customer_id": customer_id,
        "partition": book.partition,
        "wake_on": state.wake_on,
        "grade": state.grade,
        "state": _json.encode(state).decode(),
    }


def _statement_row(customer_id: str, filed: FiledStatement) -> Row:
    kept = filed.statement
    return {
        "customer_id": customer_id,
        "period_end": kept.period_end,
        "months": kept.months,
        "basis": kept.basis.value,
        "currency": kept.currency,
        "unit": kept.unit.value,
        "opinion": None if kept.opinion is None else kept.opinion.value,
        "lines": _json.encode(kept.lines).decode(),
        "due_on": filed.due_on,
    }


def _opinion_row(customer_id: str, agency: str, published: PublishedOpinion) -> Row:
    opinion = published.opinion
    return {
        "customer_id": customer_id,
        "agency": agency,
        "kind": opinion.kind.value,
        "affirmed_on": opinion.affirmed_on,
        "grade": opinion.grade,
        "outlook": opinion.outlook.value,
        "due_on": published.due_on,
    }


def _rating_row(partition: int, kept: Rating) -> Row:
    decision = kept.decision
    return {
        "customer_id": kept.customer_id,
        "number": kept.number,
        "partition": partition,
        "as_of": kept.as_of,
        "decision_id": kept.decision_id,
        "grade": decision.grade,
        "previous_grade": kept.previous_grade,
        "model_grade": decision.model_grade,
        "pd": decision.pd,
        "confidence": decision.confidence.value,
        "valid_to": decision.valid_to,
        "trigger": kept.trigger,
        "policy_version": kept.policy_version,
        "model_version": kept.model_version,
        "decision": canonical_json(decision),
    }
