"""What a service announced and what came in through its doors, as its own log has it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from sqlalchemy import ColumnElement, Row, Select, select, tuple_

from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery, PageRequest, UnreadableCursorError
from shared.chassis.schemas import Out
from shared.contracts.catalogue import TOPIC_OF
from shared.kernel.errors import InvalidInputError
from shared.log.tables import LogTables

router = APIRouter(tags=["events"])


class EventOut(Out):
    """One record of the log: where it stands, what caused it, what it says."""

    topic: str
    partition: int
    offset: int
    id: str
    type: str
    source: str
    time: datetime
    customer_id: str
    correlation_id: str
    causation_id: str
    depth: int
    appended_at: datetime
    event: dict[str, object]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Whose events are asked for, or which chain's, or of which types."""

    customer_id: str | None = None
    correlation_id: str | None = None
    types: tuple[str, ...] = ()


@router.get("/events")
async def list_events(
    doors: DoorsDep,
    page: PageQuery,
    _: Annotated[Principal, Depends(allowed(Role.VIEWER))],
    customer_id: Annotated[str | None, Query(max_length=200)] = None,
    correlation_id: Annotated[str | None, Query(max_length=500)] = None,
    event_types: Annotated[list[str] | None, Query(alias="type", max_length=20)] = None,
) -> Page[EventOut]:
    """Events about a customer, of one causal chain, or of given types, in the order of the log."""
    if customer_id is None and correlation_id is None and not event_types:
        rule = "must be given, or correlation_id, or type"
        raise InvalidInputError(field="customer_id", value=None, rule=rule)
    asked = Asked(
        customer_id=customer_id, correlation_id=correlation_id, types=tuple(event_types or ())
    )
    async with doors.reading() as conn:
        found = await conn.execute(_select(doors.tables.log, asked, page))
        rows = found.all()
    return page.page(rows, cursor=lambda row: (row.topic, row.partition, row.offset), out=_out)


def _select(
    tables: LogTables, asked: Asked, page: PageRequest
) -> Select[tuple[str, int, int, str, Mapping[str, str], bytes, datetime]]:
    log = tables.log.c
    wanted = select(tables.log).where(*_conditions(tables, asked)).limit(page.fetch)
    match page.after:
        case None:
            pass
        case (str(), int(), int()):
            wanted = wanted.where(tuple_(log.topic, log.partition, log.offset) > page.after)
        case _:
            raise UnreadableCursorError
    return wanted.order_by(log.topic, log.partition, log.offset)


def _conditions(tables: LogTables, asked: Asked) -> list[ColumnElement[bool]]:
    log = tables.log.c
    conditions: list[ColumnElement[bool]] = []
    if asked.customer_id is not None:
        conditions.append(log.key == asked.customer_id)
    if asked.correlation_id is not None:
        chain = log.headers["ce_correlationid"].astext
        conditions.append(chain == asked.correlation_id)
    if asked.types:
        topics = {TOPIC_OF[name] for name in asked.types if name in TOPIC_OF}
        conditions.append(log.topic.in_(topics))
        conditions.append(log.headers["ce_type"].astext.in_(asked.types))
    return conditions


def _out(
    row: Row[tuple[str, int, int, str, Mapping[str, str], bytes, datetime]],
) -> EventOut:
    headers = row.headers
    return EventOut(
        topic=row.topic,
        partition=row.partition,
        offset=row.offset,
        id=headers.get("ce_id", ""),
        type=headers.get("ce_type", ""),
        source=headers.get("ce_source", ""),
        time=headers.get("ce_time", row.appended_at),
        customer_id=row.key,
        correlation_id=headers.get("ce_correlationid", ""),
        causation_id=headers.get("ce_causationid", ""),
        depth=int(headers.get("ce_causationdepth", "0")),
        appended_at=row.appended_at,
        event=_read(row.value),
    )


def _read(value: bytes) -> dict[str, object]:
    """What an event says; a value that is no JSON object is shown as text."""
    try:
        return msgspec.json.decode(value, type=dict[str, object])
    except msgspec.DecodeError:
        return {"unreadable": value[:200].decode(errors="replace")}
