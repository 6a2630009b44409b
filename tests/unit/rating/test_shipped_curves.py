"""The scorecards as shipped, point by point: a curve that is edited by mistake is noticed here."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.model import Measure
from services.rating.domain.policy import Scorecard, Variable
from services.rating.domain.scorecard import pd_of, points_of, slope
from tests.unit.rating.builders import POLICY

FINANCIAL = POLICY.financial.variables
BEHAVIOURAL = POLICY.behavioural.variables
CARDS = [("financial", POLICY.financial), ("behavioural", POLICY.behavioural)]
VARIABLES = [(code, variable) for _, card in CARDS for code, variable in card.variables.items()]
WORSE_WHEN_HIGHER = {
    *("tl_ta", "nd_ebitda", "dpo"),
    *("wadd", "late_over_30", "max_days_past_due", "wadd_trend", "dishonours"),
}
BETTER_WHEN_HIGHER = {
    *("current", "quick", "icr", "roa", "ebit_margin", "cfo_cl", "revenue_meur"),
}


def _points(variable: Variable, value: float) -> float | None:
    return points_of(variable, Measure.of(value))


@pytest.mark.parametrize(
    ("code", "value", "points"),
    [
        # liabilities to assets
        ("tl_ta", 0.10, 100),
        ("tl_ta", 0.30, 100),
        ("tl_ta", 0.40, 87.5),
        ("tl_ta", 0.50, 75),
        ("tl_ta", 0.55, 65),
        ("tl_ta", 0.60, 55),
        ("tl_ta", 0.65, 45),
        ("tl_ta", 0.70, 35),
        ("tl_ta", 0.75, 25),
        ("tl_ta", 0.80, 15),
        ("tl_ta", 0.95, 0),
        ("tl_ta", 1.40, 0),
        # current ratio
        ("current", 0.2, 0),
        ("current", 0.5, 0),
        ("current", 0.65, 5),
        ("current", 0.8, 10),
        ("current", 0.9, 22.5),
        ("current", 1.0, 35),
        ("current", 1.1, 45),
        ("current", 1.2, 55),
        ("current", 1.5, 75),
        ("current", 1.75, 87.5),
        ("current", 2.0, 100),
        ("current", 9.0, 100),
        # quick ratio
        ("quick", 0.3, 0),
        ("quick", 0.45, 17.5),
        ("quick", 0.6, 35),
        ("quick", 0.7, 45),
        ("quick", 0.8, 55),
        ("quick", 0.9, 67.5),
        ("quick", 1.0, 80),
        ("quick", 1.1, 90),
        ("quick", 1.2, 100),
        # interest cover
        ("icr", -3.0, 0),
        ("icr", 0.0, 0),
        ("icr", 0.5, 7.5),
        ("icr", 1.0, 15),
        ("icr", 1.25, 25),
        ("icr", 1.5, 35),
        ("icr", 2.0, 45),
        ("icr", 2.5, 55),
        ("icr", 4.25, 75),
        ("icr", 8.5, 100),
        ("icr", 80.0, 100),
        # net debt to EBITDA
        ("nd_ebitda", 0.0, 100),
        ("nd_ebitda", 0.5, 100),
        ("nd_ebitda", 1.0, 90),
        ("nd_ebitda", 1.5, 80),
        ("nd_ebitda", 3.0, 55),
        ("nd_ebitda", 4.5, 30),
        ("nd_ebitda", 6.0, 10),
        ("nd_ebitda", 7.0, 5),
        ("nd_ebitda", 8.0, 0),
        ("nd_ebitda", 20.0, 0),
        # return on assets
        ("roa", -0.20, 0),
        ("roa", -0.05, 0),
        ("roa", 0.0, 20),
        ("roa", 0.01, 35),
        ("roa", 0.02, 45),
        ("roa", 0.03, 55),
        ("roa", 0.06, 80),
        ("roa", 0.10, 100),
        # EBIT margin
        ("ebit_margin", -0.03, 0),
        ("ebit_margin", -0.01, 15),
        ("ebit_margin", 0.01, 30),
        ("ebit_margin", 0.04, 55),
        ("ebit_margin", 0.08, 80),
        ("ebit_margin", 0.12, 100),
        # operating cash flow to short-term liabilities
        ("cfo_cl", -0.15, 0),
        ("cfo_cl", 0.0, 15),
        ("cfo_cl", 0.05, 35),
        ("cfo_cl", 0.12, 55),
        ("cfo_cl", 0.25, 80),
        ("cfo_cl", 0.40, 100),
        # days payable
        ("dpo", 10, 100),
        ("dpo", 30, 100),
        ("dpo", 45, 80),
        ("dpo", 60, 60),
        ("dpo", 75, 47.5),
        ("dpo", 90, 35),
        ("dpo", 105, 25),
        ("dpo", 120, 15),
        ("dpo", 180, 0),
        # size, on its logarithm
        ("revenue_meur", 0.1, 0),
        ("revenue_meur", 0.2, 0),
        ("revenue_meur", 1, 10),
        ("revenue_meur", 5, 35),
        ("revenue_meur", 10, 45),
        ("revenue_meur", 20, 55),
        ("revenue_meur", 100, 80),
        ("revenue_meur", 500, 100),
        ("revenue_meur", 5000, 100),
        # growth: too fast is no longer good
        ("growth", -0.50, 0),
        ("growth", -0.30, 0),
        ("growth", -0.20, 20),
        ("growth", -0.10, 40),
        ("growth", 0.0, 60),
        ("growth", 0.10, 85),
        ("growth", 0.20, 100),
        ("growth", 0.40, 80),
        ("growth", 0.60, 60),
        ("growth", 3.00, 60),
    ],
)
def test_a_ratio_is_worth_its_points(code: str, value: float, points: float) -> None:
    assert _points(FINANCIAL[code], value) == pytest.approx(points)


@pytest.mark.parametrize(
    ("code", "value", "points"),
    [
        ("wadd", -10, 100),
        ("wadd", 0, 100),
        ("wadd", 2.5, 92.5),
        ("wadd", 5, 85),
        ("wadd", 10, 70),
        ("wadd", 15, 60),
        ("wadd", 20, 50),
        ("wadd", 30, 35),
        ("wadd", 45, 22.5),
        ("wadd", 60, 10),
        ("wadd", 90, 0),
        ("wadd", 120, 0),
        ("late_over_30", 0.0, 100),
        ("late_over_30", 0.025, 87.5),
        ("late_over_30", 0.05, 75),
        ("late_over_30", 0.10, 55),
        ("late_over_30", 0.25, 30),
        ("late_over_30", 0.50, 0),
        ("late_over_30", 1.0, 0),
        ("max_days_past_due", 0, 100),
        ("max_days_past_due", 15, 75),
        ("max_days_past_due", 30, 50),
        ("max_days_past_due", 45, 32.5),
        ("max_days_past_due", 60, 15),
        ("max_days_past_due", 90, 0),
        ("wadd_trend", -8, 100),
        ("wadd_trend", 0, 100),
        ("wadd_trend", 5, 65),
        ("wadd_trend", 10, 40),
        ("wadd_trend", 15, 25),
        ("wadd_trend", 20, 10),
        ("wadd_trend", 30, 0),
        ("dishonours", 0, 100),
        ("dishonours", 1, 40),
        ("dishonours", 2, 10),
        ("dishonours", 3, 0),
        ("dishonours", 9, 0),
    ],
)
def test_a_habit_of_payment_is_worth_its_points(code: str, value: float, points: float) -> None:
    assert _points(BEHAVIOURAL[code], value) == pytest.approx(points)


@pytest.mark.parametrize(
    ("code", "weight", "reason"),
    [
        ("tl_ta", 12, "R01"),
        ("current", 8, "R07"),
        ("quick", 6, "R07"),
        ("icr", 14, "R02"),
        ("nd_ebitda", 12, "R05"),
        ("roa", 10, "R04"),
        ("ebit_margin", 6, "R04"),
        ("cfo_cl", 12, "R03"),
        ("dpo", 8, "R06"),
        ("revenue_meur", 8, "R08"),
        ("growth", 4, "R09"),
        ("wadd", 35, "R10"),
        ("late_over_30", 20, "R11"),
        ("max_days_past_due", 20, "R11"),
        ("wadd_trend", 15, "R12"),
        ("dishonours", 10, "R13"),
    ],
)
def test_a_variable_has_its_weight_and_its_reason(code: str, weight: float, reason: str) -> None:
    variable = (FINANCIAL | BEHAVIOURAL)[code]

    assert (variable.weight, variable.reason) == (weight, reason)


def test_every_variable_but_growth_has_a_direction() -> None:
    codes = {code for code, _ in VARIABLES}

    assert codes == WORSE_WHEN_HIGHER | BETTER_WHEN_HIGHER | {"growth"}


@pytest.mark.parametrize("code", sorted(WORSE_WHEN_HIGHER))
@given(one=st.floats(-5, 400), other=st.floats(-5, 400))
def test_more_of_a_burden_never_earns_points(code: str, one: float, other: float) -> None:
    variable = dict(VARIABLES)[code]

    better, worse = _points(variable, min(one, other)), _points(variable, max(one, other))

    assert better is not None
    assert worse is not None
    assert better >= worse - 1e-9


@pytest.mark.parametrize("code", sorted(BETTER_WHEN_HIGHER))
@given(one=st.floats(-5, 400), other=st.floats(-5, 400))
def test_more_of_a_strength_never_costs_points(code: str, one: float, other: float) -> None:
    variable = dict(VARIABLES)[code]

    worse, better = _points(variable, min(one, other)), _points(variable, max(one, other))

    assert better is not None
    assert worse is not None
    assert better >= worse - 1e-9


@pytest.mark.parametrize(("code", "variable"), VARIABLES)
@given(value=st.floats(-1e6, 1e6))
def test_points_stay_on_the_scale(code: str, variable: Variable, value: float) -> None:
    points = _points(variable, value)

    assert points is not None, code
    assert 0 <= points <= 100


@pytest.mark.parametrize(("code", "variable"), VARIABLES)
def test_a_missing_figure_has_no_points(code: str, variable: Variable) -> None:
    assert points_of(variable, Measure.of(None)) is None, code


@pytest.mark.parametrize(("code", "variable"), VARIABLES)
def test_a_curve_has_no_jumps(code: str, variable: Variable) -> None:
    for value, points in variable.curve:
        near = _points(variable, value + abs(value) * 1e-9 + 1e-12)
        assert near == pytest.approx(points, abs=1e-3), code


@pytest.mark.parametrize("value", [0.0, -4.0])
def test_no_sales_are_the_smallest_size(value: float) -> None:
    assert _points(FINANCIAL["revenue_meur"], value) == 0


@pytest.mark.parametrize(("name", "card"), CARDS)
def test_a_card_weighs_a_hundred(name: str, card: Scorecard) -> None:
    assert card.weight == pytest.approx(100), name


@pytest.mark.parametrize(("name", "card"), CARDS)
def test_each_point_lowers_the_log_odds_by_the_same(name: str, card: Scorecard) -> None:
    assert slope(card) > 0, name


@pytest.mark.parametrize(("name", "card"), CARDS)
def test_each_point_more_is_a_lower_pd(name: str, card: Scorecard) -> None:
    pds = [pd_of(points, card) for points in range(101)]

    assert all(before > after for before, after in pairwise(pds)), name
