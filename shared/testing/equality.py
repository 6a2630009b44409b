"""What a service's database says, without what may differ: when it was written, and by whom."""

from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Record
from shared.chassis.service import AnyService
from shared.chassis.tables import chassis_tables
from shared.contracts import catalogue
from shared.db.engine import Database
from shared.log.reading import Wanted, read_logs

COALESCED = "monitoring.exposure_changed.v1"
_NOT_STATE = {"partition_state", "worker_member", "audit", "api_key", "idempotent_request"}
_ALL = 1_000_000

Story = dict[str, list[str]]
"""Rows as text by table, sorted."""


async def story_of(database: Database, service: AnyService) -> Story:
    """Every row of a service's tables and of its own topic, without moments of writing."""
    chassis_tables(service.name, service.metadata)
    found: Story = {}
    async with database.transaction() as conn:
        for table in service.metadata.sorted_tables:
            if table.name in _NOT_STATE:
                continue
            told = [c for c in table.columns if not isinstance(c.type, TIMESTAMP)]
            rows = await conn.execute(select(*told))
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
        found["closed_on"] = await _closed(conn, service)
        found["announced"] = await _announced(conn, service)
    return found


async def _closed(conn: AsyncConnection, service: AnyService) -> list[str]:
    state = f'"{service.name}".partition_state'
    rows = await conn.execute(text(f"SELECT partition, closed_on FROM {state} ORDER BY 1"))
    return [repr(tuple(row)) for row in rows]


async def _announced(conn: AsyncConnection, service: AnyService) -> list[str]:
    """What was announced, in order; of what a batch may coalesce the last word per customer and day."""
    log = f'"{service.log_schema}".log'
    rows = await conn.execute(
        text(
            "SELECT partition, key, headers, headers->>'ce_type' AS type, "
            f"convert_from(value, 'UTF8') AS value FROM {log} "
            'WHERE topic = :topic ORDER BY partition, "offset"'
        ),
        {"topic": service.topic},
    )
    told: list[str] = []
    last: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.type == COALESCED:
            said = msgspec.json.decode(row.value)
            last[row.key, said["as_of"]] = repr((row.partition, said["exposures"]))
        else:
            headers = sorted(row.headers.items())
            told.append(repr((row.partition, len(told), row.key, headers, row.value)))
    return told + [repr(each) for each in sorted(last.items())]


def digest_of(story: Story) -> str:
    """One figure for a whole story."""
    return sha256(repr(sorted(story.items())).encode()).hexdigest()


def differences(left: Story, right: Story) -> list[str]:
    """The first rows of each table that only one of two stories has, for the message of a test."""
    found = []
    for table in sorted(left.keys() | right.keys()):
        here, there = set(left.get(table, ())), set(right.get(table, ()))
        found += [f"only left, {table}: {row[:800]}" for row in sorted(here - there)[:2]]
        found += [f"only right, {table}: {row[:800]}" for row in sorted(there - here)[:2]]
    return found


async def records_for(
    database: Database, service: AnyService, partitions: int
) -> dict[int, list[Record]]:
    """All that a service reads, by partition, in one possible order: that of the writing."""
    wanted = [
        Wanted(f"{catalogue.PUBLISHER_OF[each.topic]}_log", each.topic, 0, _ALL)
        for each in service.subscriptions
    ]
    found: dict[int, list[Record]] = {}
    async with database.transaction() as conn:
        await conn.execute(text("SELECT 1"))
        for index in range(partitions):
            rows = await read_logs(conn, index, wanted)
            records = [Record(row.topic, index, row.offset, *row[2:]) for row in rows]
            found[index] = sorted(records, key=_written)
    return found


def _written(record: Record) -> tuple[Any, ...]:
    return (record.appended_at, record.topic, record.position)
