"""What recovery publishes: cases and what was done in them. Topic `obligor.recovery`."""

from datetime import date
from decimal import Decimal

from shared.contracts.envelope import Event
from shared.contracts.figures import ReasonGiven


class CaseOpened(Event, frozen=True, kw_only=True):
    """We have begun to get our money back: by dunning, on tier high with arrears, or on default."""

    customer_id: str
    case_id: str
    as_of: date
    cause: str
    tier: str | None
    amount: Decimal
    currency: str
    next_action: str
    next_action_on: date
    reasons: tuple[ReasonGiven, ...]
    policy_version: str


class DunningStepTaken(Event, frozen=True, kw_only=True):
    """One step of the dunning ladder fell due and was taken."""

    customer_id: str
    case_id: str
    as_of: date
    step: str
    days_past_due: int
    amount: Decimal
    currency: str
    next_action: str
    next_action_on: date


class CaseClosed(Event, frozen=True, kw_only=True):
    """Nothing is overdue any more, or a person ended the case."""

    customer_id: str
    case_id: str
    as_of: date
    outcome: str


class RecoveryDayClosed(Event, frozen=True, kw_only=True):
    """Recovery has said all it had to say for `date` in this partition."""

    date: date
