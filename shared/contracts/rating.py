"""What rating publishes. Topic `obligor.rating`. Tiering's only trigger."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from shared.contracts.envelope import Event
from shared.contracts.figures import CustomerFigures, ReasonGiven


class CapacityFigures(Struct, frozen=True, kw_only=True):
    """What the limit formula needs from the latest statement (domain.md §3.11); None = unknown."""

    currency: str
    tangible_net_worth: Decimal | None = None
    working_capital: Decimal | None = None
    accounts_payable: Decimal | None = None


class GradeAnswer(Event, frozen=True, kw_only=True):
    """What every answer of rating says; it echoes the trigger's figures and screening's verdict.

    `grade` is final (after caps and overrides), `model_grade` before them; `pd` 0..1 over 12 months;
    `confidence` high|medium|low.
    """

    customer_id: str
    as_of: date
    decision_id: str
    grade: str
    previous_grade: str | None
    model_grade: str
    pd: float
    confidence: str
    caps: tuple[str, ...]
    reasons: tuple[ReasonGiven, ...]
    valid_to: date
    trigger: str
    verdict: str | None
    figures: CustomerFigures
    capacity: CapacityFigures | None = None
    month_end: bool = False
    model_version: str
    policy_version: str


class GradeAssigned(GradeAnswer, frozen=True, kw_only=True):
    """The grade is new or changed."""


class GradeAffirmed(GradeAnswer, frozen=True, kw_only=True):
    """The grade was decided again and stayed."""


class GradeOverridden(GradeAnswer, frozen=True, kw_only=True):
    """A person changed the model's grade, with a reason and an expiry."""

    override_reason: str
    expires_on: date


class ReviewDue(Event, frozen=True, kw_only=True):
    """A rating's validity ends; a person should look."""

    customer_id: str
    as_of: date
    valid_to: date


class RatingDayClosed(Event, frozen=True, kw_only=True):
    """Rating has said all it had to say for `date` in this partition."""

    date: date
