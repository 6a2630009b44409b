"""Log-odds, curves and canonical figures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import canonical, expit, interpolate, logit, probability

CURVE = ((0.0, 100.0), (10.0, 50.0), (20.0, 0.0))


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_probability_lies_between_nought_and_one(value: float) -> None:
    assert probability(value) == value


@pytest.mark.parametrize("value", [-0.01, 1.01, 1.7, math.nan, math.inf])
def test_what_is_no_probability_is_refused(value: float) -> None:
    with pytest.raises(InvalidInputError):
        probability(value)


@given(st.floats(min_value=1e-9, max_value=1 - 1e-9))
def test_expit_undoes_logit(chance: float) -> None:
    assert expit(logit(chance)) == pytest.approx(chance, rel=1e-9)


@pytest.mark.parametrize("log_odds", [-1000.0, 1000.0])
def test_expit_survives_extremes(log_odds: float) -> None:
    assert 0.0 <= expit(log_odds) <= 1.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-5.0, 100.0),
        (0.0, 100.0),
        (5.0, 75.0),
        (10.0, 50.0),
        (15.0, 25.0),
        (20.0, 0.0),
        (99.0, 0.0),
    ],
)
def test_a_curve_is_straight_between_points_and_flat_beyond(value: float, expected: float) -> None:
    assert interpolate(CURVE, value) == expected


@given(st.floats(min_value=-50, max_value=50), st.floats(min_value=-50, max_value=50))
def test_a_falling_curve_never_rises(left: float, right: float) -> None:
    low, high = sorted((left, right))
    assert interpolate(CURVE, low) >= interpolate(CURVE, high)


def test_canonical_figures_keep_twelve_digits() -> None:
    assert canonical(1 / 3) == 0.333333333333


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_canonical_figures_stay_canonical(value: float) -> None:
    assert canonical(canonical(value)) == canonical(value)


def test_infinity_is_left_alone() -> None:
    assert canonical(math.inf) == math.inf
