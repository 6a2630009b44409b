"""Whatever happens in whatever order: one open case at most, always with a next day, no step twice."""

import json
from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from obligor.wording import catalogue
from services.recovery.domain.acting import ActionType
from services.recovery.handlers import SERVICE
from shared.contracts.recovery import CaseClosed, CaseOpened, DunningStepTaken
from shared.decisions.replay import replay
from shared.policies.book import PolicyBook
from tests.unit.recovery.builders import SHIPPED, announced, said_by
from tests.unit.recovery.stories import CUSTOMERS, KINDS, TIERS, Happening, Story

happenings = st.builds(
    Happening,
    kind=st.sampled_from(KINDS),
    customer_id=st.sampled_from(CUSTOMERS),
    number=st.integers(0, 40),
    tier=st.sampled_from(TIERS),
    action=st.sampled_from(ActionType),
)


def told(story: list[Happening]) -> Story:
    teller = Story()
    for what in story:
        teller.play(what)
    return teller


stories = st.lists(happenings, max_size=30)


@given(stories)
def test_a_customer_never_has_two_open_cases(story: list[Happening]) -> None:
    open_now: dict[str, set[str]] = defaultdict(set)
    for event in announced(told(story).work):
        if isinstance(event, CaseOpened):
            open_now[event.customer_id].add(event.case_id)
        if isinstance(event, CaseClosed):
            open_now[event.customer_id].remove(event.case_id)
        assert all(len(cases) <= 1 for cases in open_now.values())


@given(stories)
def test_what_was_announced_is_what_stands_in_the_book(story: list[Happening]) -> None:
    teller = told(story)
    opened = {event.case_id for event in said_by(teller.work, CaseOpened)}
    closed = {event.case_id for event in said_by(teller.work, CaseClosed)}
    assert {case.case_id for case in teller.book.open_cases.values()} == opened - closed


@given(stories)
def test_no_case_takes_a_dunning_step_twice(story: list[Happening]) -> None:
    steps = Counter(
        (event.case_id, event.step) for event in said_by(told(story).work, DunningStepTaken)
    )
    assert all(number == 1 for number in steps.values())


@given(stories)
def test_every_case_has_at_any_time_a_next_action(story: list[Happening]) -> None:
    for case in told(story).book.changed_cases.values():
        assert (case.plan is None) is (case.closed_on is not None)


@given(stories)
def test_an_open_case_is_always_woken_again(story: list[Happening]) -> None:
    teller = told(story)
    for customer_id, case in teller.book.open_cases.items():
        wake_on = teller.book.debtor(customer_id).wake_on
        assert wake_on is not None
        assert case.plan is not None
        assert wake_on <= max(case.plan.on, teller.day)


@given(stories)
def test_histories_are_numbered_without_repeats(story: list[Happening]) -> None:
    numbers = Counter((deed.case_id, deed.ordinal) for deed in told(story).book.deeds)
    assert all(count == 1 for count in numbers.values())


@given(stories)
def test_nobody_who_owes_nothing_has_a_case_in_the_morning(story: list[Happening]) -> None:
    teller = told([*story, Happening("night", "A", 0, "low", ActionType.NOTE)])
    for customer_id in teller.book.open_cases:
        assert teller.book.debtor(customer_id).claims


@given(stories)
def test_the_same_story_told_again_ends_the_same(story: list[Happening]) -> None:
    first, second = told(story), told(story)
    assert first.work.announced == second.work.announced
    assert first.work.decided == second.work.decided
    assert first.book == second.book


@given(stories)
def test_every_decision_can_be_replayed_bit_for_bit(story: list[Happening]) -> None:
    for stored in told(story).work.decided:
        replayed = replay(stored, SERVICE.decisions, PolicyBook([SHIPPED]))
        assert replayed.identical, replayed.differences


@given(stories)
def test_every_reason_is_worded(story: list[Happening]) -> None:
    worded = catalogue()["reasons"]
    for stored in told(story).work.decided:
        for reason in json.loads(stored.outcome)["reasons"]:
            assert reason["code"] in worded
