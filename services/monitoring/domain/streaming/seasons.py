"""The twelve months' own indices, and the gap between a customer's purchases (domain.md §4.2)."""

from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import TypeVar

from shared.kernel.values import quick, replace

FigureT = TypeVar("FigureT", int, float)
MONTHS = 12
CREDIBILITY = 3
"""How many years of its own a month needs to count as much as the sector: n / (n + 3)."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """How much of an average month each calendar month usually is.

    `sums` and `years` are by calendar month, January first: the shares of the average seen so far,
    and in how many years; `level` is the running average of the months themselves, `seen` their
    number.
    """

    sums: tuple[float, ...] = (0.0,) * MONTHS
    years: tuple[int, ...] = (0,) * MONTHS
    level: float = 0.0
    seen: int = 0

    def after(self, amount: float, month: int) -> "Seasons":
        """The state with a finished month, 1 to 12; the first year only finds the average."""
        weight = 1.0 / min(MONTHS, self.seen + 1)
        level = self.level + weight * (amount - self.level)
        if self.seen < MONTHS or self.level <= 0:
            return replace(self, level=level, seen=self.seen + 1)
        place = month - 1
        share = amount / self.level
        return Seasons(
            sums=_with(self.sums, place, self.sums[place] + share),
            years=_with(self.years, place, self.years[place] + 1),
            level=level,
            seen=self.seen + 1,
        )

    def index(self, month: int, *, sector: float = 1.0) -> float:
        """The month's index: its own, as far as n / (n + 3) trusts it, and the sector's for the rest."""
        years = self.years[month - 1]
        if not years:
            return sector
        trust = years / (years + CREDIBILITY)
        return trust * self.sums[month - 1] / years + (1.0 - trust) * sector


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The gap between purchases: its exponentially weighted mean and variance, in days.

    `last` is the newest day something was bought, `gaps` how many gaps were seen.
    """

    last: date | None = None
    gaps: int = 0
    mean: float = 0.0
    variance: float = 0.0

    def after(self, day: date, *, weight: float) -> "Rhythm":
        """The state with a purchase; several of one day are one, an older one changes nothing."""
        if self.last is None:
            return replace(self, last=day)
        if day <= self.last:
            return self
        gap = float((day - self.last).days)
        if not self.gaps:
            return Rhythm(last=day, gaps=1, mean=gap)
        distance = gap - self.mean
        return Rhythm(
            last=day,
            gaps=self.gaps + 1,
            mean=self.mean + weight * distance,
            variance=(1.0 - weight) * (self.variance + weight * distance * distance),
        )

    @property
    def deviation(self) -> float:
        """The standard deviation of the gaps, in days."""
        return sqrt(self.variance)


def _with(values: tuple[FigureT, ...], place: int, value: FigureT) -> tuple[FigureT, ...]:
    changed = list(values)
    changed[place] = value
    return tuple(changed)
