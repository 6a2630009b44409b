"""The decision about one warning, as it is stored and replayed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from services.monitoring.domain.alerts import Alert, Label, Occasion, Step, Transition, next_step
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.measurement import Evidence
from services.monitoring.domain.policy_warnings import Severity, WarningPolicy
from shared.kernel.reasons import Reason


class WarningStatus(StrEnum):
    """Where a warning stands; `suppressed` is kept for warnings that are snoozed."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskWarning:
    """A dated sign of deterioration, from its raising until it clears; a return is a new one.

    `severity`, `value`, `threshold` and `evidence` are as last said, on `changed_on`.
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
    note: str | None = None


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
