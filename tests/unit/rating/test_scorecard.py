"""Scorecards: golden subscores and totals, re-weighting, and PD falling as the score rises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.model import Measure, MeasureStatus
from services.rating.domain.policy import Scorecard, Variable
from services.rating.domain.ratios import read_statement
from services.rating.domain.scorecard import Score, pd_of, points_of, score
from tests.unit.rating.builders import GOLDEN, POLICY, a_statement, the_year_before

GOLDEN_NAMES = {"ebit_m": "ebit_margin", "ln_rev": "revenue_meur"}
LINE = ((0.0, 0.0), (10.0, 100.0))
CARD = Scorecard(
    pd_at_zero=0.3,
    pd_at_hundred=0.001,
    least_weight=0.6,
    variables={
        "a": Variable(weight=40, reason="R01", curve=LINE, logarithmic=False),
        "b": Variable(weight=20, reason="R02", curve=LINE, logarithmic=False),
        "c": Variable(weight=40, reason="R03", curve=LINE, logarithmic=False),
    },
)


def scored(case: str) -> Score:
    books = GOLDEN[case]["in"]["fin"]
    previous = the_year_before(books)
    reading = read_statement(a_statement(books), POLICY.statements, previous=previous)
    found = score(reading.measures, POLICY.financial)
    assert found is not None
    return found


@pytest.mark.parametrize("name", list(GOLDEN["RT-1a"]["out"]["subscores"]))
def test_golden_rt_1a_points_of_every_ratio(name: str) -> None:
    by_code = {each.code: each.points for each in scored("RT-1a").variables}
    expected = GOLDEN["RT-1a"]["out"]["subscores"][name]
    assert by_code[GOLDEN_NAMES.get(name, name)] == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("case", ["RT-1a", "RT-18"])
def test_golden_financial_score_and_pd(case: str) -> None:
    found = scored(case)
    assert found.points == pytest.approx(GOLDEN[case]["out"]["S_fin"], abs=0.0005)
    assert found.pd == pytest.approx(GOLDEN[case]["out"]["PD_fin"], abs=0.0000005)


def test_a_missing_variable_reweights_the_others() -> None:
    found = score({"a": Measure.of(10), "b": Measure.of(0)}, CARD)
    assert found is not None
    assert found.points == pytest.approx(100 * 40 / 60)
    assert [each.weight for each in found.variables] == pytest.approx([200 / 3, 100 / 3])


def test_a_missing_variable_is_never_a_zero() -> None:
    missing = score({"a": Measure.of(10), "b": Measure.of(10)}, CARD)
    zero = score({"a": Measure.of(10), "b": Measure.of(10), "c": Measure.of(0)}, CARD)
    assert missing is not None
    assert zero is not None
    assert missing.points == pytest.approx(100)
    assert zero.points == pytest.approx(60)


def test_sixty_percent_of_the_weight_is_enough() -> None:
    assert score({"a": Measure.of(1), "b": Measure.of(1)}, CARD) is not None


def test_less_than_sixty_percent_is_no_score() -> None:
    assert score({"a": Measure.of(1)}, CARD) is None


def test_nothing_measured_is_no_score() -> None:
    assert score({}, CARD) is None


def test_forced_points_override_the_curve() -> None:
    forced = Measure(0.0, MeasureStatus.OK, forced_points=55)
    assert points_of(CARD.variables["a"], forced) == 55


@pytest.mark.parametrize(("value", "points"), [(-1, 0), (0, 0), (5, 50), (10, 100), (99, 100)])
def test_a_curve_is_flat_beyond_its_ends(value: float, points: float) -> None:
    assert points_of(CARD.variables["a"], Measure.of(value)) == pytest.approx(points)


@pytest.mark.parametrize(("value", "points"), [(-3.0, 0), (0.0, 0), (0.2, 0), (48.0, 68.6)])
def test_size_is_read_on_its_logarithm(value: float, points: float) -> None:
    variable = POLICY.financial.variables["revenue_meur"]
    assert points_of(variable, Measure.of(value)) == pytest.approx(points, abs=0.005)


@pytest.mark.parametrize(("points", "pd"), [(0, 0.30), (100, 0.0003)])
def test_the_ends_of_the_scale_are_the_policy_anchors(points: float, pd: float) -> None:
    assert pd_of(points, POLICY.financial) == pytest.approx(pd, rel=1e-12)


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_higher_score_never_means_a_higher_pd(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert pd_of(high, POLICY.financial) <= pd_of(low, POLICY.financial)


@given(st.dictionaries(st.sampled_from("abc"), st.floats(-50, 50), min_size=1))
def test_a_score_stays_between_zero_and_a_hundred(values: dict[str, float]) -> None:
    found = score({code: Measure.of(value) for code, value in values.items()}, CARD)
    assert found is None or -1e-9 <= found.points <= 100 + 1e-9


def test_points_lost_are_what_a_perfect_score_misses() -> None:
    found = scored("RT-1a")
    assert 100 - sum(each.points_lost for each in found.variables) == pytest.approx(found.points)
