"""The audit trail, for auditors."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import JsonValue

from shared.audit.trail import AuditRecord, read_trail
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery
from shared.chassis.schemas import Out

router = APIRouter(tags=["audit"])


class AuditOut(Out):
    """One deed of a person or program."""

    sequence: int
    at: datetime
    person: str
    key_id: str
    action: str
    subject: str
    request_id: str
    detail: JsonValue


@router.get("/audit", summary="What people and keys did, newest first")
async def audit(
    doors: DoorsDep,
    page: PageQuery,
    principal: Annotated[Principal, Depends(allowed(Role.AUDITOR, Role.ADMIN))],
) -> Page[AuditOut]:
    """Events are their own record; here are keys, policies and commands."""
    del principal
    async with doors.reading() as conn:
        rows = await read_trail(
            conn, doors.tables.audit, before=page.after_number(), limit=page.fetch
        )
    return page.page(rows, cursor=lambda row: (row.sequence,), out=_shown)


def _shown(row: AuditRecord) -> AuditOut:
    return AuditOut.model_validate(row)
