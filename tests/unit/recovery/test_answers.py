from datetime import timedelta

from services.recovery.domain.model import CaseState, Plan, Planner
from services.recovery.storage import Remark
from services.recovery.usecases.answers import case_answer, deed_answer
from tests.unit.recovery.builders import TODAY, YESTERDAY, a_book, a_case, eur


def test_an_open_case_says_what_comes_next() -> None:
    answer = case_answer(a_case())

    assert answer["next_action"] == "send_interest_notice"
    assert answer["next_action_on"] == "2026-03-07"
    assert answer["planned_by"] == "ladder"


def test_a_person_s_plan_is_shown_as_one() -> None:
    case = a_case(plan=Plan("visit", TODAY + timedelta(days=2), Planner.PERSON))

    assert case_answer(case)["planned_by"] == "person"


def test_an_open_case_has_no_end_and_no_outcome() -> None:
    answer = case_answer(a_case())

    assert (answer["closed_on"], answer["outcome"]) == (None, None)


def test_a_closed_case_says_when_and_how_it_ended() -> None:
    case = a_case(state=CaseState.CLOSED, plan=None, closed_on=TODAY, outcome="paid")
    answer = case_answer(case)

    assert (answer["state"], answer["closed_on"], answer["outcome"]) == (
        *("closed", "2026-03-02", "paid"),
    )
    assert (answer["next_action"], answer["next_action_on"], answer["planned_by"]) == (
        *(None, None, None),
    )


def test_money_is_text_in_its_currency() -> None:
    answer = case_answer(a_case(amount=eur("1234.50")))

    assert (answer["amount"], answer["currency"]) == ("1234.50", "EUR")


def test_a_promise_is_shown_with_the_day_it_is_checked() -> None:
    assert case_answer(a_case(promise_until=TODAY))["promise_until"] == "2026-03-02"
    assert case_answer(a_case())["promise_until"] is None


def test_a_case_is_shown_with_its_version() -> None:
    assert case_answer(a_case(version=7))["version"] == 7


def test_a_line_of_history_says_who_did_what_and_how_it_stood_then() -> None:
    book = a_book()
    remark = Remark("call", "Ada", note="no answer", details={"phone": "123"})
    book.note(a_case(version=3), remark, on=YESTERDAY)

    assert deed_answer(book.deeds[0]) == {
        "type": "call",
        "actor": "Ada",
        "note": "no answer",
        "decision_id": None,
        "details": {"phone": "123"},
        "ordinal": 3,
        "on": "2026-03-01",
        "state": "reminded",
        "next_action": "send_interest_notice",
        "next_action_on": "2026-03-07",
    }


def test_a_line_does_not_repeat_whose_it_is() -> None:
    book = a_book()
    book.note(a_case(), Remark("opened", "recovery", decision_id="d1"), on=TODAY)
    answer = deed_answer(book.deeds[0])

    assert answer["decision_id"] == "d1"
    assert not {"case_id", "customer_id", "remark"} & set(answer)
