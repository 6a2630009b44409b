"""Sectors by how near they are to their triggers, and whether they came nearer within a year."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas import industry
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.outside.industry_standing import Sectors, industry_facts
from services.monitoring.domain.policies.warnings import Severity, WarningPolicy
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

    `distance` is 1 with no pressure at all, 0 at the watch threshold, negative beyond it.
    """

    indicator: Indicator
    value: float
    severity: Severity | None
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorView:
    """A sector at the end of a day: the worst of its signals decides.

    `distance` is the smallest of its signals', `change` how much smaller it became within a year (above
    0: worse). None where nothing is known, or was not a year ago.
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
    before = _nearest(_signals(sectors, sector, policy, as_of=as_of - YEAR))
    distance = _nearest(now)
    change = None if distance is None or before is None else canonical(before - distance)
    severities = [each.severity for each in now if each.severity is not None]
    level = max(severities, key=lambda each: each.rank, default=None)
    known = distance is not None and change is not None
    return SectorView(
        level=level,
        distance=distance,
        change=change,
        quadrant=_quadrant(level, change or 0.0) if known else None,
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
    trigger = policy.indicators[finding.indicator].threshold(Severity.WATCH)
    value = finding.value or 0.0
    return SectorSignal(
        indicator=finding.indicator,
        value=value,
        severity=finding.severity,
        distance=canonical((trigger - value) / trigger),
    )


def _nearest(signals: tuple[SectorSignal, ...]) -> float | None:
    return min((each.distance for each in signals), default=None)
