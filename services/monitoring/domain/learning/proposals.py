"""Proposals about indicators that cry wolf: another threshold, or rest. A person decides.

domain.md §4.4: an indicator with a precision below 5 % over 100 warnings is proposed to be tuned anew.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.judging import Judged, Verdict
from services.monitoring.domain.policies.handling import ScorecardPolicy
from services.monitoring.domain.policies.warnings import (
    SEVERITIES,
    Comparator,
    IndicatorPolicy,
    Severity,
)

_DIGITS = 3
Thresholds = dict[Severity, float]


class ProposalKind(StrEnum):
    """What is proposed."""

    RETUNE = "retune"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for an indicator, and the figures it rests on.

    Of `judged` warnings `came_true`. With `thresholds` instead of `before`, `would_be_judged` of them would have
    been raised, and `would_come_true` of those. Both 0 for an indicator to be retired.
    """

    proposal_id: str
    indicator: Indicator
    kind: ProposalKind
    judged: int
    came_true: int
    before: Thresholds
    thresholds: Thresholds = field(default_factory=dict)
    would_be_judged: int = 0
    would_come_true: int = 0


def propose(
    judged: Iterable[Judged],
    entries: Mapping[Indicator, IndicatorPolicy],
    rules: ScorecardPolicy,
) -> list[Proposal]:
    """What is to be proposed, by indicator."""
    by_indicator: dict[Indicator, list[Judged]] = {}
    for each in judged:
        if each.verdict in {Verdict.TRUE, Verdict.FALSE}:
            by_indicator.setdefault(each.warning.indicator, []).append(each)
    found = (
        _proposal(indicator, by_indicator[indicator], entries[indicator], rules)
        for indicator in sorted(by_indicator)
    )
    return [each for each in found if each is not None]


def _proposal(
    indicator: Indicator,
    judged: Sequence[Judged],
    entry: IndicatorPolicy,
    rules: ScorecardPolicy,
) -> Proposal | None:
    """What is to be proposed for one indicator; only warnings that it would raise today are counted."""
    today = [each for each in judged if entry.severity_of(each.warning.worst_value) is not None]
    true = sum(each.verdict is Verdict.TRUE for each in today)
    enough = len(today) >= rules.judged_least
    if entry.retired or not enough or true / len(today) >= rules.poor_precision:
        return None
    before = thresholds_of(entry)
    better = _better_threshold(today, entry, rules)
    kind = ProposalKind.RETIRE if better is None else ProposalKind.RETUNE
    thresholds = {} if better is None else _retuned(entry, better.threshold)
    return Proposal(
        proposal_id=_id_of(indicator, kind, before, thresholds),
        indicator=indicator,
        kind=kind,
        judged=len(today),
        came_true=true,
        before=before,
        thresholds=thresholds,
        would_be_judged=0 if better is None else better.judged,
        would_come_true=0 if better is None else better.true,
    )


def thresholds_of(entry: IndicatorPolicy) -> Thresholds:
    """An indicator's thresholds, of those severities that have one."""
    given = zip(SEVERITIES, (entry.watch, entry.amber, entry.red), strict=True)
    return {severity: at for severity, at in given if at is not None}


@dataclass(frozen=True, slots=True)
class _Better:
    """A threshold, and what it would have raised."""

    threshold: float
    judged: int
    true: int


def _better_threshold(
    judged: Sequence[Judged], entry: IndicatorPolicy, rules: ScorecardPolicy
) -> _Better | None:
    """The mildest threshold that would have been precise enough, over enough warnings; None if none would.

    Of values that were stored, rounded to three digits, so that people can read it.
    """
    sign = -1.0 if entry.comparator is Comparator.LESS_THAN else 1.0
    valued = [(sign * (each.warning.worst_value or 0.0), each.verdict) for each in judged]
    values = sorted(value for value, _ in valued)
    true = sorted(value for value, verdict in valued if verdict is Verdict.TRUE)
    count = bisect_left if entry.comparator is Comparator.AT_LEAST else bisect_right
    mildest = min(sign * at for at in thresholds_of(entry).values())
    for at in sorted({_rounded(value) for value in values}):
        kept, right = len(values) - count(values, at), len(true) - count(true, at)
        enough = kept >= rules.kept_least and right >= rules.retune_to * kept
        if at > mildest and enough:
            return _Better(sign * at, kept, right)
    return None


def _retuned(entry: IndicatorPolicy, threshold: float) -> Thresholds:
    """The thresholds from a new one on: it stands for the worst severity that was as mild."""
    before = thresholds_of(entry)
    worse = {
        severity: at
        for severity, at in before.items()
        if entry.comparator.is_worse(at, than=threshold)
    }
    mild = [severity for severity in before if severity not in worse]
    return {mild[-1]: threshold, **worse}


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _id_of(
    indicator: Indicator, kind: ProposalKind, before: Thresholds, thresholds: Thresholds
) -> str:
    """An id that is the same as long as the same is proposed."""
    said = f"{sorted(before.items())} {sorted(thresholds.items())}"
    return f"{indicator}-{kind}-{blake2b(said.encode(), digest_size=4).hexdigest()}"
