"""What the doors make of an action, before the worker sees it."""

from datetime import date

import msgspec
import pytest
from pydantic import ValidationError

from services.recovery.api import ActionIn
from services.recovery.app import create_app
from services.recovery.domain.acting import ActionType
from services.recovery.usecases import AddAction, case_answer
from shared.testing.http import settings_for
from tests.unit.recovery.builders import TODAY, a_case


def read(**body: object) -> AddAction:
    payload = ActionIn.model_validate(body).payload(a_case())
    return msgspec.json.decode(msgspec.json.encode(payload), type=AddAction)


def test_an_action_needs_no_more_than_a_type() -> None:
    wish = read(type="call")
    assert (wish.type, wish.note, wish.case_id, wish.customer_id) == (
        ActionType.CALL,
        "",
        "K1",
        "C1",
    )


def test_known_details_become_fields_and_others_are_kept() -> None:
    wish = read(
        type="promise_to_pay",
        note="will pay",
        data={"promised_on": "2026-03-05", "amount": "10.00", "with": "Mr Li"},
    )
    assert wish.promised_on == date(2026, 3, 5)
    assert wish.details == {"amount": "10.00", "with": "Mr Li"}


def test_a_next_action_comes_with_the_action() -> None:
    wish = read(type="call", data={"next_action": "visit", "next_action_on": "2026-03-05"})
    assert (wish.next_action, wish.next_action_on) == ("visit", date(2026, 3, 5))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"type": "shout"},
        {"type": "call", "shoe_size": 42},
        {"type": "call", "note": "a\x00b"},
        {"type": "call", "data": {"next_action_on": "soon"}},
        {"type": "call", "data": {"next_action": ""}},
        {"type": "call", "data": {"deep": {"deeper": 1}}},
        {"type": "call", "data": {"text": "a\x00b"}},
        {"type": "call", "data": {"a\x00b": "text"}},
    ],
)
def test_an_action_that_cannot_be_right_is_refused_at_the_door(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ActionIn.model_validate(wrong)


def test_a_case_is_shown_with_money_as_text_and_what_comes_next() -> None:
    shown = case_answer(a_case())
    assert (shown["amount"], shown["currency"]) == ("100.00", "EUR")
    assert shown["next_action"] == "send_interest_notice"
    assert shown["next_action_on"] > TODAY.isoformat()
    assert shown["closed_on"] is None


def test_the_doors_declare_what_they_answer() -> None:
    document = create_app(settings_for()).openapi()
    paths = document["paths"]
    post = paths["/recovery/v1/cases/{case_id}/actions"]["post"]
    assert {"201", "202", "401", "403", "404", "409", "422"} <= set(post["responses"])
    case = document["components"]["schemas"]["CaseWithHistoryOut"]["properties"]
    assert {"state", "cause", "next_action", "next_action_on", "history"} <= set(case)
