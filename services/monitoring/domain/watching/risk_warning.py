"""The decision about one warning, as it is stored and replayed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.measurement import Evidence
from services.monitoring.domain.policies.warnings import Severity, WarningPolicy
from services.monitoring.domain.watching.alerts import (
    Alert,
    Label,
    Occasion,
    Step,
    Transition,
    next_step,
)
from shared.kernel.money import Money
from shared.kernel.reasons import Reason


class WarningStatus(StrEnum):
    """Where a warning stands; `suppressed` while it is snoozed."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCase:
    """Warnings of one customer that came together: the last of them was raised on `raised_on`."""

    case_id: str
    raised_on: date

    def takes(self, day: date, *, fold_days: int) -> bool:
        """Whether a warning raised on a day belongs to it."""
        return (day - self.raised_on).days <= fold_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """A wish to hear of a warning again on the day `until`, and not before unless it worsens.

    Of a red warning it is a request, until another person than `asked_by` approves it.
    """

    until: date
    asked_by: str
    asked_on: date
    note: str | None = None
    approved_by: str | None = None
    in_force: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskWarning:
    """A dated sign of deterioration, from its raising until it clears; a return is a new one.

    `severity`, `value`, `threshold` and `evidence` are as last said, on `changed_on`. It waits for
    somebody since `pending_since` (raised, of another severity, or back from a snooze), at
    `pending_at` by the clock of the event behind it; `amber_on` and `red_on` are the first days it
    was as bad. `worst_value` is the worst that was said, `exposure` what was at stake when it was
    raised, by currency. `said` and `held` count announcements and what was held back, as of the last
    change or month end.
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
    evidence: Evidence
    correlation_id: str
    acknowledged_by: str | None = None
    acknowledged_on: date | None = None
    resolved_by: str | None = None
    resolved_on: date | None = None
    label: Label | None = None
    labelled_by: str | None = None
    labelled_on: date | None = None
    note: str | None = None
    case_id: str | None = None
    pending_since: date | None = None
    pending_at: datetime | None = None
    amber_on: date | None = None
    red_on: date | None = None
    worst_value: float | None = None
    exposure: tuple[Money, ...] = ()
    snooze: Snooze | None = None
    said: int = 1
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningFacts:
    """What one indicator is judged on: the figures, the alert before, and whether a day closes."""

    indicator: Indicator
    facts: IndicatorFacts
    alert: Alert | None
    closing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningDecision:
    """What the observation did, from which severity to which, and the alert after it."""

    indicator: Indicator
    transition: Transition
    previous_severity: Severity | None
    severity: Severity | None
    value: float | None
    threshold: float
    evidence: Evidence
    alert: Alert | None
    reasons: tuple[Reason, ...]


class HasWarningPolicy(Protocol):
    """A policy with a part for warnings."""

    @property
    def warnings(self) -> WarningPolicy:
        """The thresholds, weights and rules of warnings."""
        ...


def decide_warning(
    facts: WarningFacts, policy: HasWarningPolicy, *, as_of: date
) -> WarningDecision:
    """Measure an indicator and take its alert one step further."""
    finding = measure(facts.indicator, facts.facts, policy.warnings)
    occasion = occasion_of(facts.indicator, policy.warnings, as_of=as_of, closing=facts.closing)
    return described(finding, facts.alert, next_step(facts.alert, finding, occasion), occasion)


def occasion_of(
    indicator: Indicator, policy: WarningPolicy, *, as_of: date, closing: bool
) -> Occasion:
    """When and under which rules an indicator is observed."""
    return Occasion(
        as_of=as_of,
        closing=closing,
        lifecycle=policy.lifecycle,
        entry=policy.indicators[indicator],
    )


def described(
    finding: Finding, before: Alert | None, step: Step, occasion: Occasion
) -> WarningDecision:
    """Say what a step did; the threshold is that of the severity after it, or the one it fell under."""
    severity = step.alert.severity if step.alert else None
    fresh = step.transition is Transition.RAISE or before is None
    previous = None if fresh or before is None else before.severity
    threshold = occasion.entry.threshold(severity or Severity.WATCH)
    return WarningDecision(
        indicator=finding.indicator,
        transition=step.transition,
        previous_severity=previous,
        severity=severity,
        value=finding.value,
        threshold=threshold,
        evidence=finding.evidence,
        alert=step.alert,
        reasons=(
            Reason(
                code=f"{finding.indicator}.{step.transition}",
                value=finding.value,
                threshold=threshold,
            ),
        ),
    )
