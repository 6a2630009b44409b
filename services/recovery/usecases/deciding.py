"""Carries out what was decided about a case: changes it, records it, announces it."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from services.recovery.domain.case import (
    CaseDecision,
    CaseFacts,
    CaseVerdict,
    decide_case,
)
from services.recovery.domain.dunning import DunningDecision, DunningFacts, decide_dunning
from services.recovery.domain.model import Case, CaseState, Claim, Debtor, main_claim
from services.recovery.domain.policy import RecoveryPolicy
from services.recovery.storage import Book, Remark
from shared.chassis.work import Work
from shared.contracts.figures import ReasonGiven
from shared.contracts.recovery import CaseClosed, CaseOpened, DunningStepTaken
from shared.decisions.kinds import DecisionKind
from shared.kernel.money import Money
from shared.kernel.reasons import Reason

DUNNING: Final[DecisionKind[DunningFacts, RecoveryPolicy, DunningDecision]] = DecisionKind(
    "dunning", decide_dunning, DunningFacts, DunningDecision, "dunning-1"
)
CASE: Final[DecisionKind[CaseFacts, RecoveryPolicy, CaseDecision]] = DecisionKind(
    "case", decide_case, CaseFacts, CaseDecision, "case-1"
)
ACTOR: Final = "recovery"


@dataclass(frozen=True, slots=True)
class Decided:
    """A case decision on its way into the book."""

    decision_id: str
    decision: CaseDecision
    debtor: Debtor
    claims: tuple[Claim, ...]
    dunning: DunningDecision | None = None


def carry_out(decided: Decided, book: Book, work: Work[RecoveryPolicy]) -> Case | None:
    """Open, change or close the case as decided; the open case after it, if there is one."""
    held = book.open_cases.get(decided.debtor.customer_id)
    match decided.decision.verdict:
        case CaseVerdict.NONE:
            return None
        case CaseVerdict.OPEN:
            going_on = _open(decided, book, work)
        case CaseVerdict.CLOSE:
            return _close(held, decided, book, work)
        case CaseVerdict.KEEP | CaseVerdict.ESCALATE:
            going_on = _go_on(held, decided, book, work)
        case _:
            assert_never(decided.decision.verdict)
    return None if going_on is None else _take_step(going_on, decided, book, work)


def _open(decided: Decided, book: Book, work: Work[RecoveryPolicy]) -> Case | None:
    decision, claim = decided.decision, main_claim(decided.claims)
    if decision.cause is None or decision.plan is None or claim is None:
        return None
    customer_id, day = decided.debtor.customer_id, work.business_day
    case = Case(
        case_id=work.new_id("case", customer_id),
        customer_id=customer_id,
        cause=decision.cause,
        state=decision.state or CaseState.CURRENT,
        opened_on=day,
        tier=decided.debtor.tier,
        amount=claim.overdue,
        plan=decision.plan,
    )
    book.note(case, Remark("opened", ACTOR, decision_id=decided.decision_id), on=day)
    event = CaseOpened(
        customer_id=customer_id,
        case_id=case.case_id,
        as_of=day,
        cause=decision.cause.value,
        tier=case.tier,
        amount=claim.overdue.amount,
        currency=claim.overdue.currency,
        next_action=decision.plan.action,
        next_action_on=decision.plan.on,
        reasons=_given(decision.reasons),
        policy_version=work.policy_version,
    )
    work.announce(event, customer_id=customer_id)
    return case


def _close(
    case: Case | None, decided: Decided, book: Book, work: Work[RecoveryPolicy]
) -> Case | None:
    if case is None:
        return None
    day = work.business_day
    closed = replace(
        case,
        state=CaseState.CLOSED,
        plan=None,
        closed_on=day,
        outcome="paid",
        amount=Money.zero(case.amount.currency),
        version=case.version + 1,
    )
    book.note(closed, Remark("closed", ACTOR, decision_id=decided.decision_id), on=day)
    announce_closed(closed, work)
    return None


def announce_closed(case: Case, work: Work[RecoveryPolicy]) -> None:
    """Tell the others that a case has ended, and how."""
    event = CaseClosed(
        customer_id=case.customer_id,
        case_id=case.case_id,
        as_of=work.business_day,
        outcome=case.outcome or "closed",
    )
    work.announce(event, customer_id=case.customer_id)


def _go_on(
    case: Case | None, decided: Decided, book: Book, work: Work[RecoveryPolicy]
) -> Case | None:
    """The case after the decision; a line of its own unless the step that follows says it all."""
    if case is None:
        return None
    decision, claim = decided.decision, main_claim(decided.claims)
    changed = replace(
        case,
        state=decision.state or case.state,
        plan=decision.plan or case.plan,
        tier=decided.debtor.tier,
        amount=claim.overdue if claim else case.amount,
    )
    step_follows = decided.dunning is not None and decided.dunning.step is not None
    if changed == case or (step_follows and decision.verdict is CaseVerdict.KEEP):
        return changed
    changed = replace(changed, version=case.version + 1)
    kind = _kind_of_change(case, changed, decision.verdict)
    book.note(changed, Remark(kind, ACTOR, decision_id=decided.decision_id), on=work.business_day)
    return changed


def _kind_of_change(before: Case, after: Case, verdict: CaseVerdict) -> str:
    if verdict is CaseVerdict.ESCALATE:
        return "escalated"
    if after.state is CaseState.BROKEN_PTP and before.state is not after.state:
        return "promise_broken"
    if after.tier != before.tier:
        return "tier_recorded"
    return "plan_renewed" if after.plan != before.plan else "amount_changed"


def _take_step(case: Case, decided: Decided, book: Book, work: Work[RecoveryPolicy]) -> Case:
    dunning = decided.dunning
    if dunning is None or dunning.step is None or dunning.amount is None or dunning.plan is None:
        return case
    taken = replace(case, step=dunning.step, version=case.version + 1)
    remark = Remark("dunning_step", ACTOR, note=dunning.step, decision_id=decided.decision_id)
    book.note(taken, remark, on=work.business_day)
    event = DunningStepTaken(
        customer_id=case.customer_id,
        case_id=case.case_id,
        as_of=work.business_day,
        step=dunning.step,
        days_past_due=dunning.days_past_due,
        amount=dunning.amount.amount,
        currency=dunning.amount.currency,
        next_action=dunning.plan.action,
        next_action_on=dunning.plan.on,
    )
    work.announce(event, customer_id=case.customer_id)
    return taken


def _given(reasons: tuple[Reason, ...]) -> tuple[ReasonGiven, ...]:
    return tuple(
        ReasonGiven(code=each.code, value=each.value, threshold=each.threshold) for each in reasons
    )
