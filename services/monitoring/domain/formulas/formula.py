"""What every formula is made of: how it measures, which of several counts, how to tell there is nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from services.monitoring.domain.measurement import UNKNOWN, Measurement
from services.monitoring.domain.policies.warnings import (
    Comparator,
    IndicatorPolicy,
    Severity,
    WarningPolicy,
)
from shared.kernel.money import Money

FactsT = TypeVar("FactsT")


@dataclass(frozen=True, slots=True)
class Formula(Generic[FactsT]):
    """How one sign is measured on its kind of facts.

    `measure` answers None where the sign does not apply (no limit, long unused), and a measurement
    of unknown value where it does, but the figures are missing. Without `has_sign` the value is 0 or
    unknown and meets no threshold, so that nobody need measure it.
    """

    measure: Callable[[FactsT, IndicatorPolicy, WarningPolicy], Measurement | None]
    has_sign: Callable[[FactsT], bool]


def share_of(part: Money, whole: Money) -> float | None:
    """The part over the whole; None where the whole is nothing."""
    return part.minor / whole.minor if whole.minor > 0 else None


def in_days(amount: Money, sales: Money, days: int) -> float | None:
    """An amount in days of sales; None without sales."""
    share = share_of(amount, sales)
    return None if share is None else share * days


def iso(day: date | None) -> str | None:
    """A day as evidence shows it; None where there is none."""
    return None if day is None else day.isoformat()


def shown(money: Money) -> str:
    """An amount as evidence shows it."""
    return str(money.amount)


CALM: Final = Measurement(value=0.0)
"""Nothing of the kind is on record: an honest zero, which an open warning comes down to."""


def highest(measurements: Iterable[Measurement], entry: IndicatorPolicy) -> Measurement:
    """The worst of some measurements of one sign; calm if none."""
    found = list(measurements)
    return worst(found, entry) if found else CALM


def worst(measurements: Sequence[Measurement], entry: IndicatorPolicy) -> Measurement:
    """The measurement with the highest value, of those that count if any do.

    One that is unknown wins over known ones that breach nothing: all of them must be seen to be
    calm before a customer is.
    """
    if len(measurements) == 1:
        return measurements[0]
    known = [each for each in measurements if each.value is not None]
    gravest = max(known, key=lambda each: _badness(each, entry), default=UNKNOWN)
    if len(known) < len(measurements) and severity_met(gravest, entry) is None:
        return next(each for each in measurements if each.value is None)
    return gravest


def severity_met(measurement: Measurement, entry: IndicatorPolicy) -> Severity | None:
    """The highest severity that a measurement meets, if it counts."""
    if not measurement.counts:
        return None
    met = (entry.severity_of(measurement.value), measurement.at_least)
    return max((each for each in met if each), key=lambda each: each.rank, default=None)


def _badness(measurement: Measurement, entry: IndicatorPolicy) -> tuple[bool, int, float]:
    severity, value = severity_met(measurement, entry), measurement.value or 0.0
    worse = -value if entry.comparator is Comparator.LESS_THAN else value
    return measurement.counts, severity.rank if severity else 0, worse
