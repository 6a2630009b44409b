"""The case decision: open, go on, escalate or close (domain.md §6.1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from services.recovery.domain.dunning import DunningDecision
from services.recovery.domain.model import CaseCause, CaseState, Claim, Plan, Planner, Tier
from services.recovery.domain.policy import RecoveryPolicy
from shared.kernel.reasons import Reason

# The states that the ladder moves between; from any other only a person leads on.
_LADDER_STATES: Final = (
    CaseState.CURRENT,
    CaseState.REMINDED,
    CaseState.DUNNED,
    CaseState.FORMAL_DEMAND,
)
_PROMISE_STATES: Final = (CaseState.PTP, CaseState.BROKEN_PTP)


class CaseVerdict(StrEnum):
    """What becomes of the case."""

    NONE = "none"
    OPEN = "open"
    KEEP = "keep"
    ESCALATE = "escalate"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What matters of the open case."""

    state: CaseState
    tier: str | None
    plan: Plan
    promise_until: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is owed, the tier, a default, the open case if there is one, and the dunning decision.

    `at_close` is False when a tier acts during the day: then no case is closed, for the day's
    payments are not all in.
    """

    customer_id: str
    tier: str | None
    in_default: bool
    claims: tuple[Claim, ...]
    at_close: bool
    open_case: OpenCase | None = None
    dunning: DunningDecision | None = None


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """What becomes of the case; an open one always comes with state and plan."""

    verdict: CaseVerdict
    cause: CaseCause | None
    state: CaseState | None
    plan: Plan | None
    reasons: tuple[Reason, ...]


def decide_case(facts: CaseFacts, policy: RecoveryPolicy, *, as_of: date) -> CaseDecision:
    """Open on default, on tier high with arrears, or on the first dunning step; close when paid."""
    if facts.open_case is not None:
        if facts.at_close and not facts.claims:
            return _ended(CaseVerdict.CLOSE, CaseState.CLOSED, "K-PAID")
        return _kept(facts, facts.open_case, as_of=as_of)
    if not facts.claims:
        return _ended(CaseVerdict.NONE, None, "K-NOTHING-OWED")
    return _opened(facts, policy, as_of=as_of)


def _ended(verdict: CaseVerdict, state: CaseState | None, code: str) -> CaseDecision:
    return CaseDecision(verdict, None, state, None, (Reason(code),))


def _opened(facts: CaseFacts, policy: RecoveryPolicy, *, as_of: date) -> CaseDecision:
    cause = _cause(facts)
    if cause is None:
        return _ended(CaseVerdict.NONE, None, "K-NO-CAUSE")
    state, plan = CaseState.CURRENT, None
    if facts.dunning is not None:
        state, plan = facts.dunning.state or state, facts.dunning.plan
    if plan is None:
        day = as_of + timedelta(days=policy.high_tier_action_days)
        plan = Plan(policy.high_tier_action, day)
    return CaseDecision(CaseVerdict.OPEN, cause, state, plan, (_opening_reason(cause, facts),))


def _cause(facts: CaseFacts) -> CaseCause | None:
    if facts.in_default:
        return CaseCause.DEFAULT
    if facts.tier == Tier.HIGH:
        return CaseCause.TIER_HIGH
    if facts.dunning is not None and facts.dunning.step is not None:
        return CaseCause.DUNNING
    return None


def _opening_reason(cause: CaseCause, facts: CaseFacts) -> Reason:
    if cause is CaseCause.DUNNING and facts.dunning is not None:
        return Reason("K-DUNNING", facts.dunning.step, facts.dunning.days_past_due)
    return Reason("K-DEFAULT" if cause is CaseCause.DEFAULT else "K-TIER-HIGH", facts.tier)


def _kept(facts: CaseFacts, case: OpenCase, *, as_of: date) -> CaseDecision:
    state = _next_state(case, facts.dunning, as_of=as_of)
    plan = _next_plan(case, facts.dunning, as_of=as_of)
    reasons = [Reason("K-STATE", state.value)] if state is not case.state else []
    if facts.tier == Tier.HIGH and case.tier != Tier.HIGH:
        reasons.append(Reason("K-ESCALATED", facts.tier, case.tier))
        return CaseDecision(CaseVerdict.ESCALATE, None, state, plan, tuple(reasons))
    reasons = reasons or [Reason("K-UNCHANGED")]
    return CaseDecision(CaseVerdict.KEEP, None, state, plan, tuple(reasons))


def _next_state(case: OpenCase, dunning: DunningDecision | None, *, as_of: date) -> CaseState:
    """Where the ladder leads; never back, and never out of a state that a person chose."""
    if dunning is None:
        return case.state
    over = case.promise_until is not None and case.promise_until <= as_of
    if case.state is CaseState.PTP and not over:
        return case.state
    if dunning.state is None:
        return CaseState.BROKEN_PTP if case.state is CaseState.PTP else case.state
    if case.state in _PROMISE_STATES:
        return dunning.state
    if case.state in _LADDER_STATES:
        return max(case.state, dunning.state, key=_LADDER_STATES.index)
    return case.state


def _next_plan(case: OpenCase, dunning: DunningDecision | None, *, as_of: date) -> Plan:
    """A person's plan holds until its day; so does a look at things that is planned already."""
    if dunning is None or dunning.plan is None:
        return case.plan
    planned = dunning.waiting and case.plan.action == dunning.plan.action
    if case.plan.on > as_of and (planned or case.plan.by is Planner.PERSON):
        return case.plan
    return dunning.plan
