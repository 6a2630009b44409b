"""The shapes of the queue at the doors."""

from datetime import date, datetime

from services.monitoring.api.warning_schemas import AmountOut, StepOut
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.policies.warnings import Band, Severity
from services.monitoring.domain.watching.risk_warning import WarningStatus
from shared.chassis.paging import Page
from shared.chassis.schemas import Out


class ConcernOut(Out):
    """One warning of a case, what it is about, and by when somebody has to see to it.

    `is_stale`: its sign was not seen again for so long that it says little by now.
    """

    warning_id: str
    case_id: str | None
    indicator: Indicator
    title: str
    severity: Severity
    status: WarningStatus
    raised_on: date
    value: float
    threshold: float
    acknowledge_by: datetime | None
    decide_by: date
    owner: str
    is_late: bool
    expires_on: date | None
    is_stale: bool


class CaseOut(Out):
    """A customer to be worked on, the worst warning first.

    `money_at_risk` is the score (0 to 100, as a share) times the unsecured exposure, and what the queue is ranked by;
    `unsecured`, it and `expected_loss` are in the reporting currency. `case_id` is the newest alert
    case. `severity`, `owner`, `decide_by` and `is_late` are of the worst warnings whose sign is not stale.
    """

    rank: int
    customer_id: str
    case_id: str | None
    case_ids: list[str]
    severity: Severity
    ews: float
    band: Band
    hard_triggers: list[str]
    in_default: bool
    exposure: list[AmountOut]
    secured: list[AmountOut]
    unsecured: AmountOut
    money_at_risk: AmountOut
    expected_loss: AmountOut
    recommended_action: StepOut
    owner: str
    decide_by: date
    is_late: bool
    warnings: list[ConcernOut]


class BudgetOut(Out):
    """What can be worked on in a day, and what has to wait: watch first, then amber, never red.

    `beyond` counts the cases that are worked on although the budget is used up: red ones. `in_default`
    are not part of it.
    """

    analysts: int
    per_analyst: int
    capacity: int
    kept: int
    beyond: int
    in_default: int
    lowered: dict[Severity, int]


class QueueOut(Page[CaseOut]):
    """The queue of a business day, most money at risk first."""

    as_of: date
    policy_version: str
    budget: BudgetOut
    money_at_risk: AmountOut
    snoozed_warnings: int
