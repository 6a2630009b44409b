"""The indicators (domain.md §4.1): one pure formula each, from the facts to a value with its evidence."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from services.monitoring.domain import formulas
from services.monitoring.domain.indicator_facts import CurrencyFacts, IndicatorFacts
from services.monitoring.domain.measurement import UNKNOWN, Evidence, Measurement
from services.monitoring.domain.policy_warnings import (
    Indicator,
    IndicatorPolicy,
    Severity,
    WarningPolicy,
)

CurrencyFormula = Callable[[CurrencyFacts, IndicatorPolicy, WarningPolicy], Measurement | None]
CustomerFormula = Callable[[IndicatorFacts, IndicatorPolicy, WarningPolicy], Measurement]

PER_CURRENCY: dict[Indicator, CurrencyFormula] = {
    Indicator.MAX_DAYS_PAST_DUE: formulas.max_days_past_due,
    Indicator.OVERDUE_RATIO: formulas.overdue_ratio,
    Indicator.LATENESS_LEVEL: formulas.lateness_level,
    Indicator.AVERAGE_DAYS_DELINQUENT: formulas.average_days_delinquent,
    Indicator.PARTIAL_PAYMENTS: formulas.partial_payments,
    Indicator.LIMIT_UTILISATION: formulas.limit_utilisation,
}
PER_CUSTOMER: dict[Indicator, CustomerFormula] = {
    Indicator.DISHONOURS: formulas.dishonours,
    Indicator.ORDER_SURGE: formulas.order_surge,
    Indicator.ORDER_DROP: formulas.order_drop,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one indicator says of a customer on a day.

    `value` in the indicator's unit, None if unknown; `severity` the highest threshold it meets, if
    it counts, and `threshold` that one (the watch threshold if there is none). `breached_on` is the day the figure
    is about, `hard` whether it lifts the score by itself, `confidence` 0 to 1.
    """

    indicator: Indicator
    value: float | None
    severity: Severity | None
    threshold: float
    breached_on: date
    hard: bool
    confidence: float
    window: str | None = None
    explain: Callable[[], Evidence] = field(default=Evidence, compare=False, repr=False)

    @property
    def evidence(self) -> Evidence:
        """The figures and documents behind the value."""
        return replace(self.explain(), window=self.window)


def measure(indicator: Indicator, facts: IndicatorFacts, policy: WarningPolicy) -> Finding:
    """Measure one indicator: across currencies the worst counts, and an unknown one hides no calm."""
    entry = policy.indicators[indicator]
    measurement = _measurement(indicator, facts, policy)
    severity = entry.severity_of(measurement.value) if measurement.counts else None
    return Finding(
        indicator=indicator,
        value=measurement.value,
        severity=severity,
        threshold=entry.threshold(severity or Severity.WATCH),
        breached_on=measurement.on or facts.as_of,
        hard=entry.triggers(measurement.value),
        confidence=measurement.confidence,
        window=entry.window,
        explain=measurement.explain,
    )


def has_sign(indicator: Indicator, facts: IndicatorFacts) -> bool:
    """Whether there is anything at all that the indicator could be about.

    Without, its value is 0 or unknown, and meets no threshold, for all of them lie above 0.
    """
    return _SIGNS[indicator](facts)


_SIGNS: dict[Indicator, Callable[[IndicatorFacts], bool]] = {
    Indicator.MAX_DAYS_PAST_DUE: lambda f: any(c.max_days_past_due for c in f.currencies),
    Indicator.OVERDUE_RATIO: lambda f: any(c.overdue_count for c in f.currencies),
    Indicator.LATENESS_LEVEL: lambda f: any(c.wadd for c in f.currencies),
    Indicator.AVERAGE_DAYS_DELINQUENT: lambda f: any(c.overdue_count for c in f.currencies),
    Indicator.PARTIAL_PAYMENTS: lambda f: any(c.settled_in_parts for c in f.currencies),
    Indicator.DISHONOURS: lambda f: f.detectors.dishonours > 0,
    Indicator.ORDER_SURGE: lambda f: any(
        (each.z or 0.0) > 0 for each in (*f.detectors.orders, *f.detectors.months)
    ),
    Indicator.ORDER_DROP: lambda f: any((each.z or 0.0) < 0 for each in f.detectors.months),
    Indicator.LIMIT_UTILISATION: lambda f: any(c.limit is not None for c in f.currencies),
}


def _measurement(indicator: Indicator, facts: IndicatorFacts, policy: WarningPolicy) -> Measurement:
    entry = policy.indicators[indicator]
    if indicator in PER_CUSTOMER:
        return PER_CUSTOMER[indicator](facts, entry, policy)
    formula = PER_CURRENCY[indicator]
    measured = (formula(each, entry, policy) for each in facts.currencies)
    return worst([each for each in measured if each is not None], entry)


def worst(measurements: list[Measurement], entry: IndicatorPolicy) -> Measurement:
    """The measurement with the highest value, of those that count if any do.

    One that is unknown wins over known ones that breach nothing: all of them must be seen to be
    calm before a customer is.
    """
    if len(measurements) == 1:
        return measurements[0]
    known = [each for each in measurements if each.value is not None]
    highest = max(known, key=lambda each: (each.counts, each.value or 0.0), default=UNKNOWN)
    breached = highest.counts and entry.severity_of(highest.value) is not None
    if len(known) < len(measurements) and not breached:
        return next(each for each in measurements if each.value is None)
    return highest
