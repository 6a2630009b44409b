"""The policy of the warnings: every number of domain.md §4 that a credit manager may tune."""

from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability


class Indicator(StrEnum):
    """A sign of deterioration that is measured (domain.md §4.1)."""

    MAX_DAYS_PAST_DUE = "T01"
    OVERDUE_RATIO = "T02"
    LATENESS_LEVEL = "T03"
    AVERAGE_DAYS_DELINQUENT = "T06"
    PARTIAL_PAYMENTS = "T07"
    DISHONOURS = "T09"
    ORDER_SURGE = "B01"
    ORDER_DROP = "B02"
    LIMIT_UTILISATION = "L01"


class IndicatorGroup(StrEnum):
    """What kind of sign it is; each group's weight in the composite score is capped."""

    TRANSACTIONS = "TXN"
    BEHAVIOUR = "BEH"
    LIMIT = "LIM"
    FINANCIALS = "FIN"
    EXTERNAL = "EXT"
    INDUSTRY = "IND"


class Severity(StrEnum):
    """How bad a sign is, in rising order."""

    WATCH = "watch"
    AMBER = "amber"
    RED = "red"

    @property
    def rank(self) -> int:
        """1 watch, 2 amber, 3 red."""
        return _RANKS[self]


SEVERITIES = (Severity.WATCH, Severity.AMBER, Severity.RED)
_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES, start=1)}


class Comparator(StrEnum):
    """Whether a figure must exceed its threshold or may equal it."""

    MORE_THAN = "more_than"
    AT_LEAST = "at_least"

    def met(self, value: float, threshold: float) -> bool:
        """Whether the value reaches the threshold, in the rulebook's words."""
        return value > threshold if self is Comparator.MORE_THAN else value >= threshold


