"""The indicators (domain.md §4.1): one pure formula each, from the facts to a value with its evidence."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar, cast

from services.monitoring.domain.catalogue import Indicator, IndicatorGroup, group_of
from services.monitoring.domain.formulas import (
    behaviour,
    conduct,
    covenants,
    external,
    financials,
    groups,
    industry,
    limits,
    transactions,
)
from services.monitoring.domain.formulas.formula import Formula, severity_met, worst
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import (
    IndicatorPolicy,
    Severity,
    WarningPolicy,
)
from shared.kernel.values import quick, replace

FactsT = TypeVar("FactsT")
_FROM_LEDGER: Final = frozenset(
    {IndicatorGroup.TRANSACTIONS, IndicatorGroup.BEHAVIOUR, IndicatorGroup.LIMIT}
)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one indicator says of a customer on a day.

    `value` in the indicator's unit, None if unknown; `severity` how bad it is, if it counts: `by_value`,
    the highest threshold that the value meets, or what a rule makes of it if that is worse. `threshold` is
    the one that the value meets (that of watch if none). `breached_on` is the day the figure is about,
    `hard` whether it lifts the score by itself, `confidence` 0 to 1. `of_now` says that the figure is of no earlier
    day, and so stands until the customer is looked at again.
    """

    indicator: Indicator
    value: float | None
    severity: Severity | None
    threshold: float
    breached_on: date
    hard: bool
    confidence: float
    window: str | None = None
    by_value: Severity | None = None
    of_now: bool = False
    explain: Callable[[], Evidence] = field(default=Evidence, compare=False, repr=False)

    @property
    def evidence(self) -> Evidence:
        """The figures and documents behind the value."""
        return replace(self.explain(), window=self.window)


def measure(indicator: Indicator, facts: IndicatorFacts, policy: WarningPolicy) -> Finding:
    """Measure one indicator: across currencies the worst counts, and an unknown one hides no calm."""
    entry = policy.indicators[indicator]
    measurement = worst(_MEASURED[indicator].measure(facts, entry, policy), entry)
    severity = severity_met(measurement, entry)
    by_value = entry.severity_of(measurement.value) if measurement.counts else None
    return Finding(
        indicator=indicator,
        value=measurement.value,
        severity=severity,
        threshold=entry.threshold(by_value or Severity.WATCH),
        breached_on=measurement.on or facts.as_of,
        hard=entry.triggers(measurement.value),
        confidence=measurement.confidence * entry.confidence * _reliance(indicator, facts),
        window=entry.window,
        explain=measurement.explain,
        by_value=by_value,
        of_now=measurement.on is None,
    )


def to_measure(facts: IndicatorFacts, alarmed: Container[Indicator]) -> list[Indicator]:
    """The indicators worth measuring, in the order of the ids: those alarmed, and those with a sign.

    Of the parts that the facts have; what is not looked at stays as it is.
    """
    return _with_sign(_SIGNS, facts, alarmed)


def to_measure_outside(facts: IndicatorFacts, alarmed: Container[Indicator]) -> list[Indicator]:
    """As `to_measure`, of what the ledger says nothing of: statements, the outside, sectors, groups."""
    return _with_sign(_SIGNS_OUTSIDE, facts, alarmed)


def _with_sign(
    signs_by_part: "_Signs", facts: IndicatorFacts, alarmed: Container[Indicator]
) -> list[Indicator]:
    found: list[Indicator] = []
    for part, signs in signs_by_part:
        looked_at = part(facts)
        if looked_at is not None:
            found += [
                indicator
                for indicator, sign in signs
                if indicator in alarmed or any(map(sign, looked_at))
            ]
    return sorted(found)


def has_sign(indicator: Indicator, facts: IndicatorFacts) -> bool:
    """Whether there is anything at all that the indicator could be about.

    Without, its value is 0 or unknown, and meets no threshold.
    """
    measured = _MEASURED[indicator]
    return any(measured.sign(each) for each in measured.part(facts) or ())


def only_for(indicator: Indicator, facts: IndicatorFacts) -> IndicatorFacts:
    """The part of the facts that the indicator is measured on, to be stored with its decision."""
    return replace(_MEASURED[indicator].only(facts), data_quality=facts.data_quality)


def _reliance(indicator: Indicator, facts: IndicatorFacts) -> float:
    """How far the facts can be relied on: the ledger's quality says nothing of what others tell.

    So of insurers and security among the signs of limits, too.
    """
    from_ledger = group_of(indicator) in _FROM_LEDGER and indicator not in external.FORMULAS
    return facts.data_quality if from_ledger else 1.0


