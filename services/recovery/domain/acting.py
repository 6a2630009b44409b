"""What a person may do in a case, and what it leaves behind."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from services.recovery.domain.model import Case, CaseState, Claim, Plan, Planner
from services.recovery.domain.policy import RecoveryPolicy
from shared.kernel.dates import days_between
from shared.kernel.errors import ConflictError, InvalidInputError

_FRIDAY = 4
_WAITING_FOR_OTHERS = (
    CaseState.AGENCY,
    CaseState.LEGAL,
    CaseState.INSOLVENCY_CLAIM,
    CaseState.WRITTEN_OFF,
)


class ActionType(StrEnum):
    """What a person may record in a case."""

    CALL = "call"
    LETTER = "letter"
    EMAIL = "email"
    VISIT = "visit"
    NOTE = "note"
    PLAN = "plan"
    PROMISE_TO_PAY = "promise_to_pay"
    HAND_OVER_TO_AGENCY = "hand_over_to_agency"
    CLOSE = "close"


class CaseNotOpenError(ConflictError):
    """The case is closed, or another one of the customer is open: nothing can be added to it."""

    code = "case_closed"

    def __init__(self, case_id: str) -> None:
        super().__init__(f"case {case_id} is not open any more")


class ArrearsRemainError(ConflictError):
    """A case cannot be closed while money is overdue, unless a credit manager waives it."""

    code = "arrears_remain"

    def __init__(self, case_id: str, claims: tuple[Claim, ...]) -> None:
        owed = ", ".join(claim.overdue.shown() for claim in claims)
        super().__init__(f"case {case_id} cannot be closed: {owed} is overdue and not waived")


class TooManyPromisesError(ConflictError):
    """The customer has promised often enough: it is time to escalate."""

    code = "too_many_promises"

    def __init__(self, case_id: str, *, made: int, days: int) -> None:
        super().__init__(f"case {case_id} has {made} promises within {days} days: escalate it")


@dataclass(frozen=True, slots=True)
class Action:
    """What a person did, and what is to happen next.

    `promised_on` is the day a promise is for; `waiver` gives up what is still overdue.
    """

    type: ActionType
    note: str
    next_action: str | None = None
    next_action_on: date | None = None
    promised_on: date | None = None
    waiver: bool = False


def act(
    case: Case,
    action: Action,
    policy: RecoveryPolicy,
    *,
    claims: tuple[Claim, ...],
    as_of: date,
) -> Case:
    """The case after the action.

    Raises `CaseNotOpenError`, `ArrearsRemainError`, `TooManyPromisesError`, or `InvalidInputError`.
    """
    if not case.is_open:
        raise CaseNotOpenError(case.case_id)
    match action.type:
        case ActionType.CLOSE:
            acted = _closed(case, action, claims=claims, as_of=as_of)
        case ActionType.PROMISE_TO_PAY:
            acted = _promised(case, action, policy, as_of=as_of)
        case ActionType.HAND_OVER_TO_AGENCY:
            acted = replace(case, state=CaseState.AGENCY)
            acted = _planned(acted, action, policy, as_of=as_of)
        case _:
            acted = _planned(case, action, policy, as_of=as_of)
    return replace(acted, version=case.version + 1)


def business_days_after(day: date, days: int) -> date:
    """The date so many business days (Monday to Friday) after another."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() <= _FRIDAY
    return day


def _closed(case: Case, action: Action, *, claims: tuple[Claim, ...], as_of: date) -> Case:
    if claims and not action.waiver:
        raise ArrearsRemainError(case.case_id, claims)
    if action.waiver and not action.note.strip():
        raise InvalidInputError(field="note", value=action.note, rule="must say why we waive")
    return replace(
        case,
        state=CaseState.CLOSED,
        plan=None,
        closed_on=as_of,
        outcome="waived" if claims else "closed",
    )


def _promised(case: Case, action: Action, policy: RecoveryPolicy, *, as_of: date) -> Case:
    rules = policy.promise
    if action.promised_on is None:
        rule = "a promise needs the day it is for"
        raise InvalidInputError(field="data.promised_on", value=None, rule=rule)
    ahead = days_between(as_of, action.promised_on)
    if not 0 <= ahead <= rules.max_days_ahead:
        rule = f"must lie within {rules.max_days_ahead} days from {as_of}"
        raise InvalidInputError(field="data.promised_on", value=action.promised_on, rule=rule)
    recent = [day for day in case.promises if days_between(day, as_of) < rules.window_days]
    if len(recent) >= rules.max_in_window:
        raise TooManyPromisesError(case.case_id, made=len(recent), days=rules.window_days)
    if case.state in _WAITING_FOR_OTHERS:
        rule = "is no state in which a promise stops anything"
        raise InvalidInputError(field="state", value=case.state, rule=rule)
    check_on = business_days_after(action.promised_on, rules.grace_business_days)
    check_on = max(check_on, as_of + timedelta(days=1))
    return replace(
        case,
        state=CaseState.PTP,
        plan=Plan(policy.promise_action, check_on, Planner.PERSON),
        promise_until=check_on,
        promises=(*case.promises, as_of),
    )


def _planned(case: Case, action: Action, policy: RecoveryPolicy, *, as_of: date) -> Case:
    if action.next_action is None and action.next_action_on is None:
        return case
    if action.next_action is None or action.next_action_on is None:
        rule = "next_action and next_action_on come together"
        raise InvalidInputError(field="data.next_action", value=action.next_action, rule=rule)
    ahead = days_between(as_of, action.next_action_on)
    if not 1 <= ahead <= policy.longest_plan_days:
        rule = f"must lie 1 to {policy.longest_plan_days} days after {as_of}"
        raise InvalidInputError(field="data.next_action_on", value=action.next_action_on, rule=rule)
    plan = Plan(action.next_action, action.next_action_on, Planner.PERSON)
    return replace(case, plan=plan)
