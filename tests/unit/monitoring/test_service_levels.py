"""By when warnings are seen to: working hours, days off, and whom an unseen red one goes to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from services.monitoring.domain.handling.service_levels import (
    Moment,
    ServiceLevel,
    after_working_days,
    after_working_time,
    service_level,
    working_time_between,
)
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.risk_warning import WarningStatus
from tests.unit.monitoring.judged_builders import a_warning
from tests.unit.monitoring.warning_builders import AMBER, HANDLING, RED, WATCH

RULES = HANDLING.service_levels
HOURS = RULES.working_time
MONDAY, FRIDAY = date(2025, 6, 2), date(2025, 6, 6)


def at(day: date, hour: float) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(hours=hour)  # noqa: DTZ001  # local


def level(
    severity: Severity,
    *,
    since: date = MONDAY,
    now: Moment,
    status: WarningStatus = WarningStatus.OPEN,
) -> ServiceLevel:
    moment = datetime(since.year, since.month, since.day, 10, tzinfo=UTC)
    warning = a_warning(severity=severity, status=status, pending_since=since, pending_at=moment)
    return service_level(warning, RULES, now=now)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(MONDAY, 9), at(MONDAY, 17), 8),
        (at(MONDAY, 7), at(MONDAY, 10), 1),
        (at(MONDAY, 16), at(MONDAY, 20), 1),
        (at(FRIDAY, 16), at(FRIDAY + timedelta(days=3), 10), 2),
        (at(FRIDAY, 20), at(FRIDAY + timedelta(days=2), 20), 0),
        (at(MONDAY, 12), at(MONDAY, 11), 0),
    ],
)
def test_only_working_hours_pass(start: datetime, end: datetime, hours: int) -> None:
    assert working_time_between(start, end, HOURS) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (at(MONDAY, 10), at(MONDAY, 14)),
        (at(MONDAY, 13), at(MONDAY, 17)),
        (at(MONDAY, 15), at(MONDAY + timedelta(days=1), 11)),
        (at(FRIDAY, 16), at(FRIDAY + timedelta(days=3), 12)),
        (at(FRIDAY + timedelta(days=1), 12), at(FRIDAY + timedelta(days=3), 13)),
    ],
)
def test_four_working_hours_end_at_a_moment(start: datetime, due: datetime) -> None:
    assert after_working_time(start, timedelta(hours=4), HOURS) == due


def test_a_holiday_is_a_day_off() -> None:
    off = replace(HOURS, holidays=(MONDAY,))
    assert working_time_between(at(MONDAY, 9), at(MONDAY, 17), off) == timedelta()
    assert after_working_days(FRIDAY - timedelta(days=7), 1, off) == MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("severity", "by"),
    [(RED, date(2025, 6, 9)), (AMBER, date(2025, 6, 10)), (WATCH, date(2025, 6, 13))],
)
def test_red_is_decided_within_a_day_amber_within_two_watch_within_a_week(
    severity: Severity, by: date
) -> None:
    found = level(severity, since=FRIDAY, now=Moment(day=FRIDAY))
    assert (found.decide_by, found.is_late) == (by, False)
    assert not level(severity, since=FRIDAY, now=Moment(day=by)).is_late
    assert level(severity, since=FRIDAY, now=Moment(day=by + timedelta(days=1))).is_late


@pytest.mark.parametrize(
    ("hour", "owner", "late"),
    [
        (10, "analyst", False),
        (13.99, "analyst", False),
        (14, "lead", True),
        (16.99, "lead", True),
        (24 + 9.99, "lead", True),
        (24 + 10, "credit_head", True),
        (96 + 10, "credit_head", True),
    ],
)
def test_an_unseen_red_one_goes_up_each_four_hours(hour: float, owner: str, *, late: bool) -> None:
    now = Moment(day=MONDAY, clock=at(MONDAY, hour).replace(tzinfo=UTC))
    found = level(RED, now=now)
    assert (found.owner, found.is_late) == (owner, late)
    assert found.acknowledge_by == at(MONDAY, 14)


def test_hours_are_those_of_the_ledgers_zone() -> None:
    shanghai = timezone(timedelta(hours=8))
    warning = a_warning(
        severity=RED, pending_since=MONDAY, pending_at=datetime(2025, 6, 2, 2, tzinfo=UTC)
    )
    now = Moment(day=MONDAY, clock=datetime(2025, 6, 2, 14, tzinfo=shanghai))
    found = service_level(warning, RULES, now=now)
    assert (found.owner, found.acknowledge_by) == ("lead", at(MONDAY, 14))


@pytest.mark.parametrize(
    ("days", "owner"), [(0, "analyst"), (1, "analyst"), (2, "credit_head"), (5, "credit_head")]
)
def test_where_only_days_are_known_closed_days_count(days: int, owner: str) -> None:
    found = level(RED, now=Moment(day=MONDAY + timedelta(days=days)))
    assert found.owner == owner


def test_a_weekend_is_no_time_to_be_late_in() -> None:
    assert level(RED, since=FRIDAY, now=Moment(day=FRIDAY + timedelta(days=3))).owner == "analyst"


def test_what_was_seen_stays_with_the_analyst() -> None:
    later = Moment(day=MONDAY + timedelta(days=5))
    found = level(RED, now=later, status=WarningStatus.ACKNOWLEDGED)
    assert (found.owner, found.acknowledge_by, found.is_late) == ("analyst", None, True)


@pytest.mark.parametrize("severity", [AMBER, WATCH])
def test_only_red_has_to_be_acknowledged_by_an_hour(severity: Severity) -> None:
    found = level(severity, now=Moment(day=MONDAY + timedelta(days=20)))
    assert (found.owner, found.acknowledge_by) == ("analyst", None)


def test_a_warning_kept_before_it_was_counted_waits_since_it_was_raised() -> None:
    old = a_warning(severity=RED, pending_since=None, pending_at=None, raised_on=MONDAY)
    assert service_level(old, RULES, now=Moment(day=MONDAY)).decide_by == date(2025, 6, 3)
