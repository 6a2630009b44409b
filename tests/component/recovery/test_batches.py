"""Where a batch begins and ends changes nothing: neither tables nor what is announced."""

from collections.abc import Sequence
from datetime import date

import pytest

from services.recovery.handlers import SERVICE
from services.recovery.storage import Cases
from shared.chassis.service import Scope
from shared.contracts.envelope import Envelope, Event
from shared.testing.database import TestServer
from shared.testing.workers import Bench, bench
from tests.unit.recovery.stories import CUSTOMERS, Happening, Story, a_story

END_OF_TIME = date(2099, 1, 1)
SCOPE = Scope(0, frozenset(CUSTOMERS), END_OF_TIME, ())
TABLES = ("debtor", '"case"', "case_action")


async def play(postgres: TestServer, story: Sequence[Happening], *, size: int) -> "Ending":
    """Play a story in portions, each loaded from and saved to the database."""
    made = bench(SERVICE, await postgres.fresh([SERVICE]))
    teller, storage = Story(), Cases()
    for start in range(0, len(story), size):
        async with made.database.transaction() as conn:
            teller.book = await storage.load(conn, SCOPE)
            for what in story[start : start + size]:
                teller.play(what)
            await storage.save(conn, teller.book)
    rows = await everything(made)
    await made.database.close()
    return rows, teller.work.announced


Ending = tuple[list[list[tuple[object, ...]]], list[tuple[Envelope, Event]]]


async def everything(made: Bench) -> list[list[tuple[object, ...]]]:
    """All rows of all tables, in a fixed order."""
    found = []
    for table in TABLES:
        rows = await made.fetch(f"SELECT * FROM recovery.{table} ORDER BY 1, 2")  # our own tables
        found.append([tuple(row) for row in rows])
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_batches_of_any_size_end_in_the_same_tables_and_events(
    postgres: TestServer, seed: int
) -> None:
    story = a_story(seed)
    whole = await play(postgres, story, size=len(story))
    assert await play(postgres, story, size=1) == whole
    assert await play(postgres, story, size=7) == whole


async def test_what_is_loaded_is_what_was_saved(postgres: TestServer) -> None:
    made, storage, teller = bench(SERVICE, await postgres.fresh([SERVICE])), Cases(), Story()
    for what in a_story(99, length=60):
        teller.play(what)
    async with made.database.transaction() as conn:
        await storage.load(conn, SCOPE)
        await storage.save(conn, teller.book)
        loaded = await storage.load(conn, SCOPE)
    assert loaded.debtors == teller.book.debtors
    assert loaded.open_cases == teller.book.open_cases
    await made.database.close()


async def test_only_those_named_or_due_are_loaded(postgres: TestServer) -> None:
    made, storage, teller = bench(SERVICE, await postgres.fresh([SERVICE])), Cases(), Story()
    for what in a_story(5, length=60):
        teller.play(what)
    async with made.database.transaction() as conn:
        await storage.load(conn, SCOPE)
        await storage.save(conn, teller.book)
        nobody = await storage.load(conn, Scope(0, frozenset(), None, ()))
        one = await storage.load(conn, Scope(0, frozenset({"A"}), None, ()))
        elsewhere = await storage.load(conn, Scope(1, frozenset(), END_OF_TIME, ()))
    assert nobody.debtors == {}
    assert set(one.debtors) <= {"A"}
    assert elsewhere.debtors == {}
    await made.database.close()
