"""Loads the entries that a batch is about, and saves those it changed, set-wise."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

import msgspec
from sqlalchemy import Text, bindparam, cast, func, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from services.screening.domain.model import Identifier, OwnHistory, RegisterEntry
from services.screening.storage.book import Book
from services.screening.storage.tables import (
    customer,
    customer_name,
    identifier,
    own_history,
    screening,
)
from shared.chassis.service import Scope
from shared.contracts.screening import Identifier as GivenIdentifier
from shared.db.bulk import Row, delete_rows, insert_rows, upsert_rows
from shared.db.tables import one_of
from shared.decisions.stored import canonical_json
from shared.kernel.errors import InvalidInputError, TransientError

_read_entry: Final = msgspec.json.Decoder(RegisterEntry)
_read_history: Final = msgspec.json.Decoder(OwnHistory)
_ENTRIES: Final = select(customer.c.customer_id, cast(customer.c.state, Text)).where(
    one_of(customer.c.customer_id, "customers")
)
_HISTORIES: Final = select(own_history.c.customer_id, cast(own_history.c.state, Text)).where(
    one_of(own_history.c.customer_id, "customers")
)
_NAMED: Final = tuple_(identifier.c.scheme, identifier.c.value).in_(
    select(
        func.unnest(bindparam("schemes", type_=ARRAY(Text)), type_=Text),
        func.unnest(bindparam("values", type_=ARRAY(Text)), type_=Text),
    )
)
_holder: Final = select(identifier.c.scheme, identifier.c.value, identifier.c.customer_id)
# Two questions, each answered from an index; as one with `or` it would walk through the whole table.
_HOLDERS: Final = union_all(
    _holder.where(one_of(identifier.c.customer_id, "customers")), _holder.where(_NAMED)
)


class _Wanted(msgspec.Struct):
    """What a command says about identifiers, whatever else it says."""

    identifiers: tuple[GivenIdentifier, ...] = ()


_read_wanted: Final = msgspec.json.Decoder(_Wanted)


class IdentifierTakenMeanwhileError(TransientError):
    """Another customer claimed an identifier while this batch ran: decide again, knowing it."""

    def __init__(self, taken: Identifier) -> None:
        super().__init__(f"{taken.scheme} {taken.value} was claimed by another customer just now")


class Register:
    """The customer register in PostgreSQL."""

    async def load(self, conn: AsyncConnection, scope: Scope) -> Book:
        """The batch's customers, their histories, and their identifiers' holders."""
        entries = await _load_entries(conn, scope)
        histories = await _load_histories(conn, scope.customers | entries.keys())
        held = {each for entry in entries.values() for each in entry.customer.identifiers}
        wanted = held | _named_in(scope.commands)
        holders = await _load_holders(conn, wanted, scope.customers)
        return Book(scope.partition, entries=entries, histories=histories, holders=holders)

    async def save(self, conn: AsyncConnection, book: Book) -> None:
        """Write what changed.

        Raises `IdentifierTakenMeanwhileError` to have the batch tried again.
        """
        changed = [book.entries[name] for name in sorted(book.changed)]
        rows = [_customer_row(entry, book.partition) for entry in changed]
        await upsert_rows(conn, customer, rows, key=("customer_id",))
        await delete_rows(conn, customer_name, "customer_id", sorted(book.changed))
        await insert_rows(conn, customer_name, _name_rows(changed))
        await upsert_rows(conn, own_history, _history_rows(book), key=("customer_id",))
        await _save_identifiers(conn, book)
        await insert_rows(conn, screening, _screening_rows(book))


async def _load_entries(conn: AsyncConnection, scope: Scope) -> dict[str, RegisterEntry]:
    rows = await conn.execute(_ENTRIES, {"customers": sorted(scope.customers)})
    return {customer_id: _read_entry.decode(text) for customer_id, text in rows}


async def _load_histories(conn: AsyncConnection, customers: Iterable[str]) -> dict[str, OwnHistory]:
    rows = await conn.execute(_HISTORIES, {"customers": sorted(customers)})
    return {customer_id: _read_history.decode(text) for customer_id, text in rows}


async def _load_holders(
    conn: AsyncConnection, wanted: Iterable[Identifier], customers: Iterable[str]
) -> dict[Identifier, str]:
    named = sorted(wanted)
    asked = {
        "schemes": [each.scheme for each in named],
        "values": [each.value for each in named],
        "customers": sorted(customers),
    }
    rows = await conn.execute(_HOLDERS, asked)
    return {Identifier(scheme, value): holder for scheme, value, holder in rows}


def _named_in(commands: Sequence[tuple[str, bytes]]) -> set[Identifier]:
    """The identifiers that commands speak of; one that cannot be read is refused at its turn."""
    named = set()
    for _, payload in commands:
        with suppress(msgspec.DecodeError, InvalidInputError):
            given = _read_wanted.decode(payload).identifiers
            named |= {Identifier.given(each.scheme, each.value) for each in given}
    return named


async def _save_identifiers(conn: AsyncConnection, book: Book) -> None:
    for each, holder in book.released():
        column = identifier.c
        same = (column.scheme == each.scheme, column.value == each.value)
        await conn.execute(identifier.delete().where(*same, column.customer_id == holder))
    claimed = book.claimed()
    rows = [
        {"scheme": each.scheme, "value": each.value, "customer_id": holder}
        for each, holder in claimed
    ]
    await insert_rows(conn, identifier, rows, ignore_existing=True)
    kept = await _load_holders(conn, [each for each, _ in claimed], ())
    for each, holder in claimed:
        if kept.get(each) != holder:
            raise IdentifierTakenMeanwhileError(each)


def _customer_row(entry: RegisterEntry, partition: int) -> Row:
    known = entry.customer
    return {
        "customer_id": known.customer_id,
        "partition": partition,
        "name": known.name,
        "country": known.country,
        "outcome": entry.verdict.outcome if entry.verdict else None,
        "wake_on": entry.wake_on,
        "version": known.version,
        "state": canonical_json(entry),
    }


def _name_rows(entries: Iterable[RegisterEntry]) -> list[Row]:
    return [
        {
            "customer_id": entry.customer.customer_id,
            "ordinal": ordinal,
            "name": each.name,
            "search_key": each.key,
        }
        for entry in entries
        for ordinal, each in enumerate(entry.customer.legal_names)
    ]


def _history_rows(book: Book) -> list[Row]:
    return [
        {
            "customer_id": customer_id,
            "partition": book.partition,
            "state": canonical_json(book.histories[customer_id]),
        }
        for customer_id in sorted(book.changed_histories)
    ]


def _screening_rows(book: Book) -> list[Row]:
    return [
        {
            "decision_id": each.decision_id,
            "customer_id": each.customer_id,
            "as_of": each.as_of,
            "outcome": each.decision.outcome,
            "points": each.decision.points,
            "policy_version": each.policy_version,
            "decision": canonical_json(each.decision),
        }
        for each in book.screenings
    ]
