"""The scorecard of the warnings: what each indicator raised, and what became of it (domain.md §4.4)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.handling.stakes import together
from services.monitoring.domain.learning.failures import Failure, failures_of, in_span
from services.monitoring.domain.learning.judging import (
    Horizon,
    Judged,
    PastWarning,
    Verdict,
    judge,
    was_warned,
    was_warned_ahead,
)
from services.monitoring.domain.learning.outcomes import Outcome
from services.monitoring.domain.policies.handling import HandlingPolicy, ScorecardPolicy
from services.monitoring.domain.policies.warnings import SEVERITIES, Severity
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What some warnings were. Shares 0 to 1, None where there is nothing to divide by.

    `judged` are those that came true and those that did not; `afterwards` were raised about customers who
    had failed already, `pending` are too young to say. `recall` is the share of failures that they stood
    before; money is what was at stake when they were raised, in the reporting currency.
    """

    raised: int
    cleared: int
    labels: dict[str, int]
    judged: int
    came_true: int
    pending: int
    afterwards: int
    duplicates: int
    precision: float | None
    failures: int
    warned_of: int
    recall: float | None
    median_lead_days: float | None
    money_warned_of: Money
    money_come_true: Money
    said: int
    held: int
    suppressed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure that was set a target: `value` is None where nothing can be said yet."""

    value: float | None
    target: float
    cases: int

    @property
    def is_met(self) -> bool | None:
        """Whether it is reached; None where nothing can be said yet."""
        return None if self.value is None else self.value >= self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The warnings raised in a span of days, and how well they foretold what happened.

    `precision` by the worst severity that a warning reached; `lead_days` the median, over failures, from
    the first amber warning before each; `recall` the share of failures that an amber one stood before for
    the policy's days.
    """

    first: date
    last: date
    as_of: date
    total: Figures
    precision: dict[Severity, Target]
    lead_days: Target
    recall: Target
    indicators: dict[Indicator, Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days asked about, both included, and up to which day it is known what happened."""

    first: date
    last: date
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the scorecard is made of: warnings that stood in the span, and what happened by customer."""

    warnings: Sequence[PastWarning]
    outcomes: Sequence[Outcome]


def scorecard(record: Record, policy: HandlingPolicy, span: Span) -> Scorecard:
    """Judge the warnings raised in a span of days, each by its indicator and all together."""
    rules = policy.scorecard
    failures = failures_of(record.outcomes, horizon_days=rules.horizon_days)
    failed = in_span(failures.values(), first=span.first, last=span.last)
    judged = judged_warnings(record, failures, rules, span)
    before = _by_customer(record.warnings)
    mine: dict[Indicator, list[PastWarning]] = {indicator: [] for indicator in Indicator}
    for warning in record.warnings:
        mine[warning.indicator].append(warning)
    judged_of: dict[Indicator, list[Judged]] = {indicator: [] for indicator in Indicator}
    for each in judged:
        judged_of[each.warning.indicator].append(each)
    return Scorecard(
        first=span.first,
        last=span.last,
        as_of=span.as_of,
        total=_figures(judged, failed, before, policy),
        precision=_precision(judged, rules),
        lead_days=_lead(failed, before, rules),
        recall=_recall(failed, before, rules),
        indicators={
            indicator: _figures(
                judged_of[indicator],
                failed,
                _by_customer(mine[indicator]),
                policy,
            )
            for indicator in Indicator
        },
    )


def judged_warnings(
    record: Record,
    failures: Mapping[str, Sequence[Failure]],
    rules: ScorecardPolicy,
    span: Span,
) -> list[Judged]:
    """The warnings raised in the span, judged."""
    horizon = Horizon(days=rules.horizon_days, as_of=span.as_of)
    return [
        judge(each, failures.get(each.customer_id, ()), horizon)
        for each in record.warnings
        if span.first <= each.raised_on <= span.last
    ]


def share(part: int, whole: int) -> float | None:
    """A part of a whole, None if there is no whole."""
    return part / whole if whole else None


def _figures(
    judged: Sequence[Judged],
    failed: Sequence[Failure],
    before: Mapping[str, Sequence[PastWarning]],
    policy: HandlingPolicy,
) -> Figures:
    verdicts = Counter(each.verdict for each in judged)
    true, horizon = verdicts[Verdict.TRUE], policy.scorecard.horizon_days
    decided = true + verdicts[Verdict.FALSE]
    warned = sum(_is_warned(each, before, horizon) for each in failed)
    labels = Counter(each.warning.label.value for each in judged if each.warning.label)
    said = sum(each.warning.said for each in judged)
    held = sum(each.warning.held for each in judged)
    leads = [e.lead_days for e in judged if e.lead_days is not None and _counts(e)]
    return Figures(
        raised=len(judged),
        cleared=sum(each.warning.cleared for each in judged),
        labels=dict(sorted(labels.items())),
        judged=decided,
        came_true=true,
        pending=verdicts[Verdict.PENDING],
        afterwards=verdicts[Verdict.AFTERWARDS],
        duplicates=verdicts[Verdict.DUPLICATE],
        precision=share(true, decided),
        failures=len(failed),
        warned_of=warned,
        recall=share(warned, len(failed)),
        median_lead_days=float(median(leads)) if leads else None,
        money_warned_of=_money(judged, policy),
        money_come_true=_money((e for e in judged if e.verdict is Verdict.TRUE), policy),
        said=said,
        held=held,
        suppressed=share(held, said + held),
    )


def _counts(judged: Judged) -> bool:
    return judged.verdict is Verdict.TRUE


def _money(judged: Iterable[Judged], policy: HandlingPolicy) -> Money:
    amounts = (amount for each in judged for amount in each.warning.exposure)
    return together(amounts, policy.queue)


def _is_warned(
    failure: Failure, before: Mapping[str, Sequence[PastWarning]], horizon_days: int
) -> bool:
    mine = before.get(failure.customer_id, ())
    return any(was_warned(each, failure, horizon_days) for each in mine)


def _precision(judged: Sequence[Judged], rules: ScorecardPolicy) -> dict[Severity, Target]:
    counted = Counter((each.warning.worst, each.verdict) for each in judged)
    found = {}
    for severity in SEVERITIES:
        true = counted[severity, Verdict.TRUE]
        cases = true + counted[severity, Verdict.FALSE]
        target = rules.precision[severity]
        found[severity] = Target(value=share(true, cases), target=target, cases=cases)
    return found


def _recall(
    failed: Sequence[Failure], before: Mapping[str, Sequence[PastWarning]], rules: ScorecardPolicy
) -> Target:
    ahead = sum(
        any(
            was_warned_ahead(
                each, failure, horizon_days=rules.horizon_days, ahead_days=rules.ahead_days
            )
            for each in before.get(failure.customer_id, ())
        )
        for failure in failed
    )
    return Target(value=share(ahead, len(failed)), target=rules.recall, cases=len(failed))


def _lead(
    failed: Sequence[Failure], before: Mapping[str, Sequence[PastWarning]], rules: ScorecardPolicy
) -> Target:
    """Days from the first amber warning that stood in the horizon to the failure, at most the horizon."""
    leads = []
    for failure in failed:
        ambers = [
            min((failure.on - each.amber_on).days, rules.horizon_days)
            for each in before.get(failure.customer_id, ())
            if each.amber_on is not None
            and each.amber_on <= failure.on
            and was_warned(each, failure, rules.horizon_days)
        ]
        leads += [max(ambers)] if ambers else []
    middle = float(median(leads)) if leads else None
    return Target(value=middle, target=float(rules.lead_days), cases=len(leads))


def _by_customer(warnings: Iterable[PastWarning]) -> dict[str, list[PastWarning]]:
    found: dict[str, list[PastWarning]] = {}
    for each in warnings:
        found.setdefault(each.customer_id, []).append(each)
    return found
