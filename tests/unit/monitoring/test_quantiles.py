"""P²: a quantile from five markers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.streaming.quantiles import Quantile
from tests.unit.monitoring.warning_builders import GOLDEN


def quantile_of(values: list[float], share: float = 0.5) -> Quantile:
    state = Quantile(share=share)
    for value in values:
        state = state.after(value)
    return state


def test_ew_7_the_median_of_the_paper() -> None:
    case = GOLDEN["EW-7"]
    state = quantile_of(case["in"]["x"], case["in"]["p"])
    assert state.estimate == pytest.approx(case["out"]["estimate"], abs=5e-6)


def test_no_values_have_no_quantile() -> None:
    assert Quantile(share=0.5).estimate is None


@given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=5))
def test_few_values_have_their_own_median(values: list[float]) -> None:
    assert quantile_of(values).estimate in values


@given(
    st.lists(st.floats(min_value=0, max_value=100), min_size=5, max_size=80),
    st.sampled_from([0.1, 0.5, 0.9]),
)
def test_the_markers_stay_in_order_between_the_least_and_the_most(
    values: list[float], share: float
) -> None:
    state = quantile_of(values, share)
    assert list(state.heights) == sorted(state.heights)
    assert (state.heights[0], state.heights[-1]) == (min(values), max(values))
    assert list(state.positions) == sorted(set(state.positions))


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_many_values_come_close_to_the_quantile_of_all(share: float) -> None:
    values = [float(number * 7919 % 10_007) for number in range(10_007)]
    state = quantile_of(values, share)
    assert state.estimate == pytest.approx(share * 10_006, rel=0.02)
