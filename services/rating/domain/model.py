"""What rating reasons about: statements, outside opinions, payment behaviour, and its answer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from shared.kernel.reasons import Reason
from shared.kernel.values import quick


class Basis(StrEnum):
    """Who stands behind a statement; the less, the less it counts (domain.md §3.7)."""

    AUDITED = "audited"
    REVIEWED = "reviewed"
    UNAUDITED = "unaudited"
    MANAGEMENT = "management"
    TAX = "tax"


class Opinion(StrEnum):
    """What the auditor said."""

    UNQUALIFIED = "unqualified"
    QUALIFIED = "qualified"
    ADVERSE = "adverse"
    DISCLAIMER = "disclaimer"
    GOING_CONCERN = "going_concern"


class Unit(StrEnum):
    """The unit that a statement's lines are written in."""

    UNITS = "units"
    THOUSANDS = "thousands"
    TEN_THOUSANDS = "ten_thousands"
    MILLIONS = "millions"

    @property
    def factor(self) -> int:
        """How many major units of the currency one unit is."""
        match self:
            case Unit.UNITS:
                return 1
            case Unit.THOUSANDS:
                return 1_000
            case Unit.TEN_THOUSANDS:
                return 10_000
            case Unit.MILLIONS:
                return 1_000_000
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class Statement:
    """One financial statement: lines by the codes of domain.md §1.4, in `unit` of `currency`.

    `months` is the length of the period its flows cover. A line that is absent was not reported.
    """

    period_end: date
    months: int
    basis: Basis
    currency: str
    unit: Unit
    lines: dict[str, Decimal]
    opinion: Opinion | None = None


class OpinionKind(StrEnum):
    """What an agency rated, and whether it was asked to."""

    ISSUER = "issuer"
    ISSUE = "issue"
    UNSOLICITED = "unsolicited"


class Outlook(StrEnum):
    """Where an agency sees its grade going."""

    POSITIVE = "positive"
    STABLE = "stable"
    NEGATIVE = "negative"
    WATCH_NEGATIVE = "watch_negative"
    WATCH_POSITIVE = "watch_positive"


@dataclass(frozen=True, slots=True)
class ExternalOpinion:
    """An agency's grade of the customer, in the agency's own letters."""

    agency: str
    grade: str
    kind: OpinionKind
    affirmed_on: date
    outlook: Outlook


@quick
@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the customer has paid us. Days and shares 0..1; None = not known.

    `wadd_12m` amount-weighted average days late; `wadd_trend` its last 3 months less the 9 before;
    `dishonours_12m` bounced payments and broken promises together.
    """

    settled_24m: int
    wadd_12m: float | None = None
    late_over_30_share_12m: float | None = None
    max_days_past_due_6m: int | None = None
    wadd_trend: float | None = None
    dishonours_12m: int = 0


@dataclass(frozen=True, slots=True)
class GradeOverride:
    """A person's grade, approved by another person, until the end of `expires_on`."""

    grade: str
    reason: str
    proposed_by: str
    approved_by: str
    expires_on: date


@quick
@dataclass(frozen=True, slots=True)
class RatingFacts:
    """Everything a rating is decided on.

    `previous_statement` is the one a year before `statement`. `material_days_past_due` is None until
    monitoring has reported figures. `data_quality`, 0 to 1, is how far the ledger behind the
    behaviour can be relied on; None = nobody judged it.
    """

    segment: str | None = None
    country: str | None = None
    verdict: str | None = None
    statement: Statement | None = None
    previous_statement: Statement | None = None
    opinions: tuple[ExternalOpinion, ...] = ()
    behaviour: Behaviour | None = None
    material_days_past_due: int | None = None
    in_default: bool = False
    hard_triggers: tuple[str, ...] = ()
    override: GradeOverride | None = None
    data_quality: float | None = None


class MeasureStatus(StrEnum):
    """Why a measure has a value, or has none (domain.md §0)."""

    OK = "ok"
    MISSING = "missing"
    DIV0 = "div0"
    NEG_DENOM = "neg_denom"


@quick
@dataclass(frozen=True, slots=True)
class Measure:
    """A ratio or behaviour figure. `forced_points` (0..100) where a rule, not the curve, scores it."""

    value: float | None
    status: MeasureStatus
    forced_points: float | None = None

    @classmethod
    def of(cls, value: float | None) -> "Measure":
        """A plain measure; None is missing, never zero."""
        status = MeasureStatus.MISSING if value is None else MeasureStatus.OK
        return cls(value, status)


class Confidence(StrEnum):
    """How much evidence stands behind a grade."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@quick
@dataclass(frozen=True, slots=True)
class Component:
    """One source of evidence in the blend.

    `pd` 0..1; `credibility` z 0..1; `share` of the blend 0..1; `contribution` log-odds against the
    prior (negative = better); `score` 0..100 where a scorecard stands behind it.
    """

    name: str
    pd: float
    credibility: float
    share: float
    contribution: float
    score: float | None = None


@quick
@dataclass(frozen=True, slots=True)
class Cap:
    """A policy floor under the risk: the grade may not be better than `grade`. `reason` an R-code."""

    code: str
    grade: str
    reason: str
    value: float | str | None = None
    threshold: float | str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Capacity:
    """What the limit formula takes from the latest statement (domain.md §3.11), in major units."""

    currency: str
    tangible_net_worth: Decimal | None
    working_capital: Decimal | None
    accounts_payable: Decimal | None


@quick
@dataclass(frozen=True, slots=True)
class RatedMeasure:
    """One measure as it went into a scorecard; `points` 0..100, None = left out and re-weighted."""

    card: str
    code: str
    value: float | None
    status: MeasureStatus
    points: float | None


@quick
@dataclass(frozen=True, slots=True)
class RatingDecision:
    """The grade and why.

    `model_grade` and `model_pd` are the blend's own; `grade` and `pd` after the stale notch, an
    override and the caps. `flags` say what qualifies the answer (stale, divergent, annualised …).
    """

    grade: str
    pd: float
    band: str
    model_grade: str
    model_pd: float
    confidence: Confidence
    valid_to: date
    components: tuple[Component, ...]
    caps: tuple[Cap, ...]
    measures: tuple[RatedMeasure, ...]
    flags: tuple[str, ...]
    capacity: Capacity | None
    overridden: bool
    reasons: tuple[Reason, ...]
