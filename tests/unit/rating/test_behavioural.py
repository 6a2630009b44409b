"""BS-1: golden case, the six invoices it needs, and lateness that never helps."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.behavioural import (
    behaviour_credibility,
    behaviour_measures,
    has_history,
    score_behaviour,
)
from services.rating.domain.model import Behaviour, MeasureStatus
from services.rating.domain.scorecard import Score
from tests.unit.rating.builders import GOLDEN, POLICY, a_behaviour, golden_behaviour

GOLDEN_NAMES = {
    "pct_late30": "late_over_30",
    "max_dpd6": "max_days_past_due",
    "add_trend": "wadd_trend",
    "nsf": "dishonours",
}


def scored(behaviour: Behaviour | None) -> Score | None:
    return score_behaviour(behaviour, POLICY.behavioural, POLICY.behaviour)


def points(behaviour: Behaviour) -> float:
    found = scored(behaviour)
    assert found is not None
    return found.points


@pytest.mark.parametrize("name", list(GOLDEN["RT-1b"]["out"]["subscores"]))
def test_golden_rt_1b_points_of_every_figure(name: str) -> None:
    found = scored(golden_behaviour(GOLDEN["RT-1b"]["in"]["beh"]))
    assert found is not None
    by_code = {each.code: each.points for each in found.variables}
    expected = GOLDEN["RT-1b"]["out"]["subscores"][name]
    assert by_code[GOLDEN_NAMES.get(name, name)] == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("case", ["RT-1b", "RT-18"])
def test_golden_behavioural_score_and_pd(case: str) -> None:
    found = scored(golden_behaviour(GOLDEN[case]["in"]["beh"]))
    assert found is not None
    assert found.points == pytest.approx(GOLDEN[case]["out"]["S_beh"], abs=0.0005)
    assert found.pd == pytest.approx(GOLDEN[case]["out"]["PD_beh"], abs=0.0000005)


@pytest.mark.parametrize(("settled", "counts"), [(0, False), (5, False), (6, True), (7, True)])
def test_behaviour_counts_from_six_settled_invoices(settled: int, *, counts: bool) -> None:
    behaviour = a_behaviour(settled_24m=settled)
    assert has_history(behaviour, POLICY.behaviour) is counts
    assert (scored(behaviour) is not None) is counts


def test_a_customer_nobody_reported_on_has_no_history() -> None:
    assert not has_history(None, POLICY.behaviour)
    assert scored(None) is None


def test_a_figure_that_is_not_known_is_missing() -> None:
    measures = behaviour_measures(Behaviour(settled_24m=30))
    statuses = {code: measure.status for code, measure in measures.items()}
    assert statuses.pop("dishonours") is MeasureStatus.OK
    assert set(statuses.values()) == {MeasureStatus.MISSING}


def test_a_history_without_its_main_figures_is_no_score() -> None:
    assert scored(Behaviour(settled_24m=30, wadd_trend=0.0)) is None


def test_an_unknown_trend_only_reweights() -> None:
    known, unknown = (
        a_behaviour(wadd_12m=0.0, max_days_past_due_6m=0),
        a_behaviour(wadd_12m=0.0, max_days_past_due_6m=0, wadd_trend=None),
    )
    assert points(known) == pytest.approx(points(unknown)) == pytest.approx(100)


@pytest.mark.parametrize(("settled", "z"), [(6, 1 / 3), (12, 0.5), (30, 0.7143), (20, 0.625)])
def test_more_invoices_are_believed_more(settled: int, z: float) -> None:
    assert behaviour_credibility(settled, POLICY.behaviour) == pytest.approx(z, abs=0.00005)


@given(
    st.sampled_from(["wadd_12m", "late_over_30_share_12m", "wadd_trend"]),
    st.floats(0, 100),
    st.floats(0, 100),
)
def test_worse_behaviour_never_scores_better(name: str, one: float, other: float) -> None:
    better, worse = sorted((one, other))
    assert points(a_behaviour(**{name: worse})) <= points(a_behaviour(**{name: better})) + 1e-9


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_days_past_due_never_score_better(one: int, other: int) -> None:
    better, worse = sorted((one, other))
    behaviour = a_behaviour()
    late = replace(behaviour, max_days_past_due_6m=worse)
    assert points(late) <= points(replace(behaviour, max_days_past_due_6m=better)) + 1e-9


@pytest.mark.parametrize(("count", "lost"), [(0, 0.0), (1, 6.0), (2, 9.0), (3, 10.0), (4, 10.0)])
def test_dishonours_cost_up_to_ten_points(count: int, lost: float) -> None:
    clean = points(a_behaviour())
    assert clean - points(a_behaviour(dishonours_12m=count)) == pytest.approx(lost)
