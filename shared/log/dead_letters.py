"""Records that can never be applied, kept whole with the reason, to look at and to replay."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import RowMapping, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db.bulk import among, insert_rows
from shared.kernel.errors import NotFoundError
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

    @property
    def dead_letter_id(self) -> str:
        """The id that follows from where the record was: the same record parks once."""
        return derived_id(self.topic, self.partition, self.position)


class ParkedRow(NamedTuple):
    """A dead letter as it is shown."""

    dead_letter_id: str
    letter: DeadLetter
    status: str
    parked_at: datetime
    replayed_at: datetime | None


_wrapping = msgspec.json.Decoder(DeadLetter)


def wrap(letter: DeadLetter) -> bytes:
    """A dead letter as the value of the job that replays it."""
    return msgspec.json.encode(letter)


def unwrap(value: bytes) -> DeadLetter:
    """The dead letter in a replay job."""
    return _wrapping.decode(value)


async def park(conn: AsyncConnection, tables: WorkTables, letters: Sequence[DeadLetter]) -> None:
    """Keep records that were refused; parking the same record twice keeps one."""
    rows = [
        {
            "dead_letter_id": letter.dead_letter_id,
            "topic": letter.topic,
            "partition": letter.partition,
            "position": letter.position,
            "key": letter.key,
            "headers": msgspec.json.encode(letter.headers).decode(),
            "value": letter.value,
            "code": letter.code,
            "reason": letter.reason.replace("\x00", ""),
        }
        for letter in {each.dead_letter_id: each for each in letters}.values()
    ]
    await insert_rows(conn, tables.dead_letter, rows, ignore_existing=True)


async def mark_replayed(conn: AsyncConnection, tables: WorkTables, ids: Collection[str]) -> None:
    """Note that dead letters were applied after all."""
    table = tables.dead_letter
    if ids:
        replayed = update(table).where(among(table.c.dead_letter_id, sorted(ids)))
        await conn.execute(replayed.values(status="replayed", replayed_at=func.now()))


async def list_parked(
    conn: AsyncConnection,
    tables: WorkTables,
    *,
    matching: Mapping[str, str] | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[ParkedRow]:
    """Dead letters, oldest first, behind `after` (parked_at, id).

    `matching` names columns (status, code, key, topic) and the values they must have.
    """
    table = tables.dead_letter
    wanted = select(table).order_by(table.c.parked_at, table.c.dead_letter_id).limit(limit)
    for name, value in (matching or {}).items():
        wanted = wanted.where(table.c[name] == value)
    if after is not None:
        wanted = wanted.where(tuple_(table.c.parked_at, table.c.dead_letter_id) > after)
    return [_shown(row) for row in (await conn.execute(wanted)).mappings()]


async def one_parked(conn: AsyncConnection, tables: WorkTables, dead_letter_id: str) -> ParkedRow:
    """The dead letter of that id. Raises `NotFoundError`."""
    table = tables.dead_letter
    found = await conn.execute(select(table).where(table.c.dead_letter_id == dead_letter_id))
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFoundError(kind="dead letter", name=dead_letter_id)
    return _shown(row)


def _shown(row: RowMapping) -> ParkedRow:
    letter = DeadLetter(*(row[name] for name in DeadLetter._fields))
    return ParkedRow(
        row["dead_letter_id"], letter, row["status"], row["parked_at"], row["replayed_at"]
    )
