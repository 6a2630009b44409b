"""What every formula is made of: how it measures, and how to tell at once that there is nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from services.monitoring.domain.measurement import Measurement
from services.monitoring.domain.policies.warnings import IndicatorPolicy, WarningPolicy
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


def shown(money: Money) -> str:
    """An amount as evidence shows it."""
    return str(money.amount)


CALM: Final = Measurement(value=0.0)
"""Nothing of the kind is on record: an honest zero, which an open warning comes down to."""


def highest(measurements: Iterable[Measurement]) -> Measurement:
    """The highest of some measurements of one sign, of those that count if any do; calm if none."""
    return max(measurements, key=lambda each: (each.counts, each.value or 0.0), default=CALM)
