"""How much a worker takes next: more where all was taken, else what fits."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.batch import Outcome
from shared.chassis.worker import MAX_RECORDS, MIN_RECORDS, _next_portion

COUNTS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3000))


def outcome(taken: dict[str, int], offered: dict[str, int]) -> Outcome:
    return Outcome(records=Counter(taken), offered=Counter(offered))


def test_a_batch_that_took_all_leads_to_twice_as_much() -> None:
    assert _next_portion(100, outcome({"a": 100}, {"a": 100})) == 200


def test_a_portion_has_an_upper_limit() -> None:
    assert _next_portion(MAX_RECORDS, outcome({"a": 2000}, {"a": 2000})) == MAX_RECORDS


def test_a_batch_cut_short_leads_to_twice_what_fitted() -> None:
    assert _next_portion(2000, outcome({"a": 150}, {"a": 2000})) == 300


def test_a_portion_has_a_lower_limit() -> None:
    assert _next_portion(2000, outcome({}, {"a": 2000})) == MIN_RECORDS


def test_a_topic_that_waits_does_not_keep_the_others_portion_small() -> None:
    assert _next_portion(50, outcome({"a": 50}, {"a": 50, "waiting": 50})) == 100


@pytest.mark.parametrize("portion", [MIN_RECORDS, 50, MAX_RECORDS])
def test_a_cut_batch_never_leads_to_more(portion: int) -> None:
    assert _next_portion(portion, outcome({"a": portion - 1}, {"a": portion})) <= portion


@given(st.integers(MIN_RECORDS, MAX_RECORDS), COUNTS, COUNTS)
def test_a_portion_stays_within_its_limits(
    portion: int, taken: dict[str, int], offered: dict[str, int]
) -> None:
    assert MIN_RECORDS <= _next_portion(portion, outcome(taken, offered)) <= MAX_RECORDS


@given(st.integers(MIN_RECORDS, MAX_RECORDS))
def test_batches_that_take_all_reach_the_limit_in_seven_steps(portion: int) -> None:
    for _ in range(7):
        portion = _next_portion(portion, outcome({"a": portion}, {"a": portion}))
    assert portion == MAX_RECORDS
