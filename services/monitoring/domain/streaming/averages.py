"""Running averages (domain.md §4.2): O(1) state, one update per value, never a rescan.

Each state is frozen; an update returns the next one. Values and means are in the unit of what is
measured, weights and shares 0 to 1.
"""

from dataclasses import dataclass
from datetime import date
from math import exp, sqrt

from services.monitoring.domain.detectors import decay
from shared.kernel.values import quick, replace


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Welford:
    """Mean and variance of all values so far, exact (Welford 1962). `squares` sums the deviations'."""

    seen: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def after(self, value: float, *, most: int | None = None) -> "Welford":
        """The state with one more value; of `most` values at the most, the older ones fading."""
        full = most is not None and self.seen >= most
        seen, distance = self.seen + (not full), value - self.mean
        mean = self.mean + distance / seen
        kept = self.squares * (1.0 - 1.0 / seen) if full else self.squares
        return Welford(seen=seen, mean=mean, squares=kept + distance * (value - mean))

    @property
    def deviation(self) -> float | None:
        """The sample standard deviation; None before there are two values."""
        return sqrt(self.squares / (self.seen - 1)) if self.seen > 1 else None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Exponentially weighted mean and variance; the first value is the first mean.

    `frozen` counts the values left out running, because they were too far off to learn from.
    """

    seen: int = 0
    mean: float = 0.0
    variance: float = 0.0
    frozen: int = 0

    def after(self, value: float, *, weight: float, first_variance: float = 0.0) -> "Spread":
        """The state with one more value of some weight λ."""
        if not self.seen:
            return Spread(seen=1, mean=value, variance=first_variance)
        distance = value - self.mean
        return Spread(
            seen=self.seen + 1,
            mean=self.mean + weight * distance,
            variance=(1.0 - weight) * (self.variance + weight * distance * distance),
        )

    def z_of(self, value: float, *, floor: float) -> float | None:
        """How many deviations a value lies off, before it is learned; None for a first one."""
        return (value - self.mean) / max(sqrt(self.variance), floor) if self.seen else None

    def frozen_after(self, value: float, *, weight: float, most: int) -> "Spread":
        """The state after a value too far off: left out, or after `most` running a new beginning."""
        if self.frozen < most:
            return replace(self, frozen=self.frozen + 1)
        return Spread().after(value, weight=weight, first_variance=self.variance)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TimedAverage:
    """The average of something that keeps its level between changes, the past fading with time.

    A time constant of τ days: what was so for Δt days has the weight 1 - e^(-Δt/τ).
    """

    mean: float = 0.0
    level: float = 0.0
    on: date | None = None

    def as_of(self, day: date, *, time_constant: float) -> float:
        """The average on a day, the level having stayed since; 0.0 before there was any."""
        if self.on is None:
            return 0.0
        kept = exp(-max(0, (day - self.on).days) / time_constant)
        return self.level + (self.mean - self.level) * kept

    def after(self, level: float, day: date, *, time_constant: float) -> "TimedAverage":
        """The state with another level from a day on; the first one counts as always so."""
        if self.on is None:
            return TimedAverage(mean=level, level=level, on=day)
        mean = self.as_of(day, time_constant=time_constant)
        return TimedAverage(mean=mean, level=level, on=max(self.on, day))


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DecayedRatio:
    """A rate without a window: part over whole, both fading by half every half-life."""

    part: float = 0.0
    whole: float = 0.0
    on: date | None = None

    def after(
        self, part: float, whole: float, day: date, *, half_life_days: float
    ) -> "DecayedRatio":
        """The state with more of both; what is learned of late has faded as much as its age asks."""
        on = day if self.on is None else max(self.on, day)
        kept = 1.0 if self.on is None else decay((on - self.on).days, half_life_days)
        fresh = decay((on - day).days, half_life_days)
        return DecayedRatio(
            part=self.part * kept + part * fresh, whole=self.whole * kept + whole * fresh, on=on
        )

    @property
    def value(self) -> float | None:
        """The rate; None while there is nothing to relate to. Time alone does not change it."""
        return self.part / self.whole if self.whole > 0 else None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class LateRate:
    """How likely a thing is late (beta-binomial): a prior belief, and what was seen since.

    The default prior, Beta(1, 9), expects one in ten.
    """

    prior_late: float = 1.0
    prior_in_time: float = 9.0
    late: float = 0.0
    in_time: float = 0.0

    def after(self, *, late: float = 0.0, in_time: float = 0.0, kept: float = 1.0) -> "LateRate":
        """The state with more seen, after `kept` (0 to 1) of what was seen before is left."""
        return replace(self, late=self.late * kept + late, in_time=self.in_time * kept + in_time)

    @property
    def mean(self) -> float:
        """The posterior mean, 0 to 1."""
        late = self.prior_late + self.late
        return late / (late + self.prior_in_time + self.in_time)
