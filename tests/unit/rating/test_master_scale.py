"""The master scale: bounds, notches, and default by event only."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.master_scale import MasterScale
from shared.kernel.errors import InvalidInputError
from tests.unit.rating.builders import POLICY

SCALE = MasterScale(POLICY.master_scale)
GRADES = [step.grade for step in POLICY.master_scale]


def test_there_are_twenty_two_grades_and_the_last_is_default() -> None:
    assert len(GRADES) == 22
    assert SCALE.default == "D"


@pytest.mark.parametrize("grade", GRADES[:-1])
def test_a_grade_contains_its_own_pd(grade: str) -> None:
    assert SCALE.grade_of(SCALE.step(grade).pd) == grade


@pytest.mark.parametrize("index", range(20))
def test_a_grade_ends_below_its_upper_bound(index: int) -> None:
    bound = SCALE.upper_bound(index)
    assert SCALE.grade_of(bound * (1 - 1e-12)) == GRADES[index]
    assert SCALE.grade_of(bound) == GRADES[index + 1]


def test_bounds_are_geometric_means_unrounded() -> None:
    assert SCALE.upper_bound(GRADES.index("BB-")) == sqrt(0.0095 * 0.0165)


@pytest.mark.parametrize("pd", [0.6, 0.9, 0.999999, 1.0])
def test_no_pd_however_high_is_default(pd: float) -> None:
    assert SCALE.grade_of(pd) == "C"


@given(st.floats(1e-6, 1), st.floats(1e-6, 1))
def test_a_higher_pd_is_never_a_better_grade(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert SCALE.index(SCALE.grade_of(low)) <= SCALE.index(SCALE.grade_of(high))


@pytest.mark.parametrize(
    ("grade", "notches", "worse"),
    [("BB", 0, "BB"), ("BB", 1, "BB-"), ("CC", 1, "C"), ("C", 1, "C"), ("AAA", 3, "AA-")],
)
def test_notches_down_stop_before_default(grade: str, notches: int, worse: str) -> None:
    assert SCALE.worse(grade, notches) == worse


def test_the_worst_of_some_grades() -> None:
    assert SCALE.worst("BB", "A", "B-") == "B-"


def test_notches_count_both_ways() -> None:
    assert SCALE.notches("BB-", "BB") == 1
    assert SCALE.notches("BB", "BB-") == -1


def test_a_grade_that_is_not_on_the_scale_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="not on the master scale"):
        SCALE.index("BB+++")
