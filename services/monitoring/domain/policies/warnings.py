"""The policy of the warnings: every number of domain.md §4 that a credit manager may tune."""

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from services.monitoring.domain.catalogue import Indicator, IndicatorGroup
from services.monitoring.domain.policies.guards import CloakingPolicy, FeedPolicy
from services.monitoring.domain.policies.numbers import check_above_zero, check_numbers
from services.monitoring.domain.policies.statements import StatementPolicy
from services.monitoring.domain.policies.surprises import SurprisePolicy
from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability


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
    """Which side of its threshold is bad, and whether a figure that equals it is."""

    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"

    def met(self, value: float, threshold: float) -> bool:
        """Whether the value reaches the threshold, in the rulebook's words."""
        match self:
            case Comparator.MORE_THAN:
                return value > threshold
            case Comparator.AT_LEAST:
                return value >= threshold
            case Comparator.LESS_THAN:
                return value < threshold

    def is_worse(self, value: float, than: float) -> bool:
        """Whether a value lies further on the bad side than another."""
        return value < than if self is Comparator.LESS_THAN else value > than


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

    A threshold is None where the catalogue has none of that severity. Signs "as listed" count levels: 1 is watch,
    2 amber, 3 red. A value that meets `hard_trigger` lifts the score by itself. `confidence` is the
    most the sign counts for; `scored` is False for what is a matter of compliance and not of credit;
    one that is `retired` raises nothing any more, and its open warnings end with the day.
    `days` is the length of the window, 0 for now; `numbers` are the further figures that the formula
    asks for, by name.
    """

    title: str
    group: IndicatorGroup
    watch: float | None
    amber: float | None
    red: float | None
    half_life_days: float
    window: str
    days: int = 0
    comparator: Comparator = Comparator.MORE_THAN
    hard_trigger: float | None = None
    confidence: float = 1.0
    scored: bool = True
    retired: bool = False
    requires: Requirements = Requirements()
    numbers: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = [each for each in (self.watch, self.amber, self.red) if each is not None]
        pairs = list(pairwise(given))
        rising = all(self.comparator.is_worse(later, than=earlier) for earlier, later in pairs)
        above = self.comparator is Comparator.LESS_THAN or all(each > 0 for each in given)
        if not given or not rising or not above:
            rule = "must get worse from watch to red, all above 0 unless less is worse"
            raise InvalidInputError(field=f"{self.title} thresholds", value=given, rule=rule)
        check_above_zero(half_life_days=self.half_life_days)
        probability(self.confidence, field=f"{self.title} confidence")

    def threshold(self, severity: Severity) -> float:
        """The threshold of a severity; of the next worse one that has any where it has none."""
        given = (self.watch, self.amber, self.red)
        milder = given[severity.rank - 2 :: -1] if severity.rank > 1 else ()
        return next(each for each in (*given[severity.rank - 1 :], *milder) if each is not None)

    def severity_of(self, value: float | None) -> Severity | None:
        """The highest severity whose threshold the value meets; None below watch or if unknown."""
        if value is None:
            return None
        for severity, at in (
            (Severity.RED, self.red),
            (Severity.AMBER, self.amber),
            (Severity.WATCH, self.watch),
        ):
            if at is not None and self.comparator.met(value, at):
                return severity
        return None

    def triggers(self, value: float | None) -> bool:
        """Whether the value is a hard trigger."""
        if value is None or self.hard_trigger is None:
            return False
        return self.comparator.met(value, self.hard_trigger)


NO_COVENANTS = IndicatorPolicy(
    title="Covenant breach",
    group=IndicatorGroup.FINANCIALS,
    watch=1,
    amber=2,
    red=3,
    half_life_days=180,
    window="latest statement",
    comparator=Comparator.AT_LEAST,
    retired=True,
    numbers={"near": 0.1, "cure_days": 30},
)
"""The entry of versions that were approved before there were covenants: they raise nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWindows:
    """Lengths, in days, of the windows the ledger's figures are summed over."""

    wadd_days: int
    parts_days: int
    sales_days: int

    def __post_init__(self) -> None:
        check_above_zero(wadd=self.wadd_days, parts=self.parts_days, sales=self.sales_days)


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
    Warnings of one customer at most `fold_days` apart are one case. A person may put a warning off for
    up to `snooze_days`. Without a new breach it is stale after `stale_half_lives` of its half-life.
    """

    realert_days: int
    worsening: float
    clear_factor: float
    clear_after: int
    fold_days: int
    snooze_days: int
    stale_half_lives: float

    def __post_init__(self) -> None:
        probability(self.clear_factor, field="clear_factor")
        check_above_zero(clear_after=self.clear_after, worsening=self.worsening)
        check_above_zero(snooze_days=self.snooze_days, stale_half_lives=self.stale_half_lives)
        if self.fold_days < 0:
            raise InvalidInputError(
                field="fold_days", value=self.fold_days, rule="must be 0 or more"
            )


KEPT_DAYS = 100
"""How far back the watch keeps sums by day, seen from the newest."""
SUMMED_BY_DAY = (
    Indicator.ROUND_SUMS,
    Indicator.CANCELLATIONS,
    Indicator.RETURNS,
    Indicator.DILUTION,
    Indicator.DISPUTE_RATE,
    Indicator.THIRD_PARTY_PAYER,
    Indicator.LIQUID_GOODS_SHIFT,
)
"""Whose windows are summed over those days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningPolicy:
    """All of it: the part `warnings` of monitoring's policy."""

    indicators: dict[Indicator, IndicatorPolicy]
    windows: FactWindows
    orders: SurprisePolicy
    months: SurprisePolicy
    statements: StatementPolicy
    feed: FeedPolicy
    cloaking: CloakingPolicy
    dishonour_half_life_days: float
    score: ScorePolicy
    lifecycle: LifecyclePolicy

    def __post_init__(self) -> None:
        self.indicators.setdefault(Indicator.COVENANT_BREACH, NO_COVENANTS)
        missing = [each.value for each in Indicator if each not in self.indicators]
        if missing:
            rule = "must name every indicator"
            raise InvalidInputError(field="indicators", value=missing, rule=rule)
        check_above_zero(dishonour_half_life_days=self.dishonour_half_life_days)
        for indicator, entry in self.indicators.items():
            check_numbers(indicator, entry.numbers)
        for each in SUMMED_BY_DAY:
            entry = self.indicators[each]
            if not 1 <= entry.days <= KEPT_DAYS:
                rule = f"must lie between 1 and {KEPT_DAYS} days"
                raise InvalidInputError(field=f"{entry.title} days", value=entry.days, rule=rule)
