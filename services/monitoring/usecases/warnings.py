"""Watching a customer: after each fact, and at each close of a day."""

from collections.abc import Sequence
from dataclasses import replace

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicators import measure, only_for, to_measure
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.knowledge import learned_at
from services.monitoring.domain.watching.alerts import Alert, Transition, next_step
from services.monitoring.domain.watching.risk_warning import (
    AlertCase,
    RiskWarning,
    Snooze,
    WarningDecision,
    WarningFacts,
    WarningStatus,
    decide_warning,
    occasion_of,
)
from services.monitoring.domain.watching.watch import Watch
from services.monitoring.usecases.watched import Watched, ended, event_of
from shared.chassis.work import Work
from shared.decisions.kinds import DecisionKind
from shared.kernel.dates import is_month_end

WARNING: DecisionKind[WarningFacts, MonitoringPolicy, WarningDecision] = DecisionKind(
    name="warning",
    decide=decide_warning,
    facts=WarningFacts,
    decision=WarningDecision,
    model_version="warnings-3",
)


def observe(
    customer: Watched,
    facts: IndicatorFacts,
    work: Work[MonitoringPolicy],
    *,
    closing: bool,
    only: Sequence[Indicator] | None = None,
) -> None:
    """Measure every indicator that the facts are about, or `only` some; decide, store, announce.

    After a fact this raises, escalates or repeats warnings; at the close of a day it may also step
    them down and clear them.
    """
    today, policy = work.business_day, work.policy
    said = []
    for indicator in to_measure(facts, customer.watch.alerts) if only is None else only:
        alert = customer.watch.alerts.get(indicator)
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
            said.append((decision, _carried_over(customer, decision, alert, work)))
    _announce(customer, said, work)
    if closing and is_month_end(today):
        _count_held(customer)


def _remember(watch: Watch, indicator: Indicator, alert: Alert | None) -> None:
    if alert is None:
        watch.alerts.pop(indicator, None)
    else:
        watch.alerts[indicator] = alert


def _carried_over(
    customer: Watched,
    decision: WarningDecision,
    before: Alert | None,
    work: Work[MonitoringPolicy],
) -> RiskWarning:
    """The warning after a decision that changed it, kept and marked to be saved."""
    warnings = customer.watch.warnings
    if decision.transition is Transition.RAISE:
        warning = _raised(customer, decision, work)
    else:
        warning = _said_again(warnings[decision.indicator], decision, work)
    if decision.transition is Transition.CLEAR:
        held = warning.held if before is None else before.held
        warning = ended(replace(warning, held=held), on=work.business_day)
        del warnings[decision.indicator]
    else:
        warnings[decision.indicator] = warning
    customer.put(warning)
    return warning


def _raised(
    customer: Watched, decision: WarningDecision, work: Work[MonitoringPolicy]
) -> RiskWarning:
    chain = work.cause.correlation_id
    warning = RiskWarning(
        warning_id=work.new_id("risk_warning", f"{customer.customer_id}/{decision.indicator}"),
        customer_id=customer.customer_id,
        indicator=decision.indicator,
        severity=Severity.WATCH,
        status=WarningStatus.OPEN,
        raised_on=work.business_day,
        changed_on=work.business_day,
        value=0.0 if decision.value is None else decision.value,
        threshold=decision.threshold,
        evidence=decision.evidence,
        correlation_id=chain if work.cause.subject else f"{chain}/{customer.customer_id}",
        case_id=_case_of(customer, work),
        worst_value=decision.value,
        exposure=customer.exposure(),
    )
    return _as_bad_as(warning, decision.severity or Severity.WATCH, work)


def _case_of(customer: Watched, work: Work[MonitoringPolicy]) -> str:
    """The case that a warning of today belongs to: the customer's latest, or a new one."""
    case, today = customer.watch.case, work.business_day
    fold_days = work.policy.warnings.lifecycle.fold_days
    if case is None or not case.takes(today, fold_days=fold_days):
        case = AlertCase(case_id=work.new_id("alert_case", customer.customer_id), raised_on=today)
    customer.watch.case = replace(case, raised_on=today)
    return case.case_id


def _said_again(
    warning: RiskWarning, decision: WarningDecision, work: Work[MonitoringPolicy]
) -> RiskWarning:
    after = decision.alert
    value = warning.value if decision.value is None else decision.value
    comparator = work.policy.warnings.indicators[warning.indicator].comparator
    worst = value if warning.worst_value is None else warning.worst_value
    said = replace(
        warning,
        status=_status_after(warning, decision),
        changed_on=work.business_day,
        value=value,
        threshold=decision.threshold,
        evidence=decision.evidence,
        worst_value=value if comparator.is_worse(value, than=worst) else worst,
        snooze=_wish_left(warning, decision),
        said=warning.said + 1,
        held=warning.held if after is None else after.held,
    )
    severity = decision.severity or warning.severity
    if severity is warning.severity and decision.transition is not Transition.RETURN:
        return said
    return _as_bad_as(said, severity, work)


def _as_bad_as(
    warning: RiskWarning, severity: Severity, work: Work[MonitoringPolicy]
) -> RiskWarning:
    """The warning, of a severity from now on, waiting for somebody to see to it."""
    today, rank = work.business_day, severity.rank
    is_amber, is_red = rank >= Severity.AMBER.rank, rank >= Severity.RED.rank
    return replace(
        warning,
        severity=severity,
        pending_since=today,
        pending_at=learned_at(work.cause.time, business_day=today),
        amber_on=warning.amber_on or (today if is_amber else None),
        red_on=warning.red_on or (today if is_red else None),
    )


def _status_after(warning: RiskWarning, decision: WarningDecision) -> WarningStatus:
    worse = decision.transition is Transition.ESCALATE
    return WarningStatus.OPEN if worse or _is_back(warning, decision) else warning.status


def _is_back(warning: RiskWarning, decision: WarningDecision) -> bool:
    """Whether a snooze that was in force is over."""
    over = decision.alert is not None and decision.alert.snoozed_until is None
    return warning.status is WarningStatus.SUPPRESSED and over


def _wish_left(warning: RiskWarning, decision: WarningDecision) -> Snooze | None:
    """What is left of a wish to put it off: one in force ends with it, a request stays."""
    wish = warning.snooze
    if wish is None or decision.alert is None:
        return None
    return None if wish.in_force and _is_back(warning, decision) else wish


def _count_held(customer: Watched) -> None:
    """Write down, once a month, how often open warnings were held back."""
    for indicator, warning in customer.watch.warnings.items():
        held = customer.watch.alerts[indicator].held
        if held != warning.held:
            customer.watch.warnings[indicator] = replace(warning, held=held)
            customer.put(customer.watch.warnings[indicator])


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
