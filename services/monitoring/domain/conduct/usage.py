"""How a limit is used over time: L02 and L03 (domain.md §4.1). Utilisation is exposure over limit."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from services.monitoring.domain.streaming.averages import TimedAverage
from shared.kernel.values import quick, replace

WEEK = timedelta(days=7)
WEEKS_KEPT = 15
MOST = 9.99
"""A limit of a few cents would else drown every average."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One currency's use of its limit: the average, and since when exposure has exceeded the limit.

    `weeks` are what the average was at the end of each week, by its Sunday, the newest last. Not `known`
    while the limit is zero: that is our decision, and the use is as it was when it could last be told.
    """

    average: TimedAverage = field(default_factory=TimedAverage)
    weeks: tuple[tuple[date, float], ...] = ()
    over_since: date | None = None
    known: bool = True

    def after(self, utilisation: float, day: date, *, time_constant: float) -> "Usage":
        """The state after a look on a day."""
        level = min(utilisation, MOST)
        weeks = self._weeks_until(day, time_constant)
        over = (self.over_since or day) if utilisation > 1 else None
        if level == self.average.level and self.average.on is not None and weeks is self.weeks:
            return replace(self, over_since=over, known=True)
        average = self.average.after(level, day, time_constant=time_constant)
        return Usage(average=average, weeks=weeks, over_since=over)

    def without_limit(self, exposure: int) -> "Usage":
        """The state while there is no limit above zero; with nothing owed (minor units) none is exceeded."""
        return replace(self, over_since=self.over_since if exposure else None, known=not exposure)

    def rise(self, day: date, *, days: int, time_constant: float) -> float | None:
        """How much the average has risen in the days before a day; None while it is younger, or not known."""
        if not self.known:
            return None
        then = [mean for end, mean in self.weeks if end <= day - timedelta(days=days)]
        if not then:
            return None
        return self.average.as_of(day, time_constant=time_constant) - then[-1]

    def days_over(self, day: date) -> int | None:
        """For how many days running exposure has exceeded the limit, the first one counted."""
        if not self.known:
            return None
        return 0 if self.over_since is None else (day - self.over_since).days + 1

    def _weeks_until(self, day: date, time_constant: float) -> tuple[tuple[date, float], ...]:
        """The weeks that have ended before a day, with those since the last look, at most a quarter."""
        begun = self.average.on
        if begun is None:
            return self.weeks
        last = self.weeks[-1][0] if self.weeks else begun - WEEK
        end = max(_sunday(begun), last + WEEK, _sunday(day) - WEEKS_KEPT * WEEK)
        weeks = self.weeks
        while end < day:
            weeks = (*weeks, (end, self.average.as_of(end, time_constant=time_constant)))
            end += WEEK
        return weeks[-WEEKS_KEPT:] if weeks is not self.weeks else weeks


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
