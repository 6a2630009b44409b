"""The scorecard of the warnings, and what is proposed about the poor ones; a person decides."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.api.judging import Judgement, judgement, shown_figures, shown_target
from services.monitoring.api.scorecard_schemas import (
    IndicatorFiguresOut,
    ProposalDecisionIn,
    ProposalOut,
    ProposalState,
    ProposalWord,
    ScorecardOut,
)
from services.monitoring.domain.learning.failures import failures_of
from services.monitoring.domain.learning.proposals import Proposal, propose
from services.monitoring.domain.learning.scorecard import judged_warnings
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.proposals import (
    ProposalDecision,
    ProposalVerdict,
    find_decisions,
    save_decision,
)
from services.monitoring.usecases.proposals import Wish, draft_of, rests
from shared.audit.trail import AuditEntry
from shared.auth.principals import Principal, Role
from shared.chassis.doors import DoorsDep, allowed
from shared.chassis.once import Once
from shared.chassis.paging import Page
from shared.kernel.dates import EARLIEST, LATEST
from shared.kernel.errors import NotFoundError
from shared.policies.book import PolicyBook
from shared.policies.versions import draft_policy, load_policies

router = APIRouter(tags=["scorecard"])
Reader = Annotated[Principal, Depends(allowed(Role.VIEWER))]
Author = Annotated[Principal, Depends(allowed(Role.ANALYST, Role.CREDIT_MANAGER))]
First = Annotated[
    date | None, Query(alias="from", ge=EARLIEST, le=LATEST, description="raised from this day on")
]
Last = Annotated[
    date | None, Query(alias="to", ge=EARLIEST, le=LATEST, description="raised up to this day")
]
ProposalId = Annotated[str, Path(min_length=1, max_length=64)]


class NoSuchProposalError(NotFoundError):
    """This is not proposed, or not any more."""

    code = "no_such_proposal"

    def __init__(self, proposal_id: str) -> None:
        super().__init__("proposal", proposal_id)


@router.get("/scorecard", summary="How well the warnings foretold what happened")
async def scorecard(
    doors: DoorsDep, principal: Reader, first: First = None, last: Last = None
) -> ScorecardOut:
    """Of the warnings raised in a span of days: precision, recall, lead and money, against targets.

    A warning came true if its customer defaulted, was long overdue or cost a write-off within the
    policy's horizon, or if a person said so. Without a span, the policy's days up to the last closed one.
    """
    del principal
    async with doors.reading() as conn:
        known = await judgement(conn, doors, first=first, last=last)
    card, policy = await known.scorecard(), known.policy.policy
    return ScorecardOut(
        first=card.first,
        last=card.last,
        as_of=card.as_of,
        horizon_days=policy.handling.scorecard.horizon_days,
        policy_version=known.policy.version,
        total=shown_figures(card.total),
        precision={severity: shown_target(each) for severity, each in card.precision.items()},
        lead_days=shown_target(card.lead_days),
        recall=shown_target(card.recall),
        indicators=[
            IndicatorFiguresOut(
                indicator=indicator,
                title=policy.warnings.indicators[indicator].title,
                **shown_figures(figures).model_dump(),
            )
            for indicator, figures in card.indicators.items()
            if figures.raised or figures.warned_of
        ],
    )


@router.get("/proposals", summary="Indicators that cry wolf, and what to do about them")
async def proposals(doors: DoorsDep, principal: Reader) -> Page[ProposalOut]:
    """What the figures propose today, then what people decided before, newest first."""
    del principal
    async with doors.reading() as conn:
        known = await judgement(conn, doors)
        decided = await find_decisions(conn)
    policy = known.policy.policy
    made = _open(known, decided)
    items = [_shown(each, policy) for each in made]
    return Page(items=[*items, *(_decided(each, policy) for each in decided)])


@router.post(
    "/proposals/{proposal_id}/decision",
    response_model=ProposalOut,
    summary="Accept a proposal as a draft, or dismiss it",
)
async def decide(
    proposal_id: ProposalId,
    body: ProposalDecisionIn,
    request: Request,
    doors: DoorsDep,
    principal: Author,
) -> Response:
    """Accepted, it is a draft of a policy version; another person approves it, as any other.

    404 if the figures propose something else by now.
    """

    async def _do(conn: AsyncConnection) -> ProposalOut:
        known = await judgement(conn, doors)
        made = _open(known, await find_decisions(conn))
        proposal = next((each for each in made if each.proposal_id == proposal_id), None)
        if proposal is None:
            raise NoSuchProposalError(proposal_id)
        version = None
        if body.decision is ProposalWord.ACCEPT:
            draft = draft_of(proposal, known.policy, _wish(body, known, principal))
            book: PolicyBook[MonitoringPolicy] = await load_policies(conn, doors.service)
            version = (await draft_policy(conn, doors.tables.policy, draft, book)).version
        decision = ProposalDecision(
            proposal_id=proposal_id,
            decided_on=known.today,
            verdict=ProposalVerdict.ACCEPTED if version else ProposalVerdict.DISMISSED,
            proposal=proposal,
            policy_version=version,
            decided_by=principal.person,
            note=body.note,
        )
        await save_decision(conn, decision)
        await doors.note(conn, request, _deed(principal, decision))
        return _decided(decision, known.policy.policy)

    return await Once(request, doors, principal).do(_do)


def _wish(body: ProposalDecisionIn, known: Judgement, principal: Principal) -> Wish:
    rest = timedelta(days=known.policy.policy.handling.scorecard.draft_after_days)
    return Wish(
        author=principal.person,
        effective_from=body.effective_from or known.today + rest,
        version=body.version,
        note=body.note,
    )


def _open(known: Judgement, decided: Sequence[ProposalDecision]) -> list[Proposal]:
    """What the figures propose, but for what somebody decided on lately."""
    rules = known.policy.policy.handling.scorecard
    failures = failures_of(known.record.outcomes, horizon_days=rules.horizon_days)
    judged = judged_warnings(known.record, failures, rules, known.span)
    made = propose(judged, known.policy.policy.warnings.indicators, rules)
    return [each for each in made if not rests(each, decided, rules, today=known.today)]


def _shown(proposal: Proposal, policy: MonitoringPolicy) -> ProposalOut:
    kept = proposal.would_be_judged
    return ProposalOut(
        proposal_id=proposal.proposal_id,
        indicator=proposal.indicator,
        title=policy.warnings.indicators[proposal.indicator].title,
        kind=proposal.kind,
        state=ProposalState.OPEN,
        judged=proposal.judged,
        came_true=proposal.came_true,
        precision=proposal.came_true / proposal.judged,
        before=proposal.before,
        thresholds=proposal.thresholds,
        would_be_judged=kept,
        would_come_true=proposal.would_come_true,
        would_be_precision=proposal.would_come_true / kept if kept else None,
    )


def _decided(decision: ProposalDecision, policy: MonitoringPolicy) -> ProposalOut:
    return _shown(decision.proposal, policy).model_copy(
        update={
            "state": ProposalState(decision.verdict.value),
            "policy_version": decision.policy_version,
            "decided_by": decision.decided_by,
            "decided_on": decision.decided_on,
            "decided_at": decision.decided_at,
            "note": decision.note,
        }
    )


def _deed(principal: Principal, decision: ProposalDecision) -> AuditEntry:
    return AuditEntry(
        person=principal.person,
        key_id=principal.key_id,
        action=f"proposal.{decision.verdict.value}",
        subject=decision.proposal_id,
        detail={"policy_version": decision.policy_version, "note": decision.note},
    )
