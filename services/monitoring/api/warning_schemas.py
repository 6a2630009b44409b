"""The shapes of warnings, indicators and scores at the doors."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.monitoring.domain.alerts import Label
from services.monitoring.domain.catalogue import Indicator, IndicatorGroup
from services.monitoring.domain.policy_warnings import Band, Comparator, Severity
from services.monitoring.domain.risk_warning import WarningStatus
from shared.chassis.schemas import In, Out

Note = Annotated[str, Field(max_length=2000)]


class AcknowledgementIn(In):
    """Somebody has seen the warning."""

    note: Note = ""


class ResolutionIn(In):
    """What the warning turned out to be."""

    label: Label
    note: Note = ""


class EvidenceOut(Out):
    """Figures by name, and the documents behind them."""

    figures: dict[str, float | str | None]
    documents: list[str]
    window: str | None


class WarningOut(Out):
    """A warning, with the value as last said and the threshold it met."""

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


class IndicatorOut(Out):
    """An indicator as the policy in force has it."""

    indicator: Indicator
    title: str
    group: IndicatorGroup
    comparator: Comparator
    thresholds: dict[Severity, float]
    hard_trigger: float | None
    half_life_days: float
    window: str
    requires: dict[str, float]


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
    """The composite score, 0 to 100, on the business day."""

    customer_id: str
    as_of: date
    ews: float
    band: Band
    groups: dict[IndicatorGroup, float]
    hard_triggers: list[str]
    contributions: list[ContributionOut]
    policy_version: str
