"""How much a worker takes next, and when: more where all was taken, else what fits."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.outcome import Outcome
from shared.chassis.worker import MAX_RECORDS, MIN_RECORDS, _next_portion, _rest_after

COUNTS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3000))


def outcome(taken: dict[str, int], offered: dict[str, int], *, cut: bool = False) -> Outcome:
    return Outcome(records=Counter(taken), offered=Counter(offered), cut_short=cut)


def test_a_batch_that_took_all_leads_to_twice_as_much() -> None:
    assert _next_portion(100, outcome({"a": 100}, {"a": 100})) == 200


def test_a_portion_has_an_upper_limit() -> None:
    assert _next_portion(MAX_RECORDS, outcome({"a": 2000}, {"a": 2000})) == MAX_RECORDS


def test_a_batch_cut_short_leads_to_half_as_much_again_as_fitted() -> None:
    assert _next_portion(2000, outcome({"a": 150}, {"a": 2000}, cut=True)) == 225


def test_a_portion_has_a_lower_limit() -> None:
    assert _next_portion(2000, outcome({}, {"a": 2000}, cut=True)) == MIN_RECORDS


def test_a_topic_that_waits_does_not_keep_the_others_portion_small() -> None:
    assert _next_portion(50, outcome({"a": 50}, {"a": 50, "waiting": 50})) == 100


def test_a_topic_read_to_its_end_does_not_keep_the_others_portion_large() -> None:
    taken, offered = {"a": 150, "ended": 3}, {"a": 2000, "ended": 3}
    assert _next_portion(2000, outcome(taken, offered, cut=True)) == 225


def test_a_batch_with_room_left_says_nothing_about_the_next() -> None:
    assert _next_portion(300, outcome({"a": 40}, {"a": 40})) == 300


def test_what_waits_is_read_less_and_less_often_in_vain() -> None:
    assert _next_portion(300, outcome({"a": 40}, {"a": 40, "waiting": 300})) == 150
    assert _next_portion(300, outcome({"a": 90}, {"a": 90, "waiting": 300})) == 180
    assert _next_portion(MIN_RECORDS, outcome({}, {"waiting": MIN_RECORDS})) == MIN_RECORDS


@pytest.mark.parametrize("portion", [MIN_RECORDS, 50, MAX_RECORDS])
def test_a_cut_batch_never_leads_to_more(portion: int) -> None:
    assert _next_portion(portion, outcome({"a": portion}, {"a": portion}, cut=True)) <= portion


@given(
    portion=st.integers(MIN_RECORDS, MAX_RECORDS), taken=COUNTS, offered=COUNTS, cut=st.booleans()
)
def test_a_portion_stays_within_its_limits(
    *, portion: int, taken: dict[str, int], offered: dict[str, int], cut: bool
) -> None:
    assert MIN_RECORDS <= _next_portion(portion, outcome(taken, offered, cut=cut)) <= MAX_RECORDS


@given(st.integers(MIN_RECORDS, MAX_RECORDS))
def test_batches_that_take_all_reach_the_limit_in_seven_steps(portion: int) -> None:
    for _ in range(7):
        portion = _next_portion(portion, outcome({"a": portion}, {"a": portion}))
    assert portion == MAX_RECORDS


def test_a_worker_rests_as_long_as_it_worked_but_never_for_long() -> None:
    assert _rest_after(0.005) == 0.005
    assert _rest_after(1.5) == 0.1
