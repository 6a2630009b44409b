"""Many rows in one statement, by COPY or by arrays: no ORM, no statement per row."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Table, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.engine import driver_of

Row = Mapping[str, object]
_TREES = frozenset({"JSON", "JSONB"})
_OFTEN_ONE = frozenset({"partition", "topic", "version"})
_DIALECT = make_url("postgresql+asyncpg://").get_dialect()()


async def insert_rows(
    conn: AsyncConnection, table: Table, rows: Sequence[Row], *, ignore_existing: bool = False
) -> None:
    """Insert rows in one statement; every row has the first one's columns. JSON goes in as text.

    With `ignore_existing`, rows whose key is there already are left as they are.
    """
    if rows:
        ending = " ON CONFLICT DO NOTHING" if ignore_existing else ""
        await _run(conn, table, rows, ending)


async def copy_records(
    conn: AsyncConnection,
    table: Table,
    columns: tuple[str, ...],
    records: Sequence[tuple[object, ...]],
) -> None:
    """Append records that nobody has written before, by COPY: half the work of `insert_rows`.

    A key that is there already refuses them all.
    """
    if records:
        driver = await driver_of(conn)
        await driver.copy_records_to_table(
            table.name, schema_name=table.schema, columns=columns, records=records
        )


async def upsert_records(
    conn: AsyncConnection,
    table: Table,
    columns: tuple[str, ...],
    records: Sequence[tuple[object, ...]],
    *,
    key: tuple[str, ...],
) -> None:
    """Insert records, the values of the columns in their order, as `upsert_rows` does."""
    if records:
        arrays = list(zip(*records, strict=True))
        await _send(conn, table, columns, arrays, _overwriting(columns, key))


async def upsert_rows(
    conn: AsyncConnection, table: Table, rows: Sequence[Row], *, key: tuple[str, ...]
) -> None:
    """Insert rows, or overwrite those with the same key, in one statement. Keys must be distinct."""
    if rows:
        await _run(conn, table, rows, _overwriting(rows[0], key))


async def delete_rows(
    conn: AsyncConnection, table: Table, column: str, values: Iterable[object]
) -> None:
    """Delete the rows whose column holds one of the values."""
    wanted = list(values)
    if wanted:
        await conn.execute(table.delete().where(among(table.c[column], wanted)))


def among(column: ColumnElement[object], values: Iterable[object]) -> ColumnElement[bool]:
    """The condition `column = ANY(values)`: one parameter however many values there are."""
    array = bindparam(None, list(values), type_=ARRAY(column.type), unique=True)
    return column == any_(array)


async def _run(conn: AsyncConnection, table: Table, rows: Sequence[Row], ending: str) -> None:
    columns = tuple(rows[0])
    arrays = [[row[name] for row in rows] for name in columns]
    await _send(conn, table, columns, arrays, ending)


async def _send(
    conn: AsyncConnection,
    table: Table,
    columns: tuple[str, ...],
    arrays: Sequence[Sequence[object]],
    ending: str,
) -> None:
    """Insert columns of values; what is the same in all rows of a batch goes in once."""
    driver = await driver_of(conn)
    one_value = tuple(
        name in _OFTEN_ONE and len(values) > 1 and values.count(values[0]) == len(values)
        for name, values in zip(columns, arrays, strict=True)
    )
    if all(one_value):
        one_value = (False, *one_value[1:])  # some column has to say how many rows there are
    given = [values[0] if once else values for once, values in zip(one_value, arrays, strict=True)]
    await driver.execute(_insert(table, columns, one_value) + ending, *given)


@cache
def _insert(table: Table, columns: tuple[str, ...], one_value: tuple[bool, ...]) -> str:
    places = list(zip(range(1, len(columns) + 1), columns, one_value, strict=True))
    listed = [name for _, name, once in places if not once]
    arrays = ", ".join(
        f"${index}::{_cast(table, name)}[]" for index, name, once in places if not once
    )
    selected = ", ".join(
        _selected(table, name, f"${index}::{_cast(table, name)}" if once else _quoted(name))
        for index, name, once in places
    )
    full_name = f"{_quoted(table.schema or 'public')}.{_quoted(table.name)}"
    return (
        f"INSERT INTO {full_name} ({_list(columns)}) "
        f"SELECT {selected} FROM unnest({arrays}) AS rows({_list(listed)})"
    )


def _overwriting(columns: Iterable[str], key: tuple[str, ...]) -> str:
    changed = [name for name in columns if name not in key]
    assignments = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in changed)
    action = f"UPDATE SET {assignments}" if changed else "NOTHING"
    return f" ON CONFLICT ({_list(key)}) DO {action}"


def _selected(table: Table, name: str, value: str) -> str:
    kind = _type(table, name)
    return f"{value}::{kind}" if kind in _TREES else value


def _type(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(_DIALECT))


def _cast(table: Table, name: str) -> str:
    kind = _type(table, name)
    return "text" if kind in _TREES else kind


def _quoted(name: str) -> str:
    return f'"{name}"'


def _list(names: Iterable[str]) -> str:
    return ", ".join(_quoted(name) for name in names)
