"""The dunning decision: which step of the ladder is due now, and what comes next (domain.md §6.2)."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.recovery.domain.model import CaseState, Claim, Plan, main_claim
from services.recovery.domain.policy import DunningStep, RecoveryPolicy
from shared.kernel.dates import days_past_due
from shared.kernel.money import Money
from shared.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class DunningFacts:
    """What is owed, the tier whose ladder counts, the last step taken, the promise that holds."""

    customer_id: str
    tier: str | None
    claims: tuple[Claim, ...]
    last_step: str | None = None
    promise_until: date | None = None


@dataclass(frozen=True, slots=True)
class DunningDecision:
    """The step to take now, if any, and the plan behind it; no plan means that nothing is owed.

    `amount` is the undisputed overdue amount that is dunned, `days_past_due` that of its oldest
    invoice. `waiting` means that the plan is no step but a look at how things stand.
    """

    step: str | None
    state: CaseState | None
    days_past_due: int
    amount: Money | None
    plan: Plan | None
    reasons: tuple[Reason, ...]
    waiting: bool = False


def decide_dunning(facts: DunningFacts, policy: RecoveryPolicy, *, as_of: date) -> DunningDecision:
    """Take the highest step that is due and has not been taken; dun the undisputed part only.

    Several steps at once are one: the highest. A promise to pay stops the ladder until its day.
    """
    if not facts.claims:
        return _silent(None, Reason("D-NOTHING-OWED"))
    worth = [
        claim
        for claim in facts.claims
        if claim.oldest_due_on is not None and policy.is_worth_dunning(claim.undisputed)
    ]
    claim = main_claim(worth)
    if claim is None or claim.oldest_due_on is None:
        return _suppressed(facts, policy, as_of=as_of)
    if facts.promise_until is not None and as_of < facts.promise_until:
        plan = Plan(policy.promise_action, facts.promise_until)
        return _silent(plan, Reason("D-PROMISE", value=facts.promise_until.isoformat()))
    return _climbed(facts, policy, claim=claim, oldest=claim.oldest_due_on, as_of=as_of)


def _climbed(
    facts: DunningFacts, policy: RecoveryPolicy, *, claim: Claim, oldest: date, as_of: date
) -> DunningDecision:
    ladder = policy.ladder(facts.tier)
    late = days_past_due(oldest, as_of)
    due = sum(1 for step in ladder if step.days_past_due <= late)
    taken = _steps_taken(ladder, facts.last_step, otherwise=due)
    upcoming = ladder[max(due, taken)] if max(due, taken) < len(ladder) else None
    if upcoming is None:
        plan = _in(policy.review_days, policy.review_action, as_of)
    else:
        plan = _in(upcoming.days_past_due, upcoming.action, oldest)
    step = ladder[due - 1] if due > taken else None
    threshold = step or upcoming
    reason = Reason(
        f"D-{step.code}" if step else "D-NOT-DUE",
        value=late,
        threshold=threshold.days_past_due if threshold else None,
    )
    return DunningDecision(
        step=step.code if step else None,
        state=step.state if step else None,
        days_past_due=late,
        amount=claim.undisputed,
        plan=plan,
        reasons=(reason,),
        waiting=upcoming is None,
    )


def _steps_taken(ladder: tuple[DunningStep, ...], last_step: str | None, *, otherwise: int) -> int:
    """How many steps lie behind; a step that the ladder no longer has counts as all that are due."""
    if last_step is None:
        return 0
    codes = [step.code for step in ladder]
    return codes.index(last_step) + 1 if last_step in codes else otherwise


def _suppressed(facts: DunningFacts, policy: RecoveryPolicy, *, as_of: date) -> DunningDecision:
    """Nothing to dun: all of it is disputed, or the rest is too small to ask for."""
    if any(claim.undisputed.minor > 0 for claim in facts.claims):
        plan = _in(policy.review_days, policy.review_action, as_of)
        return _silent(plan, Reason("D-TOO-SMALL"))
    plan = _in(policy.dispute_review_days, policy.dispute_action, as_of)
    return _silent(plan, Reason("D-DISPUTED"))


def _in(days: int, action: str, day: date) -> Plan:
    return Plan(action, day + timedelta(days=days))


def _silent(plan: Plan | None, reason: Reason) -> DunningDecision:
    return DunningDecision(None, None, 0, None, plan, (reason,), waiting=plan is not None)
