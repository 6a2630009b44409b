"""How far the log has been shipped: kept beside the log, so that a restart goes on from there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import Place, PositionOutsideLogError
from shared.contracts import catalogue
from shared.db.bulk import among
from shared.log.reading import LogRow, Wanted, read_logs
from shared.log.tables import log_tables

RELAY = "relay"
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Backlog:
    """The first rows of one topic and partition that have not been acknowledged."""

    place: Place
    rows: Sequence[LogRow]


class ShippingLog:
    """Reads what a service has announced and not yet shipped, and writes down what it has.

    Only the published topics leave; commands and jobs stay in the service's own log.
    """

    def __init__(self, service: str, topics: Collection[str] = tuple(catalogue.EVENTS)) -> None:
        self._schema = f"{service}_log"
        self._tables = log_tables(service)
        self._topics = topics

    async def backlogs(self, conn: AsyncConnection, partitions: Collection[int]) -> list[Backlog]:
        """The next rows of each owned partition that has any; locks nothing."""
        waiting = await self._waiting(conn, partitions)
        found: dict[Place, list[LogRow]] = {}
        for partition in sorted({place[1] for place in waiting}):
            wanted = [
                Wanted(self._schema, topic, position or 0, ROWS_AT_ONCE)
                for (topic, at), position in waiting.items()
                if at == partition
            ]
            for row in await read_logs(conn, partition, wanted):
                found.setdefault((row.topic, partition), []).append(row)
        for place, rows in found.items():
            _refuse_gap(place, rows, waiting[place])
        return [Backlog(place, rows) for place, rows in found.items()]

    async def move(self, conn: AsyncConnection, acknowledged: Mapping[Place, int]) -> None:
        """Move the relay's positions forward, never back: a late one changes nothing."""
        if not acknowledged:
            return
        reader = self._tables.reader
        moved = insert(reader).values(
            [
                {"group_name": RELAY, "topic": topic, "partition": partition, "position": position}
                for (topic, partition), position in sorted(acknowledged.items())
            ]
        )
        position = func.greatest(reader.c.position, moved.excluded.position)
        await conn.execute(
            moved.on_conflict_do_update(
                index_elements=["group_name", "topic", "partition"],
                set_={"position": position, "moved_at": func.clock_timestamp()},
            )
        )

    async def _waiting(
        self, conn: AsyncConnection, partitions: Collection[int]
    ) -> dict[Place, int | None]:
        """Places with rows to ship, and from where; None where nothing was ever shipped."""
        head, reader = self._tables.head, self._tables.reader
        joined = head.outerjoin(
            reader,
            (reader.c.group_name == RELAY)
            & (reader.c.topic == head.c.topic)
            & (reader.c.partition == head.c.partition),
        )
        asked = (
            select(head.c.topic, head.c.partition, reader.c.position)
            .select_from(joined)
            .where(
                among(head.c.partition, partitions),
                among(head.c.topic, self._topics),
                head.c.next_offset > func.coalesce(reader.c.position, 0),
            )
        )
        found = await conn.execute(asked)
        return {(row.topic, row.partition): row.position for row in found}


def _refuse_gap(place: Place, rows: Sequence[LogRow], position: int | None) -> None:
    """Rows that were never shipped and are gone already must not be passed over in silence."""
    if position is not None and rows[0].offset != position:
        raise PositionOutsideLogError(
            *place, position, f"the log goes on at {rows[0].offset}: rows are gone unshipped"
        )
