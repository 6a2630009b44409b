"""Many rows in one statement: every type of column, into the transaction that is open."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import asyncpg
import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.bulk import (
    among,
    copy_records,
    delete_rows,
    insert_rows,
    upsert_records,
    upsert_rows,
)
from shared.db.engine import Database, DatabaseSettings
from shared.testing.database import TestServer

metadata = MetaData()
thing = Table(
    "thing",
    metadata,
    Column("name", Text, primary_key=True),
    Column("part", Integer, primary_key=True, server_default="0"),
    Column("big", BigInteger),
    Column("day", Date),
    Column("fits", Boolean),
    Column("share", Float(53)),
    Column("moment", TIMESTAMP(timezone=True)),
    Column("raw", LargeBinary),
    Column("tree", JSONB),
    Column("amount", Numeric(20, 4)),
    Column("order", Text),
)
place = Table(
    "place",
    metadata,
    Column("topic", Text),
    Column("partition", Integer),
    Column("version", Integer),
    Column("tree", JSONB),
)


@pytest.fixture
async def conn(postgres: TestServer) -> AsyncIterator[AsyncConnection]:
    """A transaction on a database with the one table."""
    database = Database(DatabaseSettings(await postgres.fresh(), roles=False), "monitoring")
    async with database.transaction() as opened:
        await opened.run_sync(metadata.create_all)
        yield opened
    await database.close()
    await postgres.execute(f"DROP DATABASE {database.url.database} WITH (FORCE)")


async def rows(conn: AsyncConnection) -> list[dict[str, object]]:
    found = await conn.execute(select(thing).order_by(thing.c.name, thing.c.part))
    return [dict(row) for row in found.mappings()]


async def names(conn: AsyncConnection) -> list[str]:
    return list(await conn.scalars(select(thing.c.name).order_by(thing.c.name)))


def named(*wanted: str, **more: object) -> list[Mapping[str, object]]:
    return [{"name": name, **more} for name in wanted]


@pytest.mark.parametrize(
    ("column", "given", "kept"),
    [
        ("big", 2**62, 2**62),
        ("big", -1, -1),
        ("day", date(2026, 3, 1), date(2026, 3, 1)),
        ("fits", True, True),
        ("fits", False, False),
        ("share", 0.1 + 0.2, 0.1 + 0.2),
        ("moment", datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("raw", b"\x00\xff", b"\x00\xff"),
        ("raw", b"", b""),
        ("tree", '{"a": [1, null, "ä"]}', {"a": [1, None, "ä"]}),
        ("tree", "[]", []),
        ("amount", Decimal("12.3400"), Decimal("12.3400")),
        ("order", "a name that SQL has for itself", "a name that SQL has for itself"),
        ("order", "", ""),
        ("order", 'it\'s "quoted" {oddly}, NULL', 'it\'s "quoted" {oddly}, NULL'),
    ],
)
async def test_each_type_of_column_reads_back_as_written(
    conn: AsyncConnection, column: str, given: object, kept: object
) -> None:
    await insert_rows(conn, thing, named("a", **{column: given}))
    await copy_records(conn, thing, ("name", column), [("b", given)])
    assert [row[column] for row in await rows(conn)] == [kept, kept]


@pytest.mark.parametrize(
    "column", ["big", "day", "fits", "share", "moment", "raw", "tree", "amount", "order"]
)
async def test_a_missing_value_stays_missing(conn: AsyncConnection, column: str) -> None:
    await insert_rows(conn, thing, named("a", "b", **{column: None}))
    assert [row[column] for row in await rows(conn)] == [None, None]


async def test_columns_that_are_not_given_take_their_default(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a"))
    assert (await rows(conn))[0]["part"] == 0


async def test_a_thousand_rows_go_in_at_once(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named(*(f"n{number:04}" for number in range(1000))))
    assert len(await names(conn)) == 1000


async def test_no_rows_are_no_statement(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, [])
    await upsert_rows(conn, thing, [], key=("name", "part"))
    await delete_rows(conn, thing, "name", [])
    assert await names(conn) == []


async def test_the_same_key_twice_is_refused(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a"))
    async with conn.begin_nested() as attempt:
        with pytest.raises(asyncpg.UniqueViolationError):
            await insert_rows(conn, thing, named("a"))
        await attempt.rollback()
    assert await names(conn) == ["a"]


async def test_rows_that_are_there_can_be_left_as_they_are(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a", order="old"))
    await insert_rows(conn, thing, named("a", "b", order="new"), ignore_existing=True)
    assert [(row["name"], row["order"]) for row in await rows(conn)] == [("a", "old"), ("b", "new")]


async def test_an_upsert_overwrites_what_has_the_same_key(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a", "b", part=1, order="old"))
    await upsert_rows(conn, thing, named("b", "c", part=1, order="new"), key=("name", "part"))
    found = [(row["name"], row["order"]) for row in await rows(conn)]
    assert found == [("a", "old"), ("b", "new"), ("c", "new")]


async def test_an_upsert_leaves_other_columns_alone(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a", part=1, big=7, order="old"))
    await upsert_rows(conn, thing, named("a", part=1, order="new"), key=("name", "part"))
    assert [(row["big"], row["order"]) for row in await rows(conn)] == [(7, "new")]


async def test_an_upsert_of_keys_alone_adds_what_is_missing(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a", part=1))
    await upsert_rows(conn, thing, named("a", "b", part=1), key=("name", "part"))
    assert await names(conn) == ["a", "b"]


async def test_an_upsert_of_one_key_twice_is_refused(conn: AsyncConnection) -> None:
    twice = named("a", "a", part=1, order="x")
    async with conn.begin_nested() as attempt:
        with pytest.raises(asyncpg.CardinalityViolationError):
            await upsert_rows(conn, thing, twice, key=("name", "part"))
        await attempt.rollback()


async def test_a_row_that_lacks_a_column_of_the_first_is_a_bug(conn: AsyncConnection) -> None:
    with pytest.raises(KeyError):
        await insert_rows(conn, thing, [{"name": "a", "big": 1}, {"name": "b"}])


async def test_only_rows_with_one_of_the_values_are_deleted(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a", "b", "c"))
    await delete_rows(conn, thing, "name", iter(["a", "c", "nobody"]))
    assert await names(conn) == ["b"]


async def test_rows_are_found_among_many_values(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a", "b", "c"))
    wanted = select(thing.c.name).where(among(thing.c.name, ["c", "a"])).order_by(thing.c.name)
    assert list(await conn.scalars(wanted)) == ["a", "c"]


async def test_nothing_is_among_no_values(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a"))
    assert list(await conn.scalars(select(thing.c.name).where(among(thing.c.name, [])))) == []


async def test_days_and_numbers_are_found_among_values_too(conn: AsyncConnection) -> None:
    await insert_rows(conn, thing, named("a", "b", day=date(2026, 3, 1), big=5))
    counted = select(func.count()).select_from(thing)
    both = counted.where(among(thing.c.day, [date(2026, 3, 1)]), among(thing.c.big, [4, 5]))
    assert await conn.scalar(both) == 2


async def write_and_fail(database: Database) -> None:
    async with database.transaction() as conn:
        await insert_rows(conn, thing, named("a"))
        raise KeyError


async def test_rows_written_first_of_all_are_the_transactions_too(postgres: TestServer) -> None:
    database = Database(DatabaseSettings(await postgres.fresh(), roles=False), "monitoring")
    async with database.transaction() as fresh:
        await fresh.run_sync(thing.metadata.create_all)
    with pytest.raises(KeyError):
        await write_and_fail(database)
    async with database.transaction() as fresh:
        assert await fresh.scalar(select(func.count()).select_from(thing)) == 0
    await database.close()


PLACES = ("topic", "partition", "version", "tree")


@pytest.mark.parametrize(
    "given",
    [
        [("a", 0, 1, "1")],
        [("a", 0, 1, "1"), ("a", 0, 1, "2")],
        [("a", 0, 1, "1"), ("a", 0, 2, "1"), ("b", 0, 2, "1")],
        [("a", None, None, "1"), ("a", None, None, "1")],
    ],
)
async def test_values_that_all_rows_share_arrive_in_each(
    conn: AsyncConnection, given: list[tuple[object, ...]]
) -> None:
    await insert_rows(conn, place, [dict(zip(PLACES, row, strict=True)) for row in given])
    found = await conn.execute(select(place))
    assert sorted(map(repr, found)) == sorted(repr((*row[:3], int(str(row[3])))) for row in given)


async def test_rows_that_share_everything_are_all_there(conn: AsyncConnection) -> None:
    await insert_rows(conn, place, [{"topic": "a", "partition": 1}] * 3)
    found = list(await conn.execute(select(place.c.topic, place.c.partition)))
    assert [tuple(row) for row in found] == [("a", 1)] * 3


async def test_records_with_a_key_that_is_there_are_all_refused(conn: AsyncConnection) -> None:
    columns = ("name", "order")
    await copy_records(conn, thing, columns, [("a", "first")])
    with pytest.raises(asyncpg.UniqueViolationError):
        await copy_records(conn, thing, columns, [("b", "second"), ("a", "second")])


async def test_records_that_share_a_key_can_be_overwritten(conn: AsyncConnection) -> None:
    columns = ("name", "order")
    await upsert_records(
        conn, thing, columns, [("a", "first"), ("b", "first")], key=("name", "part")
    )
    await upsert_records(conn, thing, columns, [("a", "second")], key=("name", "part"))
    found = [(each["name"], each["order"]) for each in await rows(conn)]
    assert found == [("a", "second"), ("b", "first")]
