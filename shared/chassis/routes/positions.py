"""How far the service has read, and how far its own log goes: what a day barrier waits for."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select

from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.schemas import Out
from shared.log.append import heads
from shared.log.checkpoints import all_checkpoints

router = APIRouter(tags=["positions"])


class CheckpointOut(Out):
    """`position` is where the transport resumes; `log_offset` the publisher's last offset applied."""

    topic: str
    partition: int
    position: int
    log_offset: int


class HeadOut(Out):
    """The offset that the log's next record will get."""

    topic: str
    partition: int
    next_offset: int


class PartitionOut(Out):
    """A partition's last closed day; null before the ledger begins."""

    partition: int
    closed_on: date | None


class PositionsOut(Out):
    """A service has worked a log off when every checkpoint's `log_offset` is `next_offset` - 1.

    `reads` names the topics of others that it reads, beside its own commands and jobs.
    """

    service: str
    reads: list[str]
    checkpoints: list[CheckpointOut]
    log: list[HeadOut]
    partitions: list[PartitionOut]


@router.get("/positions", summary="Checkpoints, the ends of this service's log, closed days")
async def positions(
    doors: DoorsDep, principal: Annotated[Principal, Depends(allowed(Role.VIEWER))]
) -> PositionsOut:
    """One consistent look at all of them."""
    del principal
    state = doors.tables.work.partition_state
    async with doors.reading() as conn:
        checkpoints = await all_checkpoints(conn, doors.tables.work)
        ends = await heads(conn, doors.tables.log)
        closed = await conn.execute(
            select(state.c.partition, state.c.closed_on).order_by(state.c.partition)
        )
        partitions = [PartitionOut.model_validate(row) for row in closed]
    return PositionsOut(
        service=doors.service.name,
        reads=[each.topic for each in doors.service.subscriptions],
        checkpoints=[
            CheckpointOut(
                topic=topic, partition=partition, position=at.position, log_offset=at.log_offset
            )
            for (topic, partition), at in sorted(checkpoints.items())
        ],
        log=[
            HeadOut(topic=topic, partition=partition, next_offset=end)
            for (topic, partition), end in sorted(ends.items())
        ],
        partitions=partitions,
    )
