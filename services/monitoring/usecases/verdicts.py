"""What people say of warnings: seen, put off, and what it turned out to be."""

from dataclasses import replace
from datetime import date

from msgspec import Struct

from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.alerts import Alert, Label, Transition, labelled
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from services.monitoring.domain.watching.seen import note_seen
from services.monitoring.usecases.shown_warnings import shown
from services.monitoring.usecases.watched import Watched, ended, event_of
from shared.chassis.service import CommandAnswer
from shared.chassis.work import Work
from shared.kernel.errors import ConflictError

ACKNOWLEDGE_WARNING = "acknowledge_warning"
RESOLVE_WARNING = "resolve_warning"
LABEL_WARNING = "label_warning"


class WarningNotOpenError(ConflictError):
    """The warning has been resolved, or was never this customer's."""

    code = "warning_not_open"

    def __init__(self, warning_id: str) -> None:
        super().__init__(f"warning {warning_id!r} is not open any more")


class WarningStillOpenError(ConflictError):
    """The warning is open: resolve it with a label instead."""

    code = "warning_still_open"

    def __init__(self, warning_id: str) -> None:
        super().__init__(f"warning {warning_id!r} is open; resolve it with its label")


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


class LabelWarning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person says what a warning was that is over already."""

    warning_id: str
    label: Label
    note: str = ""


def acknowledge(
    customer: Watched, wish: AcknowledgeWarning, work: Work[MonitoringPolicy]
) -> CommandAnswer:
    """Note that a person has seen a warning. Raises if it is not open, or was acknowledged.

    A snoozed one stays snoozed. A drift begins to add up anew; what was too unusual to learn from is
    learned from the next time.
    """
    warning = open_warning(customer, wish.warning_id)
    if warning.status is WarningStatus.ACKNOWLEDGED:
        raise AlreadyAcknowledgedError(warning)
    snoozed = warning.status is WarningStatus.SUPPRESSED
    seen = replace(
        warning,
        status=WarningStatus.SUPPRESSED if snoozed else WarningStatus.ACKNOWLEDGED,
        acknowledged_by=work.actor,
        acknowledged_on=work.business_day,
        note=wish.note or None,
    )
    note_seen(customer.watch, warning.indicator, work.policy.warnings)
    return keep(customer, seen, work)


def resolve(customer: Watched, wish: ResolveWarning, work: Work[MonitoringPolicy]) -> CommandAnswer:
    """End a warning with a person's verdict; it returns only if it worsens, or clears and recurs."""
    warning = open_warning(customer, wish.warning_id)
    alert = customer.watch.alerts[warning.indicator]
    done = replace(
        _labelled(warning, wish, work, day=work.business_day),
        resolved_by=work.actor,
        held=alert.held,
    )
    done = ended(done, on=work.business_day)
    customer.watch.alerts[warning.indicator] = labelled(alert, wish.label)
    del customer.watch.warnings[warning.indicator]
    note_seen(customer.watch, warning.indicator, work.policy.warnings)
    customer.put(done)
    _announce(customer, done, work)
    return CommandAnswer(200, shown(done, customer.watch, work.policy))


def label(
    customer: Watched,
    warning: RiskWarning,
    wish: LabelWarning,
    work: Work[MonitoringPolicy],
) -> CommandAnswer:
    """Say what a warning was, after its end; another word on it takes the place of the first.

    Said again only where it changes the score: if its sign is still there, and quiet on a
    person's word.
    """
    if warning.status is not WarningStatus.RESOLVED:
        raise WarningStillOpenError(warning.warning_id)
    done = _labelled(warning, wish, work, day=work.business_day)
    customer.put(done)
    alert = customer.watch.alerts.get(warning.indicator)
    if alert is not None and _is_about(alert, warning, customer):
        customer.watch.alerts[warning.indicator] = labelled(alert, wish.label)
        _announce(customer, done, work)
    return CommandAnswer(200, shown(done, customer.watch, work.policy))


def open_warning(customer: Watched, warning_id: str) -> RiskWarning:
    """The customer's warning of that id. Raises `WarningNotOpenError`."""
    for warning in customer.watch.warnings.values():
        if warning.warning_id == warning_id:
            return warning
    raise WarningNotOpenError(warning_id)


def keep(customer: Watched, warning: RiskWarning, work: Work[MonitoringPolicy]) -> CommandAnswer:
    """Have an open warning kept as it is now, and answer with it."""
    customer.watch.warnings[warning.indicator] = warning
    customer.put(warning)
    return CommandAnswer(200, shown(warning, customer.watch, work.policy))


def _labelled(
    warning: RiskWarning,
    wish: ResolveWarning | LabelWarning,
    work: Work[MonitoringPolicy],
    *,
    day: date,
) -> RiskWarning:
    return replace(
        warning,
        label=wish.label,
        labelled_by=work.actor,
        labelled_on=day,
        note=wish.note or warning.note,
    )


def _is_about(alert: Alert, warning: RiskWarning, customer: Watched) -> bool:
    """Whether an alert is quiet because of what a person said of this very warning."""
    quiet = alert.label is not None and warning.indicator not in customer.watch.warnings
    last = warning.resolved_on is not None and alert.said_on <= warning.resolved_on
    return quiet and last and alert.label is warning.label and warning.raised_on <= alert.said_on


def _announce(customer: Watched, done: RiskWarning, work: Work[MonitoringPolicy]) -> None:
    event = event_of(
        Transition.CLEAR,
        done,
        previous=done.severity,
        figures=customer.figures(),
        work=work,
    )
    work.announce(event, customer_id=customer.customer_id)
