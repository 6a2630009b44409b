"""Policies: drafted by one person, approved by another, in force from a day that has not begun."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.audit.trail import AuditEntry
from shared.auth.principals import Principal, Role
from shared.chassis.doors import Doors, DoorsDep, allowed
from shared.chassis.once import Once
from shared.chassis.paging import Page, PageQuery
from shared.chassis.schemas import In, Out
from shared.kernel.dates import next_day
from shared.log.partitions import newest_closed_day
from shared.policies.book import ALWAYS, PolicyVersion, read_policy
from shared.policies.versions import (
    PolicyDraft,
    PolicyState,
    StoredPolicy,
    Verdict,
    decide_on_draft,
    draft_policy,
    find_policy,
    list_policies,
    load_policies,
)

router = APIRouter(tags=["policies"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Author = Annotated[Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER))]
Approver = Annotated[Principal, Depends(allowed(Role.CREDIT_MANAGER))]


class Word(StrEnum):
    """What the second person says."""

    APPROVED = "approved"
    REJECTED = "rejected"


class PolicyIn(In):
    """A new version: the whole policy, every field of it."""

    version: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    effective_from: date
    policy: dict[str, JsonValue]
    note: Annotated[str, Field(max_length=2000)] = ""


class ApprovalIn(In):
    """Another person's word on a draft."""

    decision: Word = Word.APPROVED
    note: Annotated[str, Field(max_length=2000)] = ""


class PolicyOut(Out):
    """A version with its history; `effective_from` is null for the default that ships."""

    version: str
    state: PolicyState
    effective_from: date | None
    author: str
    note: str
    drafted_at: datetime | None
    approver: str | None
    approval_note: str | None
    decided_at: datetime | None
    policy: JsonValue


class CurrentPolicyOut(Out):
    """The version that decides on a business day."""

    version: str
    effective_from: date | None
    business_day: date
    policy: JsonValue


@router.get("/policies", summary="Versions drafted over HTTP, rejected ones included")
async def policies(doors: DoorsDep, page: PageQuery, principal: Reader) -> Page[PolicyOut]:
    """By version; the default that ships is found by its name, or as the current one."""
    del principal
    async with doors.reading() as conn:
        rows = await list_policies(
            conn, doors.tables.policy, after=page.after_text(), limit=page.fetch
        )
    return page.page(rows, cursor=lambda row: (row.version,), out=_shown)


@router.post(
    "/policies",
    status_code=201,
    response_model=PolicyOut,
    summary="Draft a version, for another to approve",
)
async def draft(body: PolicyIn, request: Request, doors: DoorsDep, principal: Author) -> Response:
    """The policy is read as the worker will read it; one that breaks a rule is refused here."""
    text = msgspec.json.encode(body.policy).decode()
    read_policy(text, doors.service.policy)
    wish = PolicyDraft(body.version, body.effective_from, text, principal.person, body.note)

    async def _drafted(conn: AsyncConnection) -> PolicyOut:
        book = await load_policies(conn, doors.service)
        drafted = await draft_policy(conn, doors.tables.policy, wish, book)
        await doors.note(conn, request, _deed(principal, "policy.drafted", drafted))
        return _shown(drafted)

    return await Once(request, doors, principal, status=201).do(_drafted)


@router.get("/policies/current", summary="The version in force on the business day")
async def current(
    doors: DoorsDep, principal: Reader, as_of: date | None = None
) -> CurrentPolicyOut:
    """Asked for another day, the version in force on that one."""
    del principal
    async with doors.reading() as conn:
        day = as_of or await _business_day(conn, doors)
        found = (await load_policies(conn, doors.service)).in_force(day)
    return CurrentPolicyOut(
        version=found.version,
        effective_from=None if found.effective_from == ALWAYS else found.effective_from,
        business_day=day,
        policy=_as_json(found.policy),
    )


@router.get("/policies/{version}", summary="One version")
async def one_policy(version: str, doors: DoorsDep, principal: Reader) -> PolicyOut:
    """A draft, an approved or rejected version, or the default that ships."""
    del principal
    async with doors.reading() as conn:
        book = await load_policies(conn, doors.service)
        kept = book.version(version)
        if kept is not None and kept.effective_from == ALWAYS:
            return _shipped(kept)
        return _shown(await find_policy(conn, doors.tables.policy, version))


@router.post(
    "/policies/{version}/approval",
    response_model=PolicyOut,
    summary="Approve or reject another's draft",
)
async def approve(
    version: str, body: ApprovalIn, request: Request, doors: DoorsDep, principal: Approver
) -> Response:
    """Holds the business day still meanwhile, so that no partition slips past the first day."""
    verdict = Verdict(version, principal.person, body.decision is Word.APPROVED, body.note)

    async def _decided(conn: AsyncConnection) -> PolicyOut:
        closed = await newest_closed_day(conn, doors.tables.work, hold=True)
        begun = None if closed is None else next_day(closed)
        decided = await decide_on_draft(conn, doors.tables.policy, verdict, business_day=begun)
        await doors.note(conn, request, _deed(principal, f"policy.{decided.state}", decided))
        return _shown(decided)

    return await Once(request, doors, principal).do(_decided)


async def _business_day(conn: AsyncConnection, doors: Doors) -> date:
    closed = await newest_closed_day(conn, doors.tables.work)
    return (
        doors.clock().astimezone(doors.settings.zone).date() if closed is None else next_day(closed)
    )


def _as_json(policy: object) -> JsonValue:
    """A policy as it may be sent in again."""
    shown: JsonValue = msgspec.json.decode(msgspec.json.encode(policy))
    return shown


def _shown(row: StoredPolicy) -> PolicyOut:
    return PolicyOut(
        version=row.version,
        state=row.state,
        effective_from=row.effective_from,
        author=row.author,
        note=row.note,
        drafted_at=row.drafted_at,
        approver=row.approver,
        approval_note=row.approval_note,
        decided_at=row.decided_at,
        policy=msgspec.json.decode(row.body),
    )


def _shipped(version: PolicyVersion[object]) -> PolicyOut:
    return PolicyOut(
        version=version.version,
        state=PolicyState.APPROVED,
        effective_from=None,
        author="shipped",
        note="the default that ships with this version of Obligor",
        drafted_at=None,
        approver=None,
        approval_note=None,
        decided_at=None,
        policy=_as_json(version.policy),
    )


def _deed(principal: Principal, action: str, row: StoredPolicy) -> AuditEntry:
    return AuditEntry(
        person=principal.person,
        key_id=principal.key_id,
        action=action,
        subject=row.version,
        detail={
            "effective_from": row.effective_from.isoformat(),
            "note": row.approval_note or row.note,
        },
    )
