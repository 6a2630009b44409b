"""Records that can never be applied, kept whole with the reason, to look at and to replay."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.bulk import insert_rows
from shared.kernel.ids import derived_id
from shared.log.tables import WorkTables


class DeadLetter(NamedTuple):
    """One parked record: where it was, its bytes and headers, a stable code and a sentence."""

    topic: str
    partition: int
    position: int
    key: str | None
    headers: Mapping[str, str]
    value: bytes
    code: str
    reason: str


async def park(conn: AsyncConnection, tables: WorkTables, letters: Sequence[DeadLetter]) -> None:
    """Keep records that were refused; parking the same record twice keeps one."""
    rows = [
        {
            "dead_letter_id": derived_id(letter.topic, letter.partition, letter.position),
            "topic": letter.topic,
            "partition": letter.partition,
            "position": letter.position,
            "key": letter.key,
            "headers": msgspec.json.encode(letter.headers).decode(),
            "value": letter.value,
            "code": letter.code,
            "reason": letter.reason.replace("\x00", ""),
        }
        for letter in letters
    ]
    await insert_rows(conn, tables.dead_letter, rows, ignore_existing=True)
