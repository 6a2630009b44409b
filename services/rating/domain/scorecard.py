"""A scorecard: measures to points, points to a PD; absent measures re-weight, never count as zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from services.rating.domain.model import Measure
from services.rating.domain.policy import FULL, Scorecard, Variable
from shared.kernel.maths import expit, interpolate, logit
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True)
class ScoredVariable:
    """One variable as scored: `points` 0..100, `weight` its share of 100 after re-weighting.

    `points_lost` is what it takes off a perfect score (domain.md §3.10).
    """

    code: str
    reason: str
    value: float | None
    points: float
    weight: float

    @property
    def points_lost(self) -> float:
        """Points of the whole score that this variable costs."""
        return self.weight * (FULL - self.points) / FULL


@quick
@dataclass(frozen=True, slots=True)
class Score:
    """A score of 0..100, the PD it stands for, and the variables behind it."""

    points: float
    pd: float
    variables: tuple[ScoredVariable, ...]


def points_of(variable: Variable, measure: Measure) -> float | None:
    """Points 0..100 of one measure; None when it is missing."""
    if measure.forced_points is not None:
        return measure.forced_points
    if measure.value is None:
        return None
    if not variable.logarithmic:
        return interpolate(variable.curve, measure.value)
    if measure.value <= 0:
        return variable.curve[0][1]
    curve = tuple((log(value), points) for value, points in variable.curve)
    return interpolate(curve, log(measure.value))


def slope(card: Scorecard) -> float:
    """Log-odds of default that one point of the score is worth."""
    return (logit(card.pd_at_zero) - logit(card.pd_at_hundred)) / FULL


def pd_of(points: float, card: Scorecard) -> float:
    """The PD a score stands for: log-odds linear between the card's two ends."""
    return expit(logit(card.pd_at_zero) - slope(card) * points)


def score(measures: Mapping[str, Measure], card: Scorecard) -> Score | None:
    """Score what is there; None when too little of the card's weight is."""
    missing = Measure.of(None)
    found = {
        code: points
        for code, variable in card.variables.items()
        if (points := points_of(variable, measures.get(code, missing))) is not None
    }
    present = sum(card.variables[code].weight for code in found)
    if not found or present < card.least_weight * card.weight:
        return None
    variables = tuple(
        ScoredVariable(
            code=code,
            reason=card.variables[code].reason,
            value=measures[code].value,
            points=points,
            weight=FULL * card.variables[code].weight / present,
        )
        for code, points in found.items()
    )
    total = sum(each.weight * each.points for each in variables) / FULL
    return Score(total, pd_of(total, card), variables)
