"""The audit trail keeps what is written to it."""

from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.audit.trail import AuditEntry, read_trail, record
from shared.chassis.tables import chassis_tables
from shared.testing.workers import Bench


async def write(toy: Bench, *subjects: str) -> None:
    table = chassis_tables("monitoring", toy.service.metadata).audit
    async with toy.database.transaction() as conn:
        for subject in subjects:
            await record(conn, table, AuditEntry("Ada", "k1", "key.made", subject))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE monitoring.audit SET person = 'Bo'",
        "DELETE FROM monitoring.audit",
        "TRUNCATE monitoring.audit",
    ],
)
async def test_the_database_refuses_to_change_the_trail(toy: Bench, statement: str) -> None:
    await write(toy, "s1")
    with pytest.raises(DBAPIError, match=r"never changed or removed|permission denied"):
        async with toy.database.transaction() as conn:
            await conn.execute(text(statement))
    (row,) = await toy.fetch("SELECT person FROM monitoring.audit")
    assert row.person == "Ada"


async def test_the_newest_deed_comes_first(toy: Bench) -> None:
    await write(toy, "s1", "s2", "s3")
    table = chassis_tables("monitoring", toy.service.metadata).audit
    async with toy.database.reading() as conn:
        newest = await read_trail(conn, table, before=None, limit=2)
        older = await read_trail(conn, table, before=newest[-1].sequence, limit=2)
    assert [deed.subject for deed in newest] == ["s3", "s2"]
    assert [deed.subject for deed in older] == ["s1"]


async def test_a_deed_that_is_rolled_back_leaves_no_trace(toy: Bench) -> None:
    table = chassis_tables("monitoring", toy.service.metadata).audit
    with suppress(ZeroDivisionError):
        async with toy.database.transaction() as conn:
            await record(conn, table, AuditEntry("Ada", "k1", "key.made", "s1"))
            raise ZeroDivisionError
    assert await toy.fetch("SELECT 1 FROM monitoring.audit") == []
