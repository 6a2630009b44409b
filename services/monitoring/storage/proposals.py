"""What people decided on proposals about indicators; the proposals themselves are computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.domain.learning.proposals import Proposal
from services.monitoring.storage.outcomes import proposal_decision
from shared.kernel.errors import ConflictError


class ProposalVerdict(StrEnum):
    """What a person made of a proposal."""

    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class ProposalDecidedError(ConflictError):
    """Somebody decided on the proposal today."""

    code = "proposal_decided"

    def __init__(self, proposal_id: str) -> None:
        super().__init__(f"proposal {proposal_id!r} has been decided on")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalDecision:
    """A person's decision on a proposal, with the draft that came of it."""

    proposal_id: str
    decided_on: date
    verdict: ProposalVerdict
    proposal: Proposal
    policy_version: str | None
    decided_by: str
    note: str
    decided_at: datetime | None = None


async def save_decision(conn: AsyncConnection, decision: ProposalDecision) -> None:
    """Keep a decision. Raises `ProposalDecidedError` when there is one of the same day."""
    added = insert(proposal_decision).values(
        proposal_id=decision.proposal_id,
        decided_on=decision.decided_on,
        verdict=decision.verdict.value,
        proposal=msgspec.to_builtins(decision.proposal),
        policy_version=decision.policy_version,
        decided_by=decision.decided_by,
        note=decision.note,
    )
    kept = await conn.execute(added.on_conflict_do_nothing().returning(proposal_decision.c.verdict))
    if kept.one_or_none() is None:
        raise ProposalDecidedError(decision.proposal_id)


async def find_decisions(conn: AsyncConnection, *, limit: int = 200) -> Sequence[ProposalDecision]:
    """The latest decisions, newest first."""
    table = proposal_decision
    query = select(table).order_by(table.c.decided_on.desc(), table.c.proposal_id).limit(limit)
    found = await conn.execute(query)
    rows = ({str(name): value for name, value in row.items()} for row in found.mappings())
    return [msgspec.convert(row, ProposalDecision) for row in rows]
