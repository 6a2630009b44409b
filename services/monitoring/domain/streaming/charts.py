"""Control charts (domain.md §4.2): a drift too small for any single value to show."""

from dataclasses import dataclass, field
from math import inf, sqrt

from services.monitoring.domain.streaming.averages import Welford
from shared.kernel.values import quick, replace


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Cusum:
    """A one-sided cumulative sum of deviations above the usual, in standard deviations.

    C = max(0, C + z - k), z in standard deviations. With the slack k = 0.5, C reaches 5 by chance once in 931 values,
    and 10.4 values after a lasting rise by one deviation (in the mean; Page 1954).
    """

    height: float = 0.0

    def after(self, deviations: float, *, slack: float, most: float = inf) -> "Cusum":
        """The sum with a value that lies that many deviations above the usual; never above `most`."""
        return Cusum(height=min(most, max(0.0, self.height + deviations - slack)))


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AverageChart:
    """An EWMA chart: the smoothed value, and its own limit, which widens as values come."""

    smoothed: float
    seen: int = 0

    def after(self, value: float, *, weight: float) -> "AverageChart":
        """The chart with one more value of weight λ."""
        smoothed = weight * value + (1.0 - weight) * self.smoothed
        return AverageChart(smoothed=smoothed, seen=self.seen + 1)

    def limit(self, usual: float, deviation: float, *, weight: float, width: float) -> float:
        """The upper limit now: `width` (L) deviations of the smoothed value above the usual."""
        begun = 1.0 - (1.0 - weight) ** (2 * self.seen)
        return usual + width * deviation * sqrt(weight / (2.0 - weight) * begun)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRules:
    """How a drift is looked for.

    The own usual is learned from `baseline` values and speaks from the `least` on; its deviation is at
    least `floor_share` of its mean and `floor`. The sum stops at `most`. After `calm` values running no
    worse than usual it begins anew; after `settled` running above `alarm` what is now is the usual.
    """

    slack: float
    baseline: int
    least: int
    floor: float
    floor_share: float
    alarm: float
    most: float
    calm: int
    settled: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A drift away from the own usual: the sum, the usual, and what has been so since it rose.

    `since` are the values since the sum left 0; `calm` and `alarmed` count values running. `heard` is
    whether a person has taken note of the sum and no value has come since: it says nothing then.
    """

    sum: Cusum = field(default_factory=Cusum)
    usual: Welford = field(default_factory=Welford)
    since: Welford = field(default_factory=Welford)
    calm: int = 0
    alarmed: int = 0
    heard: bool = False

    @property
    def speaks(self) -> bool:
        """Whether there is a drift, or one of which a person has taken note."""
        return self.heard or self.sum.height > 0

    def acknowledged(self) -> "Drift":
        """The drift once a person has taken note of it: the sum begins anew, the usual stays."""
        return Drift(usual=self.usual, calm=self.calm, heard=True) if self.speaks else self

    def after(self, value: float, rules: DriftRules) -> "Drift":
        """The state with one more value: tested against the usual first, then learned from."""
        if self.usual.seen < rules.least:
            return replace(self, usual=self.usual.after(value), heard=False)
        deviations = (value - self.usual.mean) / self.deviation(rules)
        total = self.sum.after(deviations, slack=rules.slack, most=rules.most)
        calm = self.calm + 1 if deviations <= 0 else 0
        alarmed = self.alarmed + 1 if total.height >= rules.alarm else 0
        if alarmed >= rules.settled:
            return Drift(usual=self.since.after(value))
        if not total.height or calm >= rules.calm:
            return Drift(usual=self.usual.after(value, most=rules.baseline), calm=calm)
        since = self.since.after(value)
        return Drift(sum=total, usual=self.usual, since=since, calm=calm, alarmed=alarmed)

    def deviation(self, rules: DriftRules) -> float:
        """The standard deviation a value is tested with, in the value's unit."""
        return max(
            self.usual.deviation or 0.0, rules.floor_share * abs(self.usual.mean), rules.floor
        )
