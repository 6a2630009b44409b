"""Which tier a customer is in: matrix, escalator, floors, and how a tier moves (domain.md §5.1-5.3)."""

from dataclasses import dataclass
from datetime import date

from services.tiering.domain.measures import measures_of
from services.tiering.domain.model import Band, Confidence, ExposureClass, Tier
from services.tiering.domain.policy import ConcentrationPolicy, TieringPolicy
from shared.kernel.dates import days_between
from shared.kernel.money import Money
from shared.kernel.reasons import Reason
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True)
class TierFacts:
    """What rating's answer says, and where the tier stands.

    `pd` 0..1 over 12 months. `exposure` and `own_receivables` (our whole portfolio, at the close of
    `portfolio_day`) are in one currency; None = not known. `current` is None before the first
    decision; `better_count` counts month ends in a row that were better than it.
    """

    grade: str
    pd: float
    band: Band
    confidence: Confidence
    month_end: bool
    hard_triggers: tuple[str, ...] = ()
    in_default: bool = False
    open_red_warning: bool = False
    exposure: Money | None = None
    own_receivables: Money | None = None
    own_customers: int | None = None
    portfolio_day: date | None = None
    current: Tier | None = None
    since: date | None = None
    better_count: int = 0


@quick
@dataclass(frozen=True, slots=True)
class TierDecision:
    """The tier in force, what the facts alone would give (`matrix_tier`), and what follows."""

    tier: Tier
    previous: Tier | None
    since: date
    better_count: int
    matrix_tier: Tier
    exposure_class: ExposureClass
    payment_terms_days: int
    review_months: int
    measures: dict[str, str]
    reasons: tuple[Reason, ...]

    @property
    def changed(self) -> bool:
        """Whether the tier is new or another one."""
        return self.tier is not self.previous


@quick
@dataclass(frozen=True, slots=True)
class _Standing:
    """A tier, since when, how many better month ends in a row, and why."""

    tier: Tier
    since: date
    better_count: int
    reasons: tuple[Reason, ...]


def decide_tier(facts: TierFacts, policy: TieringPolicy, *, as_of: date) -> TierDecision:
    """Put a customer in a tier: worse at once, better one step and only after a while."""
    exposure_class = classify_exposure(facts, policy.concentration)
    matrix_tier, why = _evaluate(facts, policy, exposure_class)
    standing = _move(facts, policy, matrix_tier, as_of=as_of)
    measures = measures_of(standing.tier, policy, exposure_class=exposure_class)
    return TierDecision(
        tier=standing.tier,
        previous=facts.current,
        since=standing.since,
        better_count=standing.better_count,
        matrix_tier=matrix_tier,
        exposure_class=exposure_class,
        payment_terms_days=measures.payment_terms_days,
        review_months=measures.review_months,
        measures=measures.described,
        reasons=(*why, *standing.reasons),
    )


def classify_exposure(facts: TierFacts, policy: ConcentrationPolicy) -> ExposureClass:
    """E3 above the large share of our receivables, E1 below the small share and amount, else E2."""
    share = _share_of_receivables(facts, policy)
    if share is None or facts.exposure is None:
        return ExposureClass.E2
    if share > policy.large_share:
        return ExposureClass.E3
    small = policy.small_amount.get(facts.exposure.currency)
    if small is not None and facts.exposure.amount < small and share < policy.small_share:
        return ExposureClass.E1
    return ExposureClass.E2


def _share_of_receivables(facts: TierFacts, policy: ConcentrationPolicy) -> float | None:
    own = facts.own_receivables
    if own is None or own.minor <= 0 or facts.exposure is None:
        return None
    if own.currency != facts.exposure.currency:
        return None
    if (facts.own_customers or 0) < policy.fewest_customers:
        return None
    return facts.exposure.minor / own.minor


def _evaluate(
    facts: TierFacts, policy: TieringPolicy, exposure_class: ExposureClass
) -> tuple[Tier, tuple[Reason, ...]]:
    row = policy.band_of(facts.grade)
    cell = row.tier(facts.band)
    reasons = [Reason("matrix", f"{facts.grade}/{facts.band}", str(cell))]
    if triggers := _hard(facts):
        reasons += [Reason("hard_trigger", trigger, str(Tier.HIGH)) for trigger in triggers]
        return Tier.HIGH, tuple(reasons)
    tier = cell
    if exposure_class is ExposureClass.E3:
        tier = _escalated(cell, low_too=row.large_exposure_escalates_low)
        if tier is not cell:
            reasons.append(Reason("large_exposure", str(exposure_class), str(tier)))
    if facts.confidence is Confidence.LOW and tier is Tier.LOW:
        tier = Tier.MEDIUM
        reasons.append(Reason("confidence_low", str(facts.confidence), str(tier)))
    return tier, tuple(reasons)


def _hard(facts: TierFacts) -> tuple[str, ...]:
    if facts.in_default and "in_default" not in facts.hard_triggers:
        return (*facts.hard_triggers, "in_default")
    return facts.hard_triggers


def _escalated(cell: Tier, *, low_too: bool) -> Tier:
    if cell is Tier.LOW:
        return Tier.MEDIUM if low_too else Tier.LOW
    return Tier.HIGH


def _move(facts: TierFacts, policy: TieringPolicy, matrix_tier: Tier, *, as_of: date) -> _Standing:
    current, since = facts.current, facts.since
    if current is None or since is None:
        return _Standing(matrix_tier, as_of, 0, (Reason("first_tier", str(matrix_tier)),))
    if matrix_tier.is_worse_than(current):
        return _Standing(
            matrix_tier, as_of, 0, (Reason("worse_at_once", str(matrix_tier), str(current)),)
        )
    if not facts.month_end:
        return _Standing(current, since, facts.better_count, _between(matrix_tier, current))
    if matrix_tier is current:
        return _Standing(current, since, 0, (Reason("unchanged", str(current)),))
    return _better_at_month_end(facts, policy, _Standing(current, since, 0, ()), as_of=as_of)


def _between(matrix_tier: Tier, current: Tier) -> tuple[Reason, ...]:
    """Between month ends nothing counts towards a better tier, and nothing against it."""
    if matrix_tier is current:
        return (Reason("unchanged", str(current)),)
    return (Reason("better_counts_at_month_end", str(matrix_tier), str(current)),)


def _better_at_month_end(
    facts: TierFacts, policy: TieringPolicy, now: _Standing, *, as_of: date
) -> _Standing:
    bound = policy.dynamics.pd_buffer * policy.band_of(facts.grade).upper_pd
    if facts.pd > bound:
        return _Standing(now.tier, now.since, 0, (Reason("pd_near_bound", facts.pd, bound),))
    count = facts.better_count + 1
    waiting = _waits_for(facts, policy, count=count, days=days_between(now.since, as_of))
    if waiting:
        return _Standing(now.tier, now.since, count, waiting)
    better = now.tier.one_step_better()
    return _Standing(better, as_of, 0, (Reason("one_step_better", str(better), str(now.tier)),))


def _waits_for(
    facts: TierFacts, policy: TieringPolicy, *, count: int, days: int
) -> tuple[Reason, ...]:
    dynamics = policy.dynamics
    waiting = []
    if count < dynamics.better_evaluations:
        waiting.append(Reason("better_evaluations", count, dynamics.better_evaluations))
    if days < dynamics.days_in_tier:
        waiting.append(Reason("days_in_tier", days, dynamics.days_in_tier))
    if facts.open_red_warning:
        waiting.append(Reason("open_red_warning"))
    return tuple(waiting)
