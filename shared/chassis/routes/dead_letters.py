"""Dead letters: records that could not be applied, to look at and to try again."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import JsonValue

from shared.audit.trail import AuditEntry
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery
from shared.chassis.schemas import Out
from shared.chassis.sieve import REPLAY_TYPE
from shared.contracts import catalogue
from shared.contracts.envelope import first_of_chain
from shared.kernel.ids import new_id
from shared.log.append import Entry, headers_of
from shared.log.dead_letters import DeadLetter, ParkedRow, list_parked, one_parked, wrap

router = APIRouter(tags=["dead letters"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Mender = Annotated[Principal, Depends(allowed(Role.ANALYST, Role.ADMIN))]
Filter = Annotated[str | None, Query(max_length=300)]


class DeadLetterOut(Out):
    """A parked record: where it was, why it is here, what became of it."""

    dead_letter_id: str
    topic: str
    partition: int
    position: int
    customer_id: str | None
    event_type: str | None
    code: str
    reason: str
    status: str
    parked_at: datetime
    replayed_at: datetime | None


class WholeDeadLetterOut(DeadLetterOut):
    """With headers and bytes; `value` is null where the bytes are no text."""

    headers: dict[str, JsonValue]
    value: str | None
    value_base64: str


async def asked(
    status: Filter = None, code: Filter = None, topic: Filter = None, customer_id: Filter = None
) -> dict[str, str]:
    """Read the filters of a question for dead letters."""
    filters = {"status": status, "code": code, "topic": topic, "key": customer_id}
    return {name: value for name, value in filters.items() if value is not None}


@router.get("/dead-letters", summary="Records that could not be applied, oldest first")
async def dead_letters(
    doors: DoorsDep,
    page: PageQuery,
    principal: Reader,
    matching: Annotated[dict[str, str], Depends(asked)],
) -> Page[DeadLetterOut]:
    """`status` is `parked` or `replayed`; `code` the stable reason."""
    del principal
    async with doors.reading() as conn:
        rows = await list_parked(
            conn, doors.tables.work, matching=matching, after=page.after_moment(), limit=page.fetch
        )
    return page.page(rows, cursor=_cursor, out=_shown)


@router.get("/dead-letters/{dead_letter_id}", summary="One record with its headers and bytes")
async def one_dead_letter(
    dead_letter_id: str, doors: DoorsDep, principal: Reader
) -> WholeDeadLetterOut:
    """Everything that came in, as it came."""
    del principal
    async with doors.reading() as conn:
        row = await one_parked(conn, doors.tables.work, dead_letter_id)
    return WholeDeadLetterOut(
        headers=dict(row.letter.headers),
        value=_as_text(row.letter.value),
        value_base64=b64encode(row.letter.value).decode(),
        **_shown(row).model_dump(),
    )


@router.post(
    "/dead-letters/{dead_letter_id}/replay",
    status_code=202,
    summary="Give a record to the worker again",
)
async def replay_dead_letter(
    dead_letter_id: str, request: Request, doors: DoorsDep, principal: Mender
) -> Response:
    """The worker takes it when it has nothing else to do; if it is refused again, it stays here."""
    async with doors.reading() as conn:
        row = await one_parked(conn, doors.tables.work, dead_letter_id)
    deed = AuditEntry(principal.person, principal.key_id, "dead_letter.replayed", dead_letter_id)
    return await doors.append_entries(
        request,
        [_job(doors, row.letter)],
        principal=principal,
        answer={"dead_letter_id": dead_letter_id, "status": "submitted"},
        deed=deed,
    )


def _job(doors: Doors, letter: DeadLetter) -> Entry:
    """The record that brings a dead letter back to the worker of its partition."""
    envelope = first_of_chain(
        event_id=new_id(),
        source=f"/obligor/{doors.service.name}/dead-letters",
        event_type=REPLAY_TYPE,
        time=doors.clock(),
        subject=letter.key or "",
    )
    return Entry(
        catalogue.JOBS, letter.partition, letter.key or "", headers_of(envelope), wrap(letter)
    )


def _shown(row: ParkedRow) -> DeadLetterOut:
    letter = row.letter
    return DeadLetterOut(
        dead_letter_id=row.dead_letter_id,
        topic=letter.topic,
        partition=letter.partition,
        position=letter.position,
        customer_id=letter.key,
        event_type=letter.headers.get("ce_type"),
        code=letter.code,
        reason=letter.reason,
        status=row.status,
        parked_at=row.parked_at,
        replayed_at=row.replayed_at,
    )


def _as_text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _cursor(row: ParkedRow) -> tuple[str, str]:
    return row.parked_at.isoformat(), row.dead_letter_id
