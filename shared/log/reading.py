"""Read logs: many (publisher, topic) pairs of one partition in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.engine import driver_of


class Wanted(NamedTuple):
    """Which log to read, from which offset on, and how much."""

    schema: str
    topic: str
    offset: int
    limit: int


class LogRow(NamedTuple):
    """One row of a log."""

    topic: str
    partition: int
    offset: int
    key: str
    headers: dict[str, str]
    value: bytes
    appended_at: datetime


_headers = msgspec.json.Decoder(dict[str, str])


async def read_logs(
    conn: AsyncConnection, partition: int, wanted: Sequence[Wanted]
) -> list[LogRow]:
    """The rows of one partition that are wanted, grouped by topic in the order asked for."""
    if not wanted:
        return []
    driver = await driver_of(conn)
    branches = " UNION ALL ".join(_branch(place, each.schema) for place, each in enumerate(wanted))
    arguments: list[object] = [partition]
    for each in wanted:
        arguments += [each.topic, each.offset, each.limit]
    found = await driver.fetch(
        f'SELECT * FROM ({branches}) AS found ORDER BY place, "offset"', *arguments
    )
    read = _headers.decode
    return [
        LogRow(topic, partition, offset, key, read(headers), value, appended_at)
        for _place, topic, offset, key, headers, value, appended_at in found
    ]


def _branch(place: int, schema: str) -> str:
    first = 2 + 3 * place
    return (
        f'(SELECT {place} AS place, topic, "offset", key, headers::text, value, appended_at '
        f'FROM "{schema}".log WHERE partition = $1 AND topic = ${first}::text '
        f'AND "offset" >= ${first + 1}::bigint ORDER BY "offset" LIMIT ${first + 2}::int)'
    )