class Band(StrEnum):
    """The composite score's band, each from its lower bound up to, not including, the next."""

    GREEN = "green"
    YELLOW = "yellow"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What must be there before an indicator counts; 0 where nothing is asked.

    Each formula says in its docstring which of these it reads. Counts, days (`days_late`: more
    than), and shares of yearly purchases (`purchases_share`) or of what was usual (`ratio`).
    """

    open_invoices: int = 0
    overdue_invoices: int = 0
    days_late: int = 0
    purchases_share: float = 0.0
    settled_invoices: int = 0
    observed: int = 0
    usual_documents: float = 0.0
    ratio: float = 0.0
    open_documents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPolicy:
    """One indicator: its thresholds in the unit of its value, and how long a breach is remembered.

    Days for T01, T03, T06; shares (0.15 = 15 %) for T02, T07, L01; a decayed count for T09; standard
    deviations for B01, B02. A value that meets `hard_trigger` lifts the score by itself.
    """

    title: str
    group: IndicatorGroup
    watch: float
    amber: float
    red: float
    half_life_days: float
    window: str
    comparator: Comparator = Comparator.MORE_THAN
    hard_trigger: float | None = None
    requires: Requirements = Requirements()

    def __post_init__(self) -> None:
        if not 0 < self.watch < self.amber < self.red:
            shown = (self.watch, self.amber, self.red)
            rule = "must rise from watch to red, all above 0"
            raise InvalidInputError(field=f"{self.title} thresholds", value=shown, rule=rule)
        _positive(half_life_days=self.half_life_days)

    def threshold(self, severity: Severity) -> float:
        """The threshold of a severity."""
        return (self.watch, self.amber, self.red)[severity.rank - 1]

    def severity_of(self, value: float | None) -> Severity | None:
        """The highest severity whose threshold the value meets; None below watch or if unknown."""
        if value is None or not self.comparator.met(value, self.watch):
            return None
        met = [each for each in SEVERITIES if self.comparator.met(value, self.threshold(each))]
        return met[-1]

    def triggers(self, value: float | None) -> bool:
        """Whether the value is a hard trigger."""
        if value is None or self.hard_trigger is None:
            return False
        return self.comparator.met(value, self.hard_trigger)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWindows:
    """Lengths, in days, of the windows the ledger's figures are summed over."""

    wadd_days: int
    parts_days: int
    sales_days: int

    def __post_init__(self) -> None:
        _positive(wadd=self.wadd_days, parts=self.parts_days, sales=self.sales_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurprisePolicy:
    """A detector of unusual amounts on the ln scale (domain.md §4.2).

    `weight` λ of a new value, `segment_variance` v0, least standard deviation `floor`; an update is
    left out when |z| exceeds `freeze_over`, at most `freeze_most` times running: the next such value
    is the new normal, and learning starts over from it. While fewer than
    `warm_up` values were seen the segment's variance stands in, with `warm_up_confidence`. A value
    of nothing counts as `least_share` of the usual one, since ln 0 has no size. The strongest
    surprise speaks for `hold_days`; then, or at 0, the latest one does.
    """

    weight: float
    segment_variance: float
    floor: float
    freeze_over: float
    freeze_most: int
    warm_up: int
    warm_up_confidence: float
    least_share: float
    hold_days: int

    def __post_init__(self) -> None:
        probability(self.weight, field="weight")
        probability(self.warm_up_confidence, field="warm_up_confidence")
        _positive(weight=self.weight, variance=self.segment_variance, floor=self.floor)
        _positive(freeze_over=self.freeze_over, least_share=self.least_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePolicy:
    """The composite early warning score (domain.md §4.3): weights, caps and lower band bounds."""

    weights: dict[Severity, float]
    caps: dict[IndicatorGroup, float]
    yellow_from: float
    amber_from: float
    red_from: float
    hard_trigger_floor: float

    def __post_init__(self) -> None:
        for name, share in (*self.weights.items(), *self.caps.items()):
            probability(share, field=name)
        if set(self.weights) != set(SEVERITIES) or set(self.caps) != set(IndicatorGroup):
            rule = "must name every severity and every group"
            raise InvalidInputError(field="score", value=sorted(self.weights), rule=rule)
        if (
            not self.weights[Severity.WATCH]
            <= self.weights[Severity.AMBER]
            <= self.weights[Severity.RED]
        ):
            rule = "must not fall from watch to red"
            raise InvalidInputError(field="weights", value=self.weights, rule=rule)
        if not 0 < self.yellow_from < self.amber_from < self.red_from <= 100:  # noqa: PLR2004  # the score's scale
            rule = "must rise from yellow to red, within 0 to 100"
            raise InvalidInputError(field="bands", value=self.yellow_from, rule=rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecyclePolicy:
    """When an open warning is said again, stepped down and cleared (domain.md §4.4).

    `realert_days` since last said and `worsening` (0.2 = 20 % worse) to say it again; a severity is
    left after `clear_after` closed days running at or below `clear_factor` times its own threshold.
    """

    realert_days: int
    worsening: float
    clear_factor: float
    clear_after: int

    def __post_init__(self) -> None:
        probability(self.clear_factor, field="clear_factor")
        _positive(clear_after=self.clear_after, worsening=self.worsening)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningPolicy:
    """All of it: the part `warnings` of monitoring's policy."""

    indicators: dict[Indicator, IndicatorPolicy]
    windows: FactWindows
    orders: SurprisePolicy
    months: SurprisePolicy
    dishonour_half_life_days: float
    score: ScorePolicy
    lifecycle: LifecyclePolicy

    def __post_init__(self) -> None:
        missing = [each.value for each in Indicator if each not in self.indicators]
        if missing:
            rule = "must name every indicator"
            raise InvalidInputError(field="indicators", value=missing, rule=rule)
        _positive(dishonour_half_life_days=self.dishonour_half_life_days)


def _positive(**numbers: float) -> None:
    for field, value in numbers.items():
        if not value > 0:
            raise InvalidInputError(field=field, value=value, rule="must be above 0")
