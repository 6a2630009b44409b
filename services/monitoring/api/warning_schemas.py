"""The shapes of warnings, indicators and scores at the doors."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.monitoring.domain.catalogue import Indicator, IndicatorGroup
from services.monitoring.domain.policies.warnings import Band, Comparator, Severity
from services.monitoring.domain.watching.alerts import Label
from services.monitoring.domain.watching.divergence import Divergence
from services.monitoring.domain.watching.risk_warning import WarningStatus
from services.monitoring.usecases.snoozing import SnoozeWord
from shared.chassis.schemas import In, Out

Note = Annotated[str, Field(max_length=2000)]


class AcknowledgementIn(In):
    """Somebody has seen the warning."""

    note: Note = ""


class ResolutionIn(In):
    """What the warning turned out to be."""

    label: Label
    note: Note = ""


class LaterLabelIn(In):
    """What a warning turned out to have been."""

    label: Label
    note: Note = ""


class SnoozeIn(In):
    """Until when a warning is to be quiet: on that day it is back."""

    until: date
    note: Note = ""


class SnoozeDecisionIn(In):
    """Another person's word on putting a red warning off."""

    decision: SnoozeWord = SnoozeWord.APPROVED
    note: Note = ""


class AmountOut(Out):
    """An amount as a decimal string, with its currency."""

    amount: str
    currency: str


class StepOut(Out):
    """What to do first: a stable code, and the sentence for it by language."""

    code: str
    wording: dict[str, str]


class SnoozeOut(Out):
    """A wish to put a warning off: `requested` until a second person approves it, or `in_force`."""

    until: date
    state: str
    asked_by: str
    asked_on: date
    approved_by: str | None
    note: str | None


class EvidenceOut(Out):
    """Figures by name, and the documents behind them."""

    figures: dict[str, float | str | None]
    documents: list[str]
    window: str | None


class WarningOut(Out):
    """A warning, with the value as last said and the threshold it met.

    `exposure` is what was at stake when it was raised, `expected_loss` a part of it by severity, in the
    policy's reporting currency. After `expires_on` an open one is stale unless its sign is seen again.
    `said` counts its announcements, `held_back` the observations in breach that were not worth one.
    """

    warning_id: str
    customer_id: str
    indicator: Indicator
    severity: Severity
    status: WarningStatus
    raised_on: date
    changed_on: date
    value: float
    threshold: float
    evidence: EvidenceOut
    correlation_id: str
    acknowledged_by: str | None
    acknowledged_on: date | None
    resolved_by: str | None
    resolved_on: date | None
    label: Label | None
    note: str | None
    labelled_by: str | None
    labelled_on: date | None
    case_id: str | None
    title: str
    exposure: list[AmountOut]
    expected_loss: AmountOut
    recommended_action: StepOut
    expires_on: date | None
    snooze: SnoozeOut | None
    pending_since: date | None
    amber_on: date | None
    red_on: date | None
    said: int
    held_back: int


class FiguresOut(Out):
    """What some warnings were; shares 0 to 1, null where there is nothing to divide by.

    `raised` is also what they cost: alerts to look at. `judged` came true or did not: labelled by a person, or older
    than the horizon. `pending` are younger; `afterwards` were raised about customers who had failed
    already. `suppressed` is the share of observations in breach that was not said.
    """

    raised: int
    cleared: int
    labels: dict[str, int]
    judged: int
    came_true: int
    pending: int
    afterwards: int
    duplicates: int
    precision: float | None
    failures: int
    warned_of: int
    recall: float | None
    median_lead_days: float | None
    money_warned_of: AmountOut
    money_come_true: AmountOut
    said: int
    held_back: int
    suppressed: float | None


class IndicatorOut(Out):
    """An indicator as the policy in force has it, and what its warnings were."""

    indicator: Indicator
    title: str
    group: IndicatorGroup
    comparator: Comparator
    thresholds: dict[Severity, float]
    hard_trigger: float | None
    half_life_days: float
    window: str
    requires: dict[str, float]
    confidence: float
    scored: bool
    retired: bool
    numbers: dict[str, float]
    figures: FiguresOut


class IndicatorsOut(Out):
    """The catalogue, with the policy version it comes from."""

    policy_version: str
    items: list[IndicatorOut]


class ContributionOut(Out):
    """What one indicator adds to the score."""

    indicator: Indicator
    severity: Severity
    value: float
    last_breach_on: date
    counts: bool


class EarlyWarningOut(Out):
    """The composite score, 0 to 100, on the business day.

    `limits_reached_on` forecasts, by currency, when exposure comes to the limit at the pace of late.
    """

    customer_id: str
    as_of: date
    ews: float
    band: Band
    groups: dict[IndicatorGroup, float]
    hard_triggers: list[str]
    contributions: list[ContributionOut]
    divergence: Divergence | None
    limits_reached_on: dict[str, date]
    policy_version: str
