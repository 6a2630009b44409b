"""Who reads this service's log, how far they have come, and forgetting those who are gone."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy import func, select

from shared.audit.trail import AuditEntry
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page
from shared.chassis.schemas import Out
from shared.kernel.errors import NotFoundError
from shared.log.readers import drop_reader as forget

router = APIRouter(tags=["readers"])


class ReaderOut(Out):
    """A reader on one partition: rows from `position` on are kept for it."""

    group_name: str
    topic: str
    partition: int
    position: int
    moved_at: datetime
    behind: int


class DroppedOut(Out):
    """How many partitions a reader no longer holds back."""

    group_name: str
    partitions: int


@router.get("/readers", summary="The registered readers of this service's log")
async def readers(
    doors: DoorsDep, _: Annotated[Principal, Depends(allowed(Role.VIEWER))]
) -> Page[ReaderOut]:
    """`behind` counts the rows that a reader has still to take."""
    reader, head = doors.tables.log.reader.c, doors.tables.log.head.c
    joined = doors.tables.log.reader.outerjoin(
        doors.tables.log.head,
        (reader.topic == head.topic) & (reader.partition == head.partition),
    )
    behind = (func.coalesce(head.next_offset, reader.position) - reader.position).label("behind")
    wanted = select(doors.tables.log.reader, behind).select_from(joined)
    async with doors.reading() as conn:
        found = await conn.execute(
            wanted.order_by(reader.group_name, reader.topic, reader.partition)
        )
        return Page(items=[ReaderOut.model_validate(row) for row in found])


@router.delete("/readers/{group_name}", summary="Forget a reader that is gone for good")
async def drop_reader(
    group_name: Annotated[str, Path(max_length=200)],
    request: Request,
    doors: DoorsDep,
    principal: Annotated[Principal, Depends(allowed(Role.ADMIN))],
) -> DroppedOut:
    """A reader that is alive registers again, at the place where it stands."""
    deed = AuditEntry(
        person=principal.person,
        key_id=principal.key_id,
        action="reader.dropped",
        subject=group_name,
    )
    async with doors.transaction() as conn:
        dropped = await forget(conn, doors.service.name, group_name)
        if not dropped:
            raise NotFoundError(kind="reader", name=group_name)
        await doors.note(conn, request, deed)
    return DroppedOut(group_name=group_name, partitions=dropped)
