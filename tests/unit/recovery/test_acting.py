"""What a person may do in a case, and what is refused."""

from dataclasses import replace
from datetime import date

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
from tests.unit.recovery.builders import POLICY, TODAY, a_case, a_claim, days

OWED = (a_claim(10),)


def acted(action: Action, case: Case | None = None, claims: tuple[Claim, ...] = OWED) -> Case:
    return act(case or a_case(), action, POLICY, claims=claims, as_of=TODAY)


def promise(ahead: int) -> Action:
    return Action(ActionType.PROMISE_TO_PAY, "", promised_on=TODAY + days(ahead))


def planning(ahead: int, kind: ActionType = ActionType.CALL) -> Action:
    return Action(kind, "", next_action="visit", next_action_on=TODAY + days(ahead))


@pytest.mark.parametrize("kind", ["call", "letter", "email", "visit", "note", "plan"])
def test_a_plain_action_leaves_the_plan_as_it_was(kind: str) -> None:
    before = a_case()
    after = acted(Action(ActionType(kind), "spoke to Li"), before)
    assert after == replace(before, version=2)


def test_an_action_may_set_the_next_one() -> None:
    assert acted(planning(7)).plan == Plan("visit", TODAY + days(7), Planner.PERSON)


@pytest.mark.parametrize("ahead", [1, 89, 90])
def test_the_next_action_lies_at_most_ninety_days_ahead(ahead: int) -> None:
    plan = acted(planning(ahead)).plan
    assert plan is not None
    assert plan.on == TODAY + days(ahead)


@pytest.mark.parametrize("ahead", [-1, 0, 91])
def test_a_next_action_in_the_past_or_far_away_is_refused(ahead: int) -> None:
    with pytest.raises(InvalidInputError, match="next_action_on"):
        acted(planning(ahead))


@pytest.mark.parametrize(
    "action",
    [
        Action(ActionType.CALL, "", next_action="visit"),
        Action(ActionType.CALL, "", next_action_on=TODAY + days(2)),
    ],
)
def test_a_next_action_and_its_date_come_together(action: Action) -> None:
    with pytest.raises(InvalidInputError, match="together"):
        acted(action)


def test_handing_over_to_an_agency_is_a_state() -> None:
    assert acted(Action(ActionType.HAND_OVER_TO_AGENCY, "")).state is CaseState.AGENCY


def test_a_promise_is_checked_two_business_days_after_its_day() -> None:
    case = acted(promise(3))  # Monday 2 March: promised for Thursday, checked on Monday
    assert case.state is CaseState.PTP
    assert case.promise_until == date(2026, 3, 9)
    assert case.plan == Plan("check_promise", date(2026, 3, 9), Planner.PERSON)
    assert case.promises == (TODAY,)


@pytest.mark.parametrize("ahead", [0, 13, 14])
def test_a_promise_is_for_the_next_fourteen_days(ahead: int) -> None:
    assert acted(promise(ahead)).state is CaseState.PTP


@pytest.mark.parametrize("ahead", [-1, 15])
def test_a_promise_for_the_past_or_far_away_is_refused(ahead: int) -> None:
    with pytest.raises(InvalidInputError, match="promised_on"):
        acted(promise(ahead))


def test_a_promise_needs_a_day() -> None:
    with pytest.raises(InvalidInputError, match="promised_on"):
        acted(Action(ActionType.PROMISE_TO_PAY, "soon"))


def test_a_third_promise_within_sixty_days_is_refused() -> None:
    case = a_case(promises=(TODAY - days(59), TODAY - days(1)))
    with pytest.raises(TooManyPromisesError, match="escalate"):
        acted(promise(3), case)


def test_a_promise_of_sixty_days_ago_does_not_count() -> None:
    case = a_case(promises=(TODAY - days(60), TODAY - days(1)))
    assert acted(promise(3), case).state is CaseState.PTP


@pytest.mark.parametrize("state", [CaseState.AGENCY, CaseState.LEGAL, CaseState.WRITTEN_OFF])
def test_a_promise_stops_nobody_who_works_for_us_already(state: CaseState) -> None:
    with pytest.raises(InvalidInputError, match="state"):
        acted(promise(3), a_case(state=state))


def test_a_case_is_not_closed_while_money_is_owed() -> None:
    with pytest.raises(ArrearsRemainError, match=r"100\.00 EUR"):
        acted(Action(ActionType.CLOSE, "enough"))


def test_a_case_without_arrears_is_closed() -> None:
    case = acted(Action(ActionType.CLOSE, ""), claims=())
    assert (case.state, case.closed_on, case.outcome) == (CaseState.CLOSED, TODAY, "closed")
    assert case.plan is None


def test_a_waiver_closes_a_case_with_arrears() -> None:
    case = acted(Action(ActionType.CLOSE, "goodwill", waiver=True))
    assert case.outcome == "waived"


def test_a_waiver_says_why() -> None:
    with pytest.raises(InvalidInputError, match="note"):
        acted(Action(ActionType.CLOSE, "  ", waiver=True))


@pytest.mark.parametrize("kind", list(ActionType))
def test_nothing_is_done_in_a_closed_case(kind: ActionType) -> None:
    closed = a_case(state=CaseState.CLOSED, plan=None, closed_on=TODAY)
    with pytest.raises(CaseNotOpenError, match="K1"):
        acted(Action(kind, "x"), closed)


def test_every_action_is_a_new_version() -> None:
    assert acted(planning(3), a_case(version=4)).version == 5


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, date(2026, 3, 5)),
        (1, date(2026, 3, 6)),
        (2, date(2026, 3, 9)),
        (6, date(2026, 3, 13)),
    ],
)
def test_business_days_leave_weekends_out(number: int, expected: date) -> None:
    assert business_days_after(date(2026, 3, 5), number) == expected


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_a_business_day_is_never_on_a_weekend(day: date, number: int) -> None:
    assert business_days_after(day, number).weekday() < 5