@dataclass(frozen=True, slots=True)
class _Measured:
    """A formula, bound to the part of the facts that it is about."""

    part: Callable[[IndicatorFacts], tuple[object, ...] | None]
    sign: Callable[[object], bool]
    measure: Callable[[IndicatorFacts, IndicatorPolicy, WarningPolicy], list[Measurement]]
    only: Callable[[IndicatorFacts], IndicatorFacts]


def _bind(
    formulas: Mapping[Indicator, Formula[FactsT]],
    part: Callable[[IndicatorFacts], tuple[FactsT, ...] | None],
    only: Callable[[IndicatorFacts], IndicatorFacts],
) -> dict[Indicator, _Measured]:
    def _bound(formula: Formula[FactsT]) -> _Measured:
        def _measured(
            facts: IndicatorFacts, entry: IndicatorPolicy, policy: WarningPolicy
        ) -> list[Measurement]:
            measurements = (formula.measure(each, entry, policy) for each in part(facts) or ())
            return [each for each in measurements if each is not None]

        return _Measured(
            part=part,
            sign=cast("Callable[[object], bool]", formula.has_sign),  # of what `part` gives
            measure=_measured,
            only=only,
        )

    return {indicator: _bound(formula) for indicator, formula in formulas.items()}


def _one(part: FactsT | None) -> tuple[FactsT] | None:
    return None if part is None else (part,)


_MEASURED: Final[dict[Indicator, _Measured]] = {
    **_bind(
        {**transactions.PER_CURRENCY, **limits.PER_CURRENCY},
        lambda facts: facts.currencies,
        lambda facts: IndicatorFacts(as_of=facts.as_of, currencies=facts.currencies),
    ),
    **_bind(
        {**transactions.PER_CUSTOMER, **behaviour.PER_CUSTOMER},
        lambda facts: (facts.detectors,),
        lambda facts: IndicatorFacts(as_of=facts.as_of, detectors=facts.detectors),
    ),
    **_bind(
        {**conduct.FORMULAS, **limits.ON_CONDUCT},
        lambda facts: _one(facts.conduct),
        lambda facts: IndicatorFacts(as_of=facts.as_of, conduct=facts.conduct),
    ),
    **_bind(
        limits.OF_PORTFOLIO,
        lambda facts: facts.concentration,
        lambda facts: IndicatorFacts(as_of=facts.as_of, concentration=facts.concentration),
    ),
    **_bind(
        {**financials.FORMULAS, **covenants.FORMULAS},
        lambda facts: _one(facts.financials),
        lambda facts: IndicatorFacts(as_of=facts.as_of, financials=facts.financials),
    ),
    **_bind(
        external.FORMULAS,
        lambda facts: _one(facts.external),
        lambda facts: IndicatorFacts(as_of=facts.as_of, external=facts.external),
    ),
    **_bind(
        industry.FORMULAS,
        lambda facts: _one(facts.industry),
        lambda facts: IndicatorFacts(as_of=facts.as_of, industry=facts.industry),
    ),
    **_bind(
        groups.FORMULAS,
        lambda facts: _one(facts.groups),
        lambda facts: IndicatorFacts(as_of=facts.as_of, groups=facts.groups),
    ),
}
ON_LEDGERS: Final = frozenset({*transactions.PER_CURRENCY, *limits.PER_CURRENCY})
"""The indicators that are measured on the figures of each currency."""
ON_DETECTORS: Final = frozenset({*transactions.PER_CUSTOMER, *behaviour.PER_CUSTOMER})
"""The indicators that are measured on what the detectors hold."""
ON_CONDUCT: Final = frozenset({*conduct.FORMULAS, *limits.ON_CONDUCT})
"""The indicators that are measured on the notes on conduct."""
ON_STATEMENTS: Final = frozenset({*financials.FORMULAS, *covenants.FORMULAS})
"""The indicators that are measured on statements."""
MEASURED: Final = tuple(sorted(_MEASURED))
"""Every indicator that has a formula, in the order of the ids."""
_Signs = tuple[
    tuple[
        Callable[[IndicatorFacts], tuple[object, ...] | None],
        tuple[tuple[Indicator, Callable[[object], bool]], ...],
    ],
    ...,
]
_SIGNS: Final[_Signs] = tuple(
    (part, tuple((each, _MEASURED[each].sign) for each in MEASURED if _MEASURED[each].part is part))
    for part in dict.fromkeys(each.part for each in _MEASURED.values())
)
_SIGNS_OUTSIDE: Final[_Signs] = tuple(
    (part, signs)
    for part, signs in _SIGNS
    if signs[0][0] not in ON_LEDGERS | ON_DETECTORS | ON_CONDUCT
)
