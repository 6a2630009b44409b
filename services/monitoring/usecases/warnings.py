"""Watching a customer: after each fact, and at each close of a day."""

from dataclasses import replace
from datetime import date

from services.monitoring.domain.alerts import Alert, Transition, next_step
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicators import (
    MEASURED,
    has_sign,
    is_looked_at,
    measure,
    only_for,
)
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.policy_warnings import Severity
from services.monitoring.domain.risk_warning import (
    RiskWarning,
    WarningDecision,
    WarningFacts,
    WarningStatus,
    decide_warning,
    occasion_of,
)
from services.monitoring.domain.watch import Watch
from services.monitoring.usecases.watched import Watched, ended, event_of
from shared.chassis.work import Work
from shared.decisions.kinds import DecisionKind

WARNING: DecisionKind[WarningFacts, MonitoringPolicy, WarningDecision] = DecisionKind(
    name="warning",
    decide=decide_warning,
    facts=WarningFacts,
    decision=WarningDecision,
    model_version="warnings-1",
)


def observe(
    customer: Watched,
    facts: IndicatorFacts,
    work: Work[MonitoringPolicy],
    *,
    closing: bool,
) -> None:
    """Measure every indicator that the facts are about; decide, store and announce what changed.

    After a fact this raises, escalates or repeats warnings; at the close of a day it may also step
    them down and clear them.
    """
    today, policy = work.business_day, work.policy
    said = []
    for indicator in MEASURED:
        alert = customer.watch.alerts.get(indicator)
        if not is_looked_at(indicator, facts) or (alert is None and not has_sign(indicator, facts)):
            continue
        finding = measure(indicator, facts, policy.warnings)
        if alert is None and finding.severity is None:
            continue
        occasion = occasion_of(indicator, policy.warnings, as_of=today, closing=closing)
        step = next_step(alert, finding, occasion)
        _remember(customer.watch, indicator, step.alert)
        if step.transition.changes:
            asked = WarningFacts(
                indicator=indicator,
                facts=only_for(indicator, facts),
                alert=alert,
                closing=closing,
            )
            _, decision = work.decide(WARNING, asked, customer_id=customer.customer_id)
            said.append((decision, _carried_over(customer, decision, work)))
    _announce(customer, said, work)


def _remember(watch: Watch, indicator: Indicator, alert: Alert | None) -> None:
    if alert is None:
        watch.alerts.pop(indicator, None)
    else:
        watch.alerts[indicator] = alert


def _carried_over(
    customer: Watched, decision: WarningDecision, work: Work[MonitoringPolicy]
) -> RiskWarning:
    """The warning after a decision that changed it, kept and marked to be saved."""
    warnings = customer.watch.warnings
    if decision.transition is Transition.RAISE:
        warning = _raised(customer, decision, work)
    else:
        warning = _said_again(warnings[decision.indicator], decision, on=work.business_day)
    if decision.transition is Transition.CLEAR:
        warning = ended(warning, on=work.business_day)
        del warnings[decision.indicator]
    else:
        warnings[decision.indicator] = warning
    customer.put(warning)
    return warning


def _raised(
    customer: Watched, decision: WarningDecision, work: Work[MonitoringPolicy]
) -> RiskWarning:
    cause = work.cause
    chain = cause.correlation_id
    return RiskWarning(
        warning_id=work.new_id("risk_warning", f"{customer.customer_id}/{decision.indicator}"),
        customer_id=customer.customer_id,
        indicator=decision.indicator,
        severity=decision.severity or Severity.WATCH,
        status=WarningStatus.OPEN,
        raised_on=work.business_day,
        changed_on=work.business_day,
        value=decision.value or 0.0,
        threshold=decision.threshold,
        evidence=decision.evidence,
        correlation_id=chain if cause.subject else f"{chain}/{customer.customer_id}",
    )


def _said_again(warning: RiskWarning, decision: WarningDecision, *, on: date) -> RiskWarning:
    worse = decision.transition is Transition.ESCALATE
    return replace(
        warning,
        severity=decision.severity or warning.severity,
        status=WarningStatus.OPEN if worse else warning.status,
        changed_on=on,
        value=warning.value if decision.value is None else decision.value,
        threshold=decision.threshold,
        evidence=decision.evidence,
    )


def _announce(
    customer: Watched,
    said: list[tuple[WarningDecision, RiskWarning]],
    work: Work[MonitoringPolicy],
) -> None:
    if not said:
        return
    figures = customer.figures()
    for decision, warning in said:
        event = event_of(
            decision.transition,
            warning,
            previous=decision.previous_severity,
            figures=figures,
            work=work,
        )
        work.announce(event, customer_id=customer.customer_id)
