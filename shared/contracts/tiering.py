"""What tiering publishes: tiers, limits and order decisions. Topic `obligor.tiering`."""

from datetime import date
from decimal import Decimal

from shared.contracts.envelope import Event
from shared.contracts.figures import ArrearsFigures, ReasonGiven


class TierAssigned(Event, frozen=True, kw_only=True):
    """The tier is new or changed: low|medium|high. Carries the arrears that recovery acts on."""

    customer_id: str
    as_of: date
    decision_id: str
    tier: str
    previous_tier: str | None
    since: date
    matrix_tier: str
    grade: str
    ews: float
    band: str
    hard_triggers: tuple[str, ...]
    payment_terms_days: int
    measures: dict[str, str]
    reasons: tuple[ReasonGiven, ...]
    arrears: tuple[ArrearsFigures, ...]
    policy_version: str


class CreditLimitSet(Event, frozen=True, kw_only=True):
    """The most exposure allowed, from the day after `as_of`. Amounts in major units."""

    customer_id: str
    as_of: date
    decision_id: str
    amount: Decimal
    previous_amount: Decimal | None
    currency: str
    binding_cap: str
    reasons: tuple[ReasonGiven, ...]
    policy_version: str


class OrderDecided(Event, frozen=True, kw_only=True):
    """An order's credit check was answered: release|partial|prepay|hold|reprice|reject."""

    customer_id: str
    check_id: str
    order_id: str
    decision: str
    amount: Decimal
    currency: str
    reasons: tuple[ReasonGiven, ...]


class TieringDayClosed(Event, frozen=True, kw_only=True):
    """Tiering has said all it had to say for `date` in this partition."""

    date: date
