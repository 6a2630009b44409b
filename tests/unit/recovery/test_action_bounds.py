"""What a person may do in a case: each day before a bound, on it, and after it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recovery.domain.acting import (
    Action,
    ActionType,
    ArrearsRemainError,
    CaseNotOpenError,
    TooManyPromisesError,
    act,
    business_days_after,
)
from services.recovery.domain.model import Case, CaseState, Claim, Plan, Planner
from shared.kernel.errors import InvalidInputError
from tests.unit.recovery.builders import POLICY, TODAY, a_case, a_claim

PLAIN = [
    *(ActionType.CALL, ActionType.LETTER, ActionType.EMAIL),
    *(ActionType.VISIT, ActionType.NOTE, ActionType.PLAN),
]


def _acted(
    action: Action, *, case: Case | None = None, claims: tuple[Claim, ...] = (a_claim(),)
) -> Case:
    return act(case or a_case(), action, POLICY, claims=claims, as_of=TODAY)


def _promise(ahead: int) -> Action:
    promised_on = TODAY + timedelta(days=ahead)
    return Action(ActionType.PROMISE_TO_PAY, "they said so", promised_on=promised_on)


def _next(ahead: int, kind: ActionType = ActionType.CALL) -> Action:
    on = TODAY + timedelta(days=ahead)
    return Action(kind, "no answer", next_action="visit", next_action_on=on)


@pytest.mark.parametrize("kind", PLAIN)
def test_a_plain_action_changes_no_state(kind: ActionType) -> None:
    assert _acted(Action(kind, "done")).state is CaseState.REMINDED


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("ahead", [1, 2, 89, 90])
def test_a_next_action_may_be_planned_for_ninety_days(kind: ActionType, ahead: int) -> None:
    plan = _acted(_next(ahead, kind)).plan

    assert plan == Plan("visit", TODAY + timedelta(days=ahead), Planner.PERSON)


@pytest.mark.parametrize("ahead", [-1, 0, 91, 365])
def test_a_next_action_today_or_in_four_months_is_refused(ahead: int) -> None:
    with pytest.raises(InvalidInputError, match="1 to 90 days after 2026-03-02"):
        _acted(_next(ahead))


@pytest.mark.parametrize(
    "action",
    [
        Action(ActionType.CALL, "x", next_action="visit"),
        Action(ActionType.CALL, "x", next_action_on=TODAY + timedelta(days=3)),
    ],
)
def test_half_a_plan_is_refused(action: Action) -> None:
    with pytest.raises(InvalidInputError, match="come together"):
        _acted(action)


@pytest.mark.parametrize("ahead", [0, 1, 13, 14])
def test_a_promise_may_be_for_two_weeks(ahead: int) -> None:
    assert _acted(_promise(ahead)).state is CaseState.PTP


@pytest.mark.parametrize("ahead", [-1, 15, 100])
def test_a_promise_for_yesterday_or_for_later_is_refused(ahead: int) -> None:
    with pytest.raises(InvalidInputError, match="within 14 days from 2026-03-02"):
        _acted(_promise(ahead))


@pytest.mark.parametrize(
    ("ahead", "checked_on"),
    [
        (0, date(2026, 3, 4)),
        (1, date(2026, 3, 5)),
        (3, date(2026, 3, 9)),
        (4, date(2026, 3, 10)),
        (5, date(2026, 3, 10)),
        (6, date(2026, 3, 10)),
        (7, date(2026, 3, 11)),
    ],
)
def test_a_promise_is_checked_two_business_days_later(ahead: int, checked_on: date) -> None:
    case = _acted(_promise(ahead))

    assert case.promise_until == checked_on
    assert case.plan == Plan("check_promise", checked_on, Planner.PERSON)


@pytest.mark.parametrize("ago", [(), (1,), (59, 60), (60, 61), (1, 60)])
def test_a_second_promise_within_sixty_days_is_taken(ago: tuple[int, ...]) -> None:
    made = tuple(TODAY - timedelta(days=each) for each in ago)

    assert _acted(_promise(3), case=a_case(promises=made)).promises == (*made, TODAY)


@pytest.mark.parametrize("ago", [(0, 0), (1, 59), (59, 59), (1, 2, 90)])
def test_a_third_promise_within_sixty_days_is_refused_with_its_figures(
    ago: tuple[int, ...],
) -> None:
    made = tuple(TODAY - timedelta(days=each) for each in ago)

    with pytest.raises(TooManyPromisesError, match="K1 has 2 promises within 60 days"):
        _acted(_promise(3), case=a_case(promises=made))


@pytest.mark.parametrize("state", list(CaseState))
def test_who_works_for_us_already_is_not_stopped_by_a_promise(state: CaseState) -> None:
    waiting = {
        *(CaseState.AGENCY, CaseState.LEGAL),
        *(CaseState.INSOLVENCY_CLAIM, CaseState.WRITTEN_OFF),
    }
    if state is CaseState.CLOSED:
        return
    if state in waiting:
        with pytest.raises(InvalidInputError, match="no state in which a promise stops"):
            _acted(_promise(3), case=a_case(state=state))
    else:
        assert _acted(_promise(3), case=a_case(state=state)).state is CaseState.PTP


def test_a_case_goes_to_an_agency_with_a_plan() -> None:
    case = _acted(_next(30, ActionType.HAND_OVER_TO_AGENCY))

    assert case.state is CaseState.AGENCY
    assert case.plan is not None
    assert case.plan.by is Planner.PERSON


def test_a_case_may_go_to_an_agency_with_the_plan_it_has() -> None:
    case = _acted(Action(ActionType.HAND_OVER_TO_AGENCY, "enough"))

    assert (case.state, case.plan) == (CaseState.AGENCY, a_case().plan)


def test_what_is_still_owed_is_named_when_a_case_is_not_closed() -> None:
    with pytest.raises(ArrearsRemainError, match=r"K1 cannot be closed: .*100\.00"):
        _acted(Action(ActionType.CLOSE, "done"))


def test_nothing_owed_lets_a_case_close() -> None:
    case = _acted(Action(ActionType.CLOSE, ""), claims=())

    assert (case.state, case.outcome, case.closed_on) == (CaseState.CLOSED, "closed", TODAY)


@pytest.mark.parametrize("note", ["", " ", "\n\t"])
def test_a_waiver_without_a_word_is_refused(note: str) -> None:
    with pytest.raises(InvalidInputError, match="must say why we waive"):
        _acted(Action(ActionType.CLOSE, note, waiver=True))


def test_a_waiver_with_a_word_closes_as_waived() -> None:
    case = _acted(Action(ActionType.CLOSE, "goodwill", waiver=True))

    assert (case.state, case.outcome, case.plan) == (CaseState.CLOSED, "waived", None)


def test_a_waiver_of_nothing_is_a_plain_close() -> None:
    case = _acted(Action(ActionType.CLOSE, "goodwill", waiver=True), claims=())

    assert case.outcome == "closed"


@pytest.mark.parametrize("kind", list(ActionType))
def test_a_closed_case_takes_no_action(kind: ActionType) -> None:
    closed = a_case(state=CaseState.CLOSED, plan=None, closed_on=TODAY)

    with pytest.raises(CaseNotOpenError, match="case K1 is not open any more"):
        _acted(replace(_promise(3), type=kind), case=closed)


@pytest.mark.parametrize("kind", [*PLAIN, ActionType.HAND_OVER_TO_AGENCY])
def test_an_action_is_one_version_more(kind: ActionType) -> None:
    assert _acted(Action(kind, "x"), case=a_case(version=7)).version == 8


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), days=st.integers(1, 30))
def test_a_business_day_later_is_later_and_no_weekend(day: date, days: int) -> None:
    later = business_days_after(day, days)

    assert later > day
    assert later.weekday() < 5
    assert business_days_after(day, days - 1) < later


@given(ahead=st.integers(0, 14))
def test_an_open_case_has_always_a_day_to_come(ahead: int) -> None:
    plan = _acted(_promise(ahead)).plan

    assert plan is not None
    assert plan.on > TODAY
