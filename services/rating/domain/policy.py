"""Every number a credit manager may tune: scorecards, blend, master scale, caps, validity."""

from dataclasses import dataclass
from itertools import pairwise

from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability

Curve = tuple[tuple[float, float], ...]
FULL = 100.0


def _require(*, field: str, value: object, rule: str, holds: bool) -> None:
    if not holds:
        raise InvalidInputError(field=field, value=value, rule=rule)


def _positive(field: str, value: float) -> None:
    _require(field=field, value=value, rule="must be above zero", holds=value > 0)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a scorecard: its weight, its curve of (value, points), its reason code.

    Points run 0..100, linear between the breakpoints and flat beyond; `logarithmic` reads the curve
    on ln(value).
    """

    weight: float
    reason: str
    curve: Curve
    logarithmic: bool

    def __post_init__(self) -> None:
        _positive("weight", self.weight)
        rising = all(a < b for (a, _), (b, _) in pairwise(self.curve))
        rule = "needs ascending values and points of 0 to 100"
        scored = all(0 <= points <= FULL for _, points in self.curve)
        _require(field="curve", value=self.curve, rule=rule, holds=bool(self.curve) and rising)
        _require(field="curve", value=self.curve, rule=rule, holds=scored)
        if self.logarithmic:
            _positive("curve", self.curve[0][0])


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Variables, and the PDs that the two ends of the 0..100 scale stand for.

    A score needs `least_weight` (share of all weights) of its variables present.
    """

    pd_at_zero: float
    pd_at_hundred: float
    least_weight: float
    variables: dict[str, Variable]

    def __post_init__(self) -> None:
        falling = 0 < self.pd_at_hundred < self.pd_at_zero < 1
        rule = "must fall as the score rises, both strictly between 0 and 1"
        _require(field="pd_at_zero", value=self.pd_at_zero, rule=rule, holds=falling)
        probability(self.least_weight, field="least_weight")

    @property
    def weight(self) -> float:
        """Sum of all weights."""
        return sum(variable.weight for variable in self.variables.values())


@dataclass(frozen=True, slots=True)
class StatementPolicy:
    """How statements are read, trusted and refused (domain.md §1.4, §3.1, §3.7, §3.8).

    Ages in months after the period's end: `fresh_until` counts fully, falling to nothing at
    `worthless_from`; beyond `stale_after` the grade loses `stale_notches`. `quality` by basis.
    `eur_rates` (EUR per unit of currency) serve the size variable only.
    """

    integrity_tolerance: float
    unit_error_factor: float
    prior_year_months: tuple[float, float]
    fresh_until: float
    worthless_from: float
    stale_after: float
    stale_notches: int
    quality: dict[str, float]
    eur_rates: dict[str, float]
    no_debt_share: float
    net_cash_loss_points: float

    def __post_init__(self) -> None:
        for basis, quality in self.quality.items():
            probability(quality, field=f"quality.{basis}")
        for currency, rate in self.eur_rates.items():
            _positive(f"eur_rates.{currency}", rate)
        ordered = 0 <= self.fresh_until < self.worthless_from
        rule = "must lie before worthless_from"
        _require(field="fresh_until", value=self.fresh_until, rule=rule, holds=ordered)


@dataclass(frozen=True, slots=True)
class BehaviourPolicy:
    """When payment behaviour counts: from `least_settled` invoices, with z = n / (n + `half_weight`).

    `doubt_weight`, 0 to 1, is the share of the doubts in the ledger (1 less its quality) that comes
    off z; a version that does not name it was approved before doubts counted.
    """

    least_settled: int
    half_weight: float
    doubt_weight: float = 0.0

    def __post_init__(self) -> None:
        _positive("least_settled", self.least_settled)
        _positive("half_weight", self.half_weight)
        probability(self.doubt_weight, field="doubt_weight")


@dataclass(frozen=True, slots=True)
class ExternalPolicy:
    """How agencies' grades are read (domain.md §3.6).

    `agencies` name the scale each uses; `scales` map its letters to our grades; `withdrawn` letters
    mean no opinion. An opinion affirmed up to `full_months` ago counts fully, up to `half_months`
    ago with `half_credibility`, then not at all.
    """

    agencies: dict[str, str]
    scales: dict[str, dict[str, str]]
    withdrawn: tuple[str, ...]
    full_months: int
    half_months: int
    half_credibility: float
    watch_negative_notches: int

    def __post_init__(self) -> None:
        for agency, scale in self.agencies.items():
            rule = "must name one of the scales"
            known = scale in self.scales
            _require(field=f"agencies.{agency}", value=scale, rule=rule, holds=known)
        probability(self.half_credibility, field="half_credibility")


