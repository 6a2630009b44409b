"""Sectors by how near they are to their triggers, and whether they came nearer within a year."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas import industry
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.outside.industry_standing import Sectors, industry_facts
from services.monitoring.domain.policies.warnings import IndicatorPolicy, Severity, WarningPolicy
from shared.kernel.maths import canonical

YEAR = timedelta(days=365)
OF_SECTORS = tuple(sorted(set(industry.FORMULAS) - {Indicator.COUNTRY}))


class Quadrant(StrEnum):
    """Beyond its trigger or not, and nearer to it than a year ago or not."""

    SOUND = "sound"
    SLIPPING = "slipping"
    WEAK = "weak"
    DETERIORATING = "deteriorating"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorSignal:
    """What one index says of a sector: its value, and by how much of its trigger it falls short.

    `distance` is 1 with no pressure at all, 0 at the watch threshold, negative beyond it: of purchasing
    managers in points of their index, since months below its threshold tell nothing of how near it is.
    """

    indicator: Indicator
    value: float
    severity: Severity | None
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorView:
    """A sector at the end of a day: the worst of its signals decides.

    `distance` is the smallest of its signals', `change` how much smaller that of the signals known on
    both days became within a year (above 0: worse). None where nothing is known, or was not a year ago.
    """

    level: Severity | None
    distance: float | None
    change: float | None
    quadrant: Quadrant | None
    signals: tuple[SectorSignal, ...]


def view_of_sector(
    sectors: Sectors, sector: str, policy: WarningPolicy, *, as_of: date
) -> SectorView:
    """Look at a sector now, and as it was a year ago with the same rules."""
    now = _signals(sectors, sector, policy, as_of=as_of)
    distance, change = (
        _nearest(now),
        _change(_signals(sectors, sector, policy, as_of=as_of - YEAR), now),
    )
    severities = [each.severity for each in now if each.severity is not None]
    level = max(severities, key=lambda each: each.rank, default=None)
    return SectorView(
        level=level,
        distance=distance,
        change=change,
        quadrant=None if change is None else _quadrant(level, change),
        signals=now,
    )


def _quadrant(level: Severity | None, change: float) -> Quadrant:
    if level is None:
        return Quadrant.SLIPPING if change > 0 else Quadrant.SOUND
    return Quadrant.DETERIORATING if change > 0 else Quadrant.WEAK


def _signals(
    sectors: Sectors, sector: str, policy: WarningPolicy, *, as_of: date
) -> tuple[SectorSignal, ...]:
    known = industry_facts(sectors, industry=sector, country=None, as_of=as_of)
    facts = IndicatorFacts(as_of=as_of, industry=known)
    findings = [measure(indicator, facts, policy) for indicator in OF_SECTORS]
    return tuple(_signal(each, policy) for each in findings if each.value is not None)


def _signal(finding: Finding, policy: WarningPolicy) -> SectorSignal:
    entry, value = policy.indicators[finding.indicator], finding.value or 0.0
    trigger = entry.threshold(Severity.WATCH)
    distance = (trigger - value) / trigger
    if finding.indicator is Indicator.PURCHASING_MANAGERS:
        distance = _points_left(float(finding.evidence.figures["pmi"] or 0.0), entry)
    return SectorSignal(
        indicator=finding.indicator,
        value=value,
        severity=finding.severity,
        distance=canonical(distance),
    )


def _points_left(pmi: float, entry: IndicatorPolicy) -> float:
    """How far the index is above no change, where 1 is as far as red is below it."""
    usual = entry.numbers["no_change"]
    return min(1.0, (pmi - usual) / max(1.0, usual - entry.numbers["red_below"]))


def _change(before: tuple[SectorSignal, ...], now: tuple[SectorSignal, ...]) -> float | None:
    """How much nearer the signals known on both days have come; None if there is none."""
    both = {each.indicator for each in before} & {each.indicator for each in now}
    then = _nearest(tuple(each for each in before if each.indicator in both))
    today = _nearest(tuple(each for each in now if each.indicator in both))
    return None if then is None or today is None else canonical(then - today)


def _nearest(signals: tuple[SectorSignal, ...]) -> float | None:
    return min((each.distance for each in signals), default=None)
