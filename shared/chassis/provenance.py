"""Whose word a log offset on an upstream topic is: the publisher's own, or an outsider's invention.

Over Kafka the offset comes in a header, and upstream topics are written to by others, too. It moves
no duplicates there (`Sieve`), but it says how far a log has been worked off, which day barriers trust.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import LOG_OFFSET_HEADER, Record
from shared.chassis.service import AnyService
from shared.db.bulk import among
from shared.log.checkpoints import Checkpoint
from shared.log.tables import LogTables

Claim = tuple[str, int, int | None, str | None, str | None]


async def believed(
    conn: AsyncConnection,
    log: LogTables,
    service: AnyService,
    records: Sequence[Record],
    checkpoints: Mapping[str, Checkpoint],
) -> Sequence[Record]:
    """The records, without the log offsets that cannot be believed.

    Of a topic whose log is the service's own, a record is what its header says if it lies there under
    that offset. Of another's, where one cannot look, if it is the next one: a log is shipped without gaps.
    """
    upstream = {each.topic for each in service.subscriptions if each.upstream}
    claiming = [
        record
        for record in records
        if record.topic in upstream and LOG_OFFSET_HEADER in record.headers
    ]
    if not claiming:
        return records
    own = await _own(conn, log, [each for each in claiming if each.topic in service.hosts])
    last = {topic: each.log_offset for topic, each in checkpoints.items()}
    return [
        _checked(record, own if record.topic in service.hosts else None, last)
        if record.topic in upstream
        else record
        for record in records
    ]


async def _own(conn: AsyncConnection, log: LogTables, claiming: Sequence[Record]) -> set[Claim]:
    """What really lies in the service's log under the offsets that records claim."""
    table = log.log
    if not claiming:
        return set()
    query = select(
        table.c.topic,
        table.c.partition,
        table.c.offset,
        table.c.headers["ce_source"].astext,
        table.c.headers["ce_id"].astext,
    ).where(
        among(table.c.topic, sorted({each.topic for each in claiming})),
        table.c.partition == claiming[0].partition,  # a batch is of one partition
        among(
            table.c.offset, [each.log_offset for each in claiming if each.log_offset is not None]
        ),
    )
    return {(at[0], at[1], at[2], at[3], at[4]) for at in await conn.execute(query)}


def _checked(record: Record, own: set[Claim] | None, last: dict[str, int]) -> Record:
    """One record in its turn; `last` is how far each topic's log has come."""
    before, offset, headers = last.get(record.topic, -1), record.log_offset, record.headers
    if offset is None or offset <= before:
        return record
    if LOG_OFFSET_HEADER in headers:
        claim = (
            record.topic,
            record.partition,
            offset,
            headers.get("ce_source"),
            headers.get("ce_id"),
        )
        true = offset == before + 1 if own is None else claim in own
        if not true:
            return record._replace(log_offset=None)
    last[record.topic] = offset
    return record
