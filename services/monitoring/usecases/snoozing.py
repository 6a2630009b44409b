"""Putting a warning off: until a day, unless it worsens; a red one only if two people want it."""

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.alerts import snoozed
from services.monitoring.domain.watching.risk_warning import RiskWarning, Snooze, WarningStatus
from services.monitoring.usecases.verdicts import keep, open_warning
from services.monitoring.usecases.watched import Watched
from shared.chassis.service import CommandAnswer
from shared.chassis.work import Work
from shared.kernel.errors import ConflictError, ForbiddenError, InvalidInputError

SNOOZE_WARNING = "snooze_warning"
DECIDE_SNOOZE = "decide_snooze"


class SnoozeWord(StrEnum):
    """What the second person says."""

    APPROVED = "approved"
    REJECTED = "rejected"


class NoSnoozeAskedError(ConflictError):
    """Nobody has asked to put this warning off, or it is decided."""

    code = "no_snooze_asked"

    def __init__(self, warning_id: str) -> None:
        super().__init__(f"nobody is waiting for warning {warning_id!r} to be put off")


class SnoozeNeedsAnotherError(ForbiddenError):
    """Whoever asks to put a red warning off cannot approve it."""

    code = "second_person_needed"

    def __init__(self, warning_id: str) -> None:
        super().__init__(f"warning {warning_id!r} must be put off by another person, too")


class SnoozeWarning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person wants to hear of a warning again on a day, not before."""

    warning_id: str
    until: date
    note: str = ""


class DecideSnooze(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A second person's word on putting a red warning off."""

    warning_id: str
    decision: SnoozeWord = SnoozeWord.APPROVED
    note: str = ""


def snooze(customer: Watched, wish: SnoozeWarning, work: Work[MonitoringPolicy]) -> CommandAnswer:
    """Put a warning off, or, if it is red, ask another person to. A new wish takes the old one's place.

    Raises if it is not open, or the day is not after today or further off than the policy allows.
    """
    warning = open_warning(customer, wish.warning_id)
    _check(wish.until, work)
    asked = Snooze(
        until=wish.until,
        asked_by=work.actor or "",
        asked_on=work.business_day,
        note=wish.note or None,
        in_force=warning.severity is not Severity.RED,
    )
    return _settled(customer, replace(warning, snooze=asked), work)


def decide_snooze(
    customer: Watched, wish: DecideSnooze, work: Work[MonitoringPolicy]
) -> CommandAnswer:
    """Approve or reject what another person asked for."""
    warning = open_warning(customer, wish.warning_id)
    asked = warning.snooze
    if asked is None or asked.in_force:
        raise NoSnoozeAskedError(warning.warning_id)
    if wish.decision is SnoozeWord.REJECTED:
        return keep(customer, replace(warning, snooze=None), work)
    if asked.asked_by == work.actor:
        raise SnoozeNeedsAnotherError(warning.warning_id)
    _check(asked.until, work)
    note = wish.note or asked.note
    agreed = replace(asked, approved_by=work.actor, in_force=True, note=note)
    return _settled(customer, replace(warning, snooze=agreed), work)


def _settled(
    customer: Watched, warning: RiskWarning, work: Work[MonitoringPolicy]
) -> CommandAnswer:
    """Keep the warning, and its alert quiet if the snooze is in force."""
    wish = warning.snooze
    if wish is not None and wish.in_force:
        alerts = customer.watch.alerts
        alerts[warning.indicator] = snoozed(alerts[warning.indicator], wish.until)
        warning = replace(warning, status=WarningStatus.SUPPRESSED)
    return keep(customer, warning, work)


def _check(until: date, work: Work[MonitoringPolicy]) -> None:
    today, most = work.business_day, work.policy.warnings.lifecycle.snooze_days
    last = today + timedelta(days=most)
    if not today < until <= last:
        rule = f"must be after {today} and no later than {last}, {most} days on"
        raise InvalidInputError(field="until", value=until.isoformat(), rule=rule)
