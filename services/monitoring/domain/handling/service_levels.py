"""By when a warning is seen to, and whom it goes to when it is not (domain.md §4.4).

Hours are working hours, counted in local time of the ledger's zone. Where only days are known, a day's events count from the end of its working hours, and a question is asked at the beginning of
the business day: so what has passed since is whole closed working days.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.monitoring.domain.policies.handling import ServiceLevelPolicy, WorkingTime
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from shared.kernel.dates import next_day

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a question is asked: the business day, and the clock on the wall if that is the ledger's.

    The clock's zone is the ledger's.
    """

    day: date
    clock: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """What is asked of people for one warning: by when, whose it is by now, and whether it is late.

    `acknowledge_by`, in local time, is None where nobody has to say that they have seen it, or did.
    """

    owner: str
    acknowledge_by: datetime | None
    decide_by: date
    is_late: bool


def service_level(warning: RiskWarning, policy: ServiceLevelPolicy, *, now: Moment) -> ServiceLevel:
    """What is asked of people for an open warning."""
    since = warning.pending_since or warning.raised_on
    days = policy.decide_days[warning.severity]
    decide_by = after_working_days(since, days, policy.working_time)
    late = now.day > decide_by
    if warning.severity is not Severity.RED or warning.status is not WarningStatus.OPEN:
        first = policy.owners[0]
        return ServiceLevel(owner=first, acknowledge_by=None, decide_by=decide_by, is_late=late)
    begun, asked = _span(warning, since, policy.working_time, now)
    waited = working_time_between(begun, asked, policy.working_time)
    patience = policy.acknowledge_hours * _HOUR
    handed_on = min(waited // patience, len(policy.owners) - 1)
    return ServiceLevel(
        owner=policy.owners[handed_on],
        acknowledge_by=after_working_time(begun, patience, policy.working_time),
        decide_by=decide_by,
        is_late=late or waited >= patience,
    )


def after_working_days(day: date, days: int, working_time: WorkingTime) -> date:
    """The working day some working days after a day; a day off counts as the working day before."""
    left = days
    while left > 0:
        day = next_day(day)
        left -= working_time.is_working(day)
    return day


def working_time_between(start: datetime, end: datetime, working_time: WorkingTime) -> timedelta:
    """The working time from one moment to another; nothing if they are the wrong way round."""
    passed, day = timedelta(), start.date()
    while day <= end.date():
        opens, closes = _hours_of(day, working_time)
        passed += max(timedelta(), min(end, closes) - max(start, opens))
        day = next_day(day)
    return passed


def after_working_time(start: datetime, lasting: timedelta, working_time: WorkingTime) -> datetime:
    """The moment at which so much working time has passed."""
    left, day = lasting, start.date()
    while True:
        opens, closes = _hours_of(day, working_time)
        begin = max(start, opens)
        here = max(timedelta(), closes - begin)
        if here >= left:
            return begin + left
        left, day = left - here, next_day(day)


def _span(
    warning: RiskWarning, since: date, working_time: WorkingTime, now: Moment
) -> tuple[datetime, datetime]:
    """From when to when a warning has waited: by the clock if there is one, else by closed days."""
    if now.clock is not None and warning.pending_at is not None:
        begun = warning.pending_at.astimezone(now.clock.tzinfo)
        return begun.replace(tzinfo=None), now.clock.replace(tzinfo=None)
    at_the_end = datetime.combine(since, time()) + working_time.ends_at * _HOUR
    return at_the_end, datetime.combine(now.day, time()) + working_time.begins_at * _HOUR


def _hours_of(day: date, working_time: WorkingTime) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time())
    opens = midnight + working_time.begins_at * _HOUR
    if not working_time.is_working(day):
        return opens, opens
    return opens, midnight + working_time.ends_at * _HOUR
