from datetime import timedelta

import pytest

from services.recovery.domain.model import CaseState, Debtor
from services.recovery.storage import Remark
from tests.unit.recovery.builders import TODAY, a_book, a_case, eur


def test_a_customer_that_nobody_spoke_of_owes_nothing() -> None:
    debtor = a_book().debtor("C9")

    assert debtor == Debtor("C9")
    assert debtor.claims == ()


def test_asking_for_a_debtor_changes_nothing() -> None:
    book = a_book()
    book.debtor("C9")

    assert book.debtors == {}
    assert book.changed_debtors == set()


def test_a_debtor_that_was_put_in_is_found_and_changed() -> None:
    book = a_book()
    book.put_debtor(Debtor("C1", tier="high"))

    assert book.debtor("C1").tier == "high"
    assert book.changed_debtors == {"C1"}


def test_the_last_state_of_a_debtor_counts() -> None:
    book = a_book()
    book.put_debtor(Debtor("C1", tier="high"))
    book.put_debtor(Debtor("C1", tier="low"))

    assert book.debtor("C1").tier == "low"


def test_an_open_case_is_found_by_its_customer() -> None:
    book = a_book()
    book.put_case(a_case("K1"))

    assert book.open_cases["C1"].case_id == "K1"
    assert set(book.changed_cases) == {"K1"}


def test_a_closed_case_is_no_longer_open_but_saved() -> None:
    book = a_book()
    book.put_case(a_case("K1"))
    book.put_case(a_case("K1", state=CaseState.CLOSED, plan=None, closed_on=TODAY))

    assert book.open_cases == {}
    assert book.changed_cases["K1"].state is CaseState.CLOSED


def test_a_closed_case_that_was_never_open_here_is_saved_too() -> None:
    book = a_book()
    book.put_case(a_case("K1", state=CaseState.CLOSED, plan=None, closed_on=TODAY))

    assert book.open_cases == {}
    assert set(book.changed_cases) == {"K1"}


def test_a_remark_is_a_line_with_how_the_case_stands() -> None:
    book = a_book()
    book.note(a_case(version=4), Remark("call", "Ada", note="no answer"), on=TODAY)

    (deed,) = book.deeds
    assert (deed.case_id, deed.customer_id, deed.ordinal, deed.on) == ("K1", "C1", 4, TODAY)
    assert (deed.next_action, deed.next_action_on) == (
        "send_interest_notice",
        TODAY + timedelta(days=5),
    )
    assert deed.remark.note == "no answer"


def test_the_last_line_of_a_closed_case_has_nothing_to_come() -> None:
    book = a_book()
    case = a_case(state=CaseState.CLOSED, plan=None, closed_on=TODAY)
    book.note(case, Remark("closed", "recovery"), on=TODAY)

    (deed,) = book.deeds
    assert (deed.next_action, deed.next_action_on) == (None, None)


def test_lines_stay_in_the_order_they_were_written() -> None:
    book = a_book()
    for number, kind in enumerate(("opened", "call", "letter"), start=1):
        book.note(a_case(version=number), Remark(kind, "Ada"), on=TODAY)

    assert [deed.remark.type for deed in book.deeds] == ["opened", "call", "letter"]


@pytest.mark.parametrize(("ahead", "due"), [(-1, True), (0, True), (1, False)])
def test_a_debtor_is_due_on_its_day_and_after(ahead: int, *, due: bool) -> None:
    book = a_book()
    book.put_debtor(Debtor("C1", wake_on=TODAY + timedelta(days=ahead)))

    assert bool(book.due(TODAY)) is due


def test_a_debtor_without_a_day_is_never_due() -> None:
    book = a_book()
    book.put_debtor(Debtor("C1"))

    assert book.due(TODAY) == []


def test_debtors_are_due_in_the_order_of_their_ids() -> None:
    book = a_book()
    for customer_id in ("C3", "C1", "C2"):
        book.put_debtor(Debtor(customer_id, wake_on=TODAY))

    assert [debtor.customer_id for debtor in book.due(TODAY)] == ["C1", "C2", "C3"]


def test_two_customers_have_cases_of_their_own() -> None:
    book = a_book()
    book.put_case(a_case("K1"))
    book.put_case(a_case("K2", customer_id="C2", amount=eur("7.00")))

    assert {case.case_id for case in book.open_cases.values()} == {"K1", "K2"}
