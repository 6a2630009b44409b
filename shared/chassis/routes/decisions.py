"""Stored decisions: what was decided, on which facts, why; and deciding it again."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from pydantic import JsonValue

from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.paging import Page, PageQuery
from shared.chassis.schemas import Out
from shared.decisions.replay import ReplayedDecision, replay
from shared.decisions.storage import (
    DecisionQuestion,
    KeptDecision,
    find_decision,
    find_decisions,
)
from shared.policies.versions import load_policies

router = APIRouter(tags=["decisions"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Id = Annotated[str | None, Query(max_length=300)]


class DecisionOut(Out):
    """A decision with its facts and its outcome, reasons included."""

    decision_id: str
    customer_id: str
    kind: str
    as_of: date
    facts: JsonValue
    outcome: JsonValue
    policy_version: str
    model_version: str
    cause_id: str
    cause_source: str
    cause_type: str
    correlation_id: str
    recorded_at: datetime


class DifferenceOut(Out):
    """Where the outcome of deciding again parts from the stored one."""

    path: str
    then: JsonValue
    now: JsonValue


class ReplayOut(Out):
    """What came of deciding again; identity is claimed for the same model version only."""

    decision_id: str
    identical: bool
    differences: list[DifferenceOut]
    model_version_then: str
    model_version_now: str
    policy_version: str
    outcome_now: JsonValue


async def asked(
    page: PageQuery,
    customer_id: Id = None,
    correlation_id: Id = None,
    cause_id: Id = None,
    kind: Id = None,
) -> DecisionQuestion:
    """Read the filters of a question for decisions."""
    return DecisionQuestion(
        customer_id=customer_id,
        correlation_id=correlation_id,
        cause_id=cause_id,
        kind=kind,
        older_than=page.after_moment(),
        limit=page.fetch,
    )


@router.get("/decisions", summary="Decisions, newest first")
async def decisions(
    doors: DoorsDep,
    page: PageQuery,
    principal: Reader,
    question: Annotated[DecisionQuestion, Depends(asked)],
) -> Page[DecisionOut]:
    """Those that meet every filter given; decisions that changed nothing are there, too."""
    del principal
    async with doors.reading() as conn:
        rows = await find_decisions(conn, doors.tables.decision, question)
    return page.page(rows, cursor=_cursor, out=_shown)


@router.get("/decisions/{decision_id}", summary="One decision")
async def one_decision(decision_id: str, doors: DoorsDep, principal: Reader) -> DecisionOut:
    """With the facts it was taken on and the reasons it gave."""
    del principal
    async with doors.reading() as conn:
        return _shown(await find_decision(conn, doors.tables.decision, decision_id))


@router.post("/decisions/{decision_id}/replay", summary="Decide again and compare")
async def decide_again(decision_id: str, doors: DoorsDep, principal: Reader) -> ReplayOut:
    """Takes the stored facts, the policy of then and the code of today; changes nothing."""
    del principal
    async with doors.reading() as conn:
        kept = await find_decision(conn, doors.tables.decision, decision_id)
        book = await load_policies(conn, doors.service)
    return _replayed(replay(kept.decision, doors.service.decisions, book))


def _cursor(row: KeptDecision) -> tuple[str, str]:
    return row.recorded_at.isoformat(), row.decision.decision_id


def _shown(row: KeptDecision) -> DecisionOut:
    plain = msgspec.structs.asdict(row.decision)
    facts, outcome = plain.pop("inputs"), plain.pop("outcome")
    return DecisionOut(
        facts=msgspec.json.decode(facts),
        outcome=msgspec.json.decode(outcome),
        recorded_at=row.recorded_at,
        **plain,
    )


def _replayed(found: ReplayedDecision) -> ReplayOut:
    return ReplayOut(
        decision_id=found.decision_id,
        identical=found.identical,
        differences=[DifferenceOut.model_validate(each) for each in found.differences],
        model_version_then=found.model_version_then,
        model_version_now=found.model_version_now,
        policy_version=found.policy_version,
        outcome_now=found.outcome_now,
    )
