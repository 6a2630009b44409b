"""The few statistics that several services share."""

from bisect import bisect_right
from collections.abc import Sequence
from math import exp, isfinite, log

from shared.kernel.errors import InvalidInputError

SIGNIFICANT_DIGITS = 12


def probability(value: float, *, field: str = "probability") -> float:
    """Check that a number is a probability, 0 to 1 inclusive, and return it."""
    if not 0.0 <= value <= 1.0:
        raise InvalidInputError(field=field, value=value, rule="must lie between 0 and 1")
    return value


def logit(chance: float) -> float:
    """Log-odds of a probability strictly between 0 and 1."""
    return log(chance / (1.0 - chance))


def expit(log_odds: float) -> float:
    """The probability with these log-odds; the inverse of `logit`, safe for any size."""
    if log_odds >= 0:
        return 1.0 / (1.0 + exp(-log_odds))
    return exp(log_odds) / (1.0 + exp(log_odds))


def interpolate(points: Sequence[tuple[float, float]], value: float) -> float:
    """Read a curve given by (x, y) points in ascending x: linear between, flat beyond the ends."""
    index = bisect_right(points, value, key=lambda point: point[0])
    if index == 0:
        return points[0][1]
    if index == len(points):
        return points[-1][1]
    (x0, y0), (x1, y1) = points[index - 1], points[index]
    return y0 + (y1 - y0) * (value - x0) / (x1 - x0)


def canonical(value: float) -> float:
    """Round a statistic to 12 significant digits, so that what is stored compares exactly."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") if isfinite(value) else value