@dataclass(frozen=True, slots=True)
class BlendPolicy:
    """Credibility weights of the four sources, on log-odds (domain.md §3.7).

    `confidence_high` and `confidence_medium` are the sums of weight times credibility from which
    confidence is high or medium; components further apart than `divergence_limit` log-odds make it low.
    """

    prior_weight: float
    financial_weight: float
    behaviour_weight: float
    external_weight: float
    confidence_high: float
    confidence_medium: float
    divergence_limit: float

    def __post_init__(self) -> None:
        _positive("prior_weight", self.prior_weight)
        for name in ("financial_weight", "behaviour_weight", "external_weight"):
            _positive(name, getattr(self, name))
        rule = "must not exceed confidence_high"
        ordered = self.confidence_medium <= self.confidence_high
        _require(field="confidence_medium", value=self.confidence_medium, rule=rule, holds=ordered)


@dataclass(frozen=True, slots=True)
class PriorPolicy:
    """Long-run default rate of a segment; `default` for segments not listed."""

    default: float
    by_segment: dict[str, float]

    def __post_init__(self) -> None:
        for segment, rate in {"default": self.default, **self.by_segment}.items():
            rule = "must lie strictly between 0 and 1"
            _require(field=f"prior.{segment}", value=rate, rule=rule, holds=0 < rate < 1)


@dataclass(frozen=True, slots=True)
class GradeStep:
    """One grade of the master scale: its mid PD (0..1) and its band P1..P6."""

    grade: str
    pd: float
    band: str


@dataclass(frozen=True, slots=True)
class CapPolicy:
    """The policy floors of domain.md §3.8: the best grade that each fact still allows."""

    no_statement: str
    thin_file: str
    negative_equity: str
    adverse_opinion: str
    adverse_opinions: tuple[str, ...]
    past_due: str
    past_due_beyond: int
    default_beyond: int
    hard_triggers: dict[str, str]
    country_ceilings: dict[str, str]

    def __post_init__(self) -> None:
        rule = "must be below default_beyond"
        ordered = 0 < self.past_due_beyond < self.default_beyond
        _require(field="past_due_beyond", value=self.past_due_beyond, rule=rule, holds=ordered)

    @property
    def grades(self) -> tuple[str, ...]:
        """Every grade that a cap names."""
        named = (self.no_statement, self.thin_file, self.negative_equity, self.adverse_opinion)
        listed = (*self.hard_triggers.values(), *self.country_ceilings.values())
        return (*named, self.past_due, *listed)


@dataclass(frozen=True, slots=True)
class OverridePolicy:
    """How far and how long a person may differ from the model (domain.md §3.8)."""

    most_upgrade_notches: int
    most_downgrade_notches: int
    longest_months: int

    def __post_init__(self) -> None:
        for name in ("most_upgrade_notches", "most_downgrade_notches", "longest_months"):
            _positive(name, getattr(self, name))


@dataclass(frozen=True, slots=True)
class ReasonPolicy:
    """How many negatives are given, and the verdicts of screening that are one (R21)."""

    most_negatives: int
    screening_outcomes: tuple[str, ...]
    weak_basis: tuple[str, ...]

    def __post_init__(self) -> None:
        _positive("most_negatives", self.most_negatives)


@dataclass(frozen=True, slots=True)
class RatingPolicy:
    """The whole policy of rating. `validity_months` by band; the master scale ends in default."""

    financial: Scorecard
    behavioural: Scorecard
    statements: StatementPolicy
    behaviour: BehaviourPolicy
    external: ExternalPolicy
    prior: PriorPolicy
    blend: BlendPolicy
    master_scale: tuple[GradeStep, ...]
    caps: CapPolicy
    override: OverridePolicy
    reasons: ReasonPolicy
    validity_months: dict[str, int]

    def __post_init__(self) -> None:
        self._check_scale()
        grades = {step.grade for step in self.master_scale}
        mapped = {grade for scale in self.external.scales.values() for grade in scale.values()}
        for grade in (*self.caps.grades, *sorted(mapped)):
            rule = "is not on the master scale"
            _require(field="grade", value=grade, rule=rule, holds=grade in grades)
        for step in self.master_scale:
            rule = "needs an entry for every band"
            covered = step.band in self.validity_months
            _require(field="validity_months", value=step.band, rule=rule, holds=covered)

    def _check_scale(self) -> None:
        pds = [step.pd for step in self.master_scale]
        rule = "needs at least two grades with rising PDs above 0, the last one 1"
        rising = len(pds) > 1 and pds[0] > 0 and all(a < b for a, b in pairwise(pds))
        _require(field="master_scale", value=pds, rule=rule, holds=rising and pds[-1] == 1)
