"""What people say of warnings: seen, and what it turned out to be."""

from dataclasses import replace

from msgspec import Struct

from services.monitoring.domain.alerts import Label, Transition, labelled
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.risk_warning import RiskWarning, WarningStatus
from services.monitoring.usecases.watched import Watched, ended, event_of, shown
from shared.chassis.service import CommandAnswer
from shared.chassis.work import Work
from shared.kernel.errors import ConflictError

ACKNOWLEDGE_WARNING = "acknowledge_warning"
RESOLVE_WARNING = "resolve_warning"


class WarningNotOpenError(ConflictError):
    """The warning has been resolved, or was never this customer's."""

    code = "warning_not_open"

    def __init__(self, warning_id: str) -> None:
        super().__init__(f"warning {warning_id!r} is not open any more")


class AlreadyAcknowledgedError(ConflictError):
    """Somebody has acknowledged the warning before."""

    code = "already_acknowledged"

    def __init__(self, warning: RiskWarning) -> None:
        super().__init__(
            f"warning {warning.warning_id!r} was acknowledged by {warning.acknowledged_by}"
        )


class AcknowledgeWarning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person has seen a warning."""

    warning_id: str
    note: str = ""


class ResolveWarning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person says what a warning was, and ends it."""

    warning_id: str
    label: Label
    note: str = ""


def acknowledge(
    customer: Watched, wish: AcknowledgeWarning, work: Work[MonitoringPolicy]
) -> CommandAnswer:
    """Note that a person has seen a warning. Raises if it is not open, or was acknowledged."""
    warning = _open_warning(customer, wish.warning_id)
    if warning.status is WarningStatus.ACKNOWLEDGED:
        raise AlreadyAcknowledgedError(warning)
    seen = replace(
        warning,
        status=WarningStatus.ACKNOWLEDGED,
        acknowledged_by=work.actor,
        acknowledged_on=work.business_day,
        note=wish.note or None,
    )
    customer.watch.warnings[warning.indicator] = seen
    customer.put(seen)
    return CommandAnswer(200, shown(seen))


def resolve(customer: Watched, wish: ResolveWarning, work: Work[MonitoringPolicy]) -> CommandAnswer:
    """End a warning with a person's verdict; it returns only if it worsens, or clears and recurs."""
    warning = _open_warning(customer, wish.warning_id)
    alert = customer.watch.alerts[warning.indicator]
    done = replace(
        ended(warning, on=work.business_day),
        resolved_by=work.actor,
        label=wish.label,
        note=wish.note or warning.note,
    )
    customer.watch.alerts[warning.indicator] = labelled(alert, wish.label)
    del customer.watch.warnings[warning.indicator]
    customer.put(done)
    event = event_of(
        Transition.CLEAR,
        done,
        previous=warning.severity,
        figures=customer.figures(),
        work=work,
    )
    work.announce(event, customer_id=customer.customer_id)
    return CommandAnswer(200, shown(done))


def _open_warning(customer: Watched, warning_id: str) -> RiskWarning:
    for warning in customer.watch.warnings.values():
        if warning.warning_id == warning_id:
            return warning
    raise WarningNotOpenError(warning_id)
