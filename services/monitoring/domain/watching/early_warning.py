"""The composite early warning score, 0 to 100 (domain.md §4.3): one contribution per indicator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import prod

from services.monitoring.domain.catalogue import IndicatorGroup
from services.monitoring.domain.detectors import decay
from services.monitoring.domain.policies.warnings import Band, ScorePolicy, Severity
from shared.kernel.values import quick

FULL = 100.0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one indicator adds: its current severity, fading since the last breach.

    `indicator` names it, `confidence` is 0 to 1, `age_days` the days since the last breach.
    """

    indicator: str
    group: IndicatorGroup
    severity: Severity
    age_days: int
    half_life_days: float
    confidence: float = 1.0
    hard: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyWarning:
    """The score with its band, the score of each group (0 to 1), and the hard triggers behind it."""

    as_of: date
    ews: float
    band: Band
    groups: dict[IndicatorGroup, float]
    hard_triggers: tuple[str, ...] = ()


def early_warning(
    contributions: Iterable[Contribution], policy: ScorePolicy, *, as_of: date
) -> EarlyWarning:
    """Combine contributions as if independent: inside a group, then across capped groups."""
    listed = tuple(contributions)
    groups = {
        group: group_score((each for each in listed if each.group == group), policy)
        for group in sorted({each.group for each in listed})
    }
    calm = prod(1.0 - policy.caps[group] * score for group, score in groups.items())
    hard = tuple(sorted(each.indicator for each in listed if each.hard))
    score = max(0.0, min(FULL, FULL * (1.0 - calm)))
    ews = max(score, policy.hard_trigger_floor) if hard else score
    return EarlyWarning(
        as_of=as_of, ews=ews, band=band_of(ews, policy), groups=groups, hard_triggers=hard
    )


def group_score(contributions: Iterable[Contribution], policy: ScorePolicy) -> float:
    """1 less the chance that none of the signs means anything, 0 to 1."""
    return 1.0 - prod(1.0 - strength(each, policy) for each in contributions)


def strength(contribution: Contribution, policy: ScorePolicy) -> float:
    """A severity's weight, faded by age and confidence, 0 to 1."""
    faded = decay(max(0, contribution.age_days), contribution.half_life_days)
    return policy.weights[contribution.severity] * contribution.confidence * faded


def band_of(ews: float, policy: ScorePolicy) -> Band:
    """The band of a score; a lower bound belongs to its band."""
    if ews >= policy.red_from:
        return Band.RED
    if ews >= policy.amber_from:
        return Band.AMBER
    return Band.YELLOW if ews >= policy.yellow_from else Band.GREEN
