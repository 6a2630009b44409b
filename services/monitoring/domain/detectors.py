"""Streaming detectors (domain.md §4.2): O(1) state per customer, updated on the event, never rescanned.

Each state is frozen; an update returns the next one, so a state can be kept, replayed and compared.
"""

from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt

from services.monitoring.domain.policies.surprises import SurprisePolicy
from shared.kernel.values import quick, replace


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DecayingCount:
    """A count of events that each lose half their weight every half-life."""

    count: float = 0.0
    on: date | None = None

    def as_of(self, day: date, *, half_life_days: float) -> float:
        """The count decayed to a day; 0.0 if nothing was ever counted."""
        if self.on is None:
            return 0.0
        return self.count * decay((day - self.on).days, half_life_days)

    def after(self, day: date, *, half_life_days: float) -> "DecayingCount":
        """The count with one more event on a day; one learned of late counts as old as it is."""
        if self.on is not None and day < self.on:
            late = decay((self.on - day).days, half_life_days)
            return replace(self, count=self.count + late)
        return DecayingCount(count=self.as_of(day, half_life_days=half_life_days) + 1.0, on=day)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class UsualAmount:
    """What amount (or month) is usual, and how much it varies: an EWMA on the ln scale.

    `mean` and `variance` are of ln(amount in major units); `frozen` counts the values left out
    running because they were too far off to learn from.
    """

    seen: int = 0
    mean: float = 0.0
    variance: float = 0.0
    frozen: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """How far an amount is from what was usual before it.

    `z` in standard deviations of the ln scale; `usual` in major units, at that time of the year;
    `ratio` observed over usual; `observed` counts the values before. All but the count are None for the
    first value.
    """

    z: float | None
    usual: float | None
    ratio: float | None
    observed: int


def meet(
    state: UsualAmount, amount: float, policy: SurprisePolicy, *, season: float = 1.0
) -> tuple[UsualAmount, Surprise | None]:
    """Test an amount (major units, 0 for nothing) against what was usual, then learn from it.

    `season` is how much of an average month this one usually is, above 0; it is divided out before
    the test (domain.md §4.2), and the state is of average months. The test comes before the update, or
    a large value would excuse itself. Nothing is said of a first value; an amount of nothing, before
    there is a usual one, is not a value at all. What stays far off for longer than the freeze lasts is
    the new normal.
    """
    if state.seen == 0:
        return _first(amount / season, policy), None
    average = exp(state.mean)
    usual = average * season
    distance = log(max(amount, policy.least_share * average) / season) - state.mean
    z = distance / deviation(state, policy)
    surprise = Surprise(z=z, usual=usual, ratio=amount / usual, observed=state.seen)
    if abs(z) > policy.freeze_over:
        return _left_out(state, amount / season, policy), surprise
    return _learned(state, distance, policy), surprise


def acknowledged(state: UsualAmount, policy: SurprisePolicy) -> UsualAmount:
    """The state once a person has taken note: the next value as far off is the new normal (domain.md §4.2)."""
    return replace(state, frozen=policy.freeze_most) if state.frozen else state


def deviation(state: UsualAmount, policy: SurprisePolicy) -> float:
    """The standard deviation a value is tested with, on the ln scale, never below the floor."""
    warming = state.seen < policy.warm_up
    variance = max(state.variance, policy.segment_variance) if warming else state.variance
    return max(sqrt(variance), policy.floor)


def decay(days: float, half_life_days: float) -> float:
    """What is left, 0 to 1, after some days."""
    return float(0.5 ** (days / half_life_days))


def _first(amount: float, policy: SurprisePolicy) -> UsualAmount:
    if amount <= 0:
        return UsualAmount()
    return UsualAmount(seen=1, mean=log(amount), variance=policy.segment_variance)


def _left_out(state: UsualAmount, amount: float, policy: SurprisePolicy) -> UsualAmount:
    if state.frozen < policy.freeze_most:
        return replace(state, seen=state.seen + 1, frozen=state.frozen + 1)
    return _first(amount, policy)


def _learned(state: UsualAmount, distance: float, policy: SurprisePolicy) -> UsualAmount:
    weight = policy.weight
    return UsualAmount(
        seen=state.seen + 1,
        mean=state.mean + weight * distance,
        variance=(1.0 - weight) * (state.variance + weight * distance * distance),
    )
