"""Where a batch begins and ends changes nothing: neither tables nor what is announced."""

from collections.abc import Sequence
from datetime import date

import msgspec
import pytest

from services.screening.domain.model import Identifier
from services.screening.handlers import SERVICE
from services.screening.storage import Book, Register
from services.screening.storage.register import IdentifierTakenMeanwhileError
from services.screening.usecases import register_customer
from shared.chassis.service import Scope
from shared.contracts.envelope import Envelope, Event
from shared.testing.database import TestServer
from shared.testing.workers import Bench, bench
from tests.unit.screening.builders import USCC, a_wish, some_work
from tests.unit.screening.stories import CODES, CUSTOMERS, Happening, Story, a_story

Ending = tuple[list[list[tuple[object, ...]]], list[tuple[Envelope, Event]]]
END_OF_TIME = date(2099, 1, 1)
TABLES = ("customer", "customer_name", "identifier", "own_history", "screening")
# A command that speaks of every identifier in the stories, as the worker shows it to storage.
_SPEAKING = msgspec.json.encode(
    {"identifiers": [{"scheme": "uscc", "value": code} for code in CODES if code]}
)
SCOPE = Scope(0, frozenset(CUSTOMERS), END_OF_TIME, (), (("register_customer", _SPEAKING),))


async def play(postgres: TestServer, story: Sequence[Happening], *, size: int) -> Ending:
    """Play a story in portions, each loaded from and saved to the database."""
    made = bench(SERVICE, await postgres.fresh([SERVICE]))
    teller, storage = Story(), Register()
    for start in range(0, len(story), size):
        async with made.database.transaction() as conn:
            teller.book = await storage.load(conn, SCOPE)
            for what in story[start : start + size]:
                teller.play(what)
            await storage.save(conn, teller.book)
    rows = await everything(made)
    await made.database.close()
    return rows, teller.work.announced


async def everything(made: Bench) -> list[list[tuple[object, ...]]]:
    """All rows of all tables, in a fixed order."""
    found = []
    for table in TABLES:
        rows = await made.fetch(f"SELECT * FROM screening.{table} ORDER BY 1, 2")  # our own tables
        found.append([tuple(row) for row in rows])
    return found


async def saved(made: Bench, book: Book) -> None:
    """Save a book in a transaction of its own, as a batch does."""
    async with made.database.transaction() as conn:
        await Register().load(conn, Scope(book.partition, frozenset(), None, ()))
        await Register().save(conn, book)


@pytest.mark.parametrize("seed", range(4))
async def test_batches_of_any_size_end_in_the_same_tables_and_events(
    postgres: TestServer, seed: int
) -> None:
    story = a_story(seed)
    whole = await play(postgres, story, size=len(story))
    assert await play(postgres, story, size=1) == whole
    assert await play(postgres, story, size=7) == whole


async def test_what_is_loaded_is_what_was_saved(postgres: TestServer) -> None:
    made, storage, teller = bench(SERVICE, await postgres.fresh([SERVICE])), Register(), Story()
    for what in a_story(99, length=60):
        teller.play(what)
    async with made.database.transaction() as conn:
        await storage.load(conn, SCOPE)
        await storage.save(conn, teller.book)
        loaded = await storage.load(conn, SCOPE)
    assert loaded.entries == teller.book.entries
    assert loaded.histories == teller.book.histories
    assert loaded.holders == teller.book.holders
    await made.database.close()


async def test_a_batch_that_missed_another_s_claim_is_tried_again(postgres: TestServer) -> None:
    made = bench(SERVICE, await postgres.fresh([SERVICE]))
    blind, sighted = Book(partition=0), Book(partition=1)
    register_customer(a_wish("A", uscc=USCC), blind, some_work())
    register_customer(a_wish("B", uscc=USCC), sighted, some_work())
    await saved(made, sighted)
    with pytest.raises(IdentifierTakenMeanwhileError, match=USCC):
        await saved(made, blind)
    rows = await made.fetch("SELECT customer_id FROM screening.customer")
    assert [row[0] for row in rows] == ["B"]
    await made.database.close()


@pytest.mark.parametrize("payload", [b"", b"[]", b'{"identifiers": 3}', b'{"identifiers": [{}]}'])
async def test_a_command_that_cannot_be_read_stops_no_batch(
    postgres: TestServer, payload: bytes
) -> None:
    made = bench(SERVICE, await postgres.fresh([SERVICE]))
    scope = Scope(0, frozenset({"A"}), None, (), (("register_customer", payload),))
    async with made.database.transaction() as conn:
        book = await Register().load(conn, scope)
    assert book.holders == {}
    await made.database.close()


async def test_the_holder_of_a_wanted_identifier_is_loaded(postgres: TestServer) -> None:
    made, storage, book = bench(SERVICE, await postgres.fresh([SERVICE])), Register(), Book(0)
    register_customer(a_wish("A", uscc=USCC), book, some_work())
    scope = Scope(0, frozenset({"B"}), None, (), (("register_customer", _SPEAKING),))
    async with made.database.transaction() as conn:
        await storage.load(conn, Scope(0, frozenset({"A"}), None, ()))
        await storage.save(conn, book)
        loaded = await storage.load(conn, scope)
    assert loaded.entries == {}
    assert loaded.holders == {Identifier("uscc", USCC): "A"}
    await made.database.close()
