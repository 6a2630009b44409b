"""Calendar arithmetic. A day is a business date in the ledger's time zone; nothing reads a clock."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
"""No day that anybody tells us of can lie before or after these."""


def check_day(day: date) -> None:
    """Refuse a day that nobody can mean. Raises ValueError."""
    if not EARLIEST <= day <= LATEST:
        message = f"must lie between {EARLIEST} and {LATEST}"
        raise ValueError(message)


def days_between(earlier: date, later: date) -> int:
    """Whole days from one date to another; negative when `later` is the earlier one."""
    return (later - earlier).days


def days_past_due(due: date, as_of: date) -> int:
    """Days past due at the end of `as_of`; 0 on the due day itself and before (domain.md §0)."""
    return max(0, (as_of - due).days)


@lru_cache(maxsize=4096)
def month_end(day: date) -> date:
    """The last day of the month a date lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def is_month_end(day: date) -> bool:
    """Whether a date is the last of its month."""
    return day == month_end(day)


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """The same day of the month some months on (or back), or the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_day(day: date) -> date:
    """The day after."""
    return day + ONE_DAY


def previous_day(day: date) -> date:
    """The day before."""
    return day - ONE_DAY
