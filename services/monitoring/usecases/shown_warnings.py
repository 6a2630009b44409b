"""Warnings as the doors show them: as they are kept, and what follows from the policy in force."""

from collections.abc import Iterable
from datetime import date

from services.monitoring.domain.formulas.formula import iso
from services.monitoring.domain.handling.stakes import (
    NextStep,
    expected_loss,
    expires_on,
    first_step,
    together,
)
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.risk_warning import RiskWarning, Snooze, WarningStatus
from services.monitoring.domain.watching.watch import Watch
from shared.kernel.money import Money

Shown = dict[str, object]


def shown(warning: RiskWarning, watch: Watch | None, policy: MonitoringPolicy) -> Shown:
    """A warning as the doors show it."""
    entry, queue = policy.warnings.indicators[warning.indicator], policy.handling.queue
    at_stake = together(warning.exposure, queue)
    return {
        "warning_id": warning.warning_id,
        "customer_id": warning.customer_id,
        "indicator": warning.indicator.value,
        "severity": warning.severity.value,
        "status": warning.status.value,
        "raised_on": warning.raised_on.isoformat(),
        "changed_on": warning.changed_on.isoformat(),
        "value": warning.value,
        "threshold": warning.threshold,
        "evidence": {
            "figures": warning.evidence.figures,
            "documents": list(warning.evidence.documents),
            "window": warning.evidence.window,
        },
        "correlation_id": warning.correlation_id,
        "case_id": warning.case_id,
        "title": entry.title,
        "exposure": shown_amounts(warning.exposure),
        "expected_loss": shown_amount(expected_loss(at_stake, warning.severity, queue)),
        "recommended_action": shown_step(first_step(entry.group, warning.severity, queue)),
        "expires_on": iso(expiry(warning, watch, policy)),
        **_seen_to(warning),
        **_since_when(warning),
    }


def expiry(warning: RiskWarning, watch: Watch | None, policy: MonitoringPolicy) -> date | None:
    """The day from which a warning is stale unless it is seen again; None while it stands, and once over."""
    alert = None if watch is None else watch.alerts.get(warning.indicator)
    if warning.status is WarningStatus.RESOLVED or (alert is not None and not alert.goes_stale):
        return None
    return expires_on(
        warning.changed_on if alert is None else alert.breached_on[alert.severity],
        half_life_days=policy.warnings.indicators[warning.indicator].half_life_days,
        half_lives=policy.warnings.lifecycle.stale_half_lives,
    )


def shown_amounts(amounts: Iterable[Money]) -> list[Shown]:
    """Amounts, one per currency."""
    return [shown_amount(each) for each in amounts]


def shown_amount(money: Money) -> Shown:
    """An amount as a decimal string, with its currency."""
    return {"amount": str(money.amount), "currency": money.currency}


def shown_step(step: NextStep) -> Shown:
    """What to do first, as a code and in every language."""
    return {"code": step.code, "wording": step.wording}


def _seen_to(warning: RiskWarning) -> Shown:
    return {
        "acknowledged_by": warning.acknowledged_by,
        "acknowledged_on": iso(warning.acknowledged_on),
        "resolved_by": warning.resolved_by,
        "resolved_on": iso(warning.resolved_on),
        "label": None if warning.label is None else warning.label.value,
        "labelled_by": warning.labelled_by,
        "labelled_on": iso(warning.labelled_on),
        "note": warning.note,
        "snooze": None if warning.snooze is None else _snooze(warning.snooze),
    }


def _since_when(warning: RiskWarning) -> Shown:
    return {
        "pending_since": iso(warning.pending_since),
        "amber_on": iso(warning.amber_on),
        "red_on": iso(warning.red_on),
        "said": warning.said,
        "held_back": warning.held,
    }


def _snooze(snooze: Snooze) -> Shown:
    return {
        "until": snooze.until.isoformat(),
        "state": "in_force" if snooze.in_force else "requested",
        "asked_by": snooze.asked_by,
        "asked_on": snooze.asked_on.isoformat(),
        "approved_by": snooze.approved_by,
        "note": snooze.note,
    }
