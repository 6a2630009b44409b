"""Registering, screening and closing a day, without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.screening.domain.model import FinancialHealth, Identifier, OwnHistory
from services.screening.usecases import (
    RegisterCustomer,
    ScreenCustomer,
    close_day,
    keep_arrears,
    register_customer,
    screen_customer,
)
from shared.contracts import screening as said
from shared.contracts.monitoring import ArrearsChanged, OverdueInvoice
from shared.kernel.errors import InvalidInputError, NotFoundError
from tests.unit.screening.builders import (
    CHINESE_NAME,
    TODAY,
    USCC,
    a_book,
    a_wish,
    next_record,
    said_by,
    some_work,
)


def an_invoice(due: date, *, disputed: str = "0") -> OverdueInvoice:
    return OverdueInvoice(
        invoice_id=f"I-{due}",
        invoice_date=due,
        due_date=due,
        amount=Decimal(100),
        open_amount=Decimal(100),
        disputed_amount=Decimal(disputed),
        currency="CNY",
    )


def arrears(*invoices: OverdueInvoice) -> ArrearsChanged:
    return ArrearsChanged(customer_id="C1", as_of=TODAY, invoices=invoices, totals=())


def test_a_new_customer_is_announced_and_then_screened() -> None:
    book, work = a_book(), some_work()
    answer = register_customer(a_wish(), book, work)
    assert answer.status == 201
    assert [type(event) for event in said_by(work)] == [
        said.CustomerRegistered,
        said.CustomerCleared,
    ]
    assert answer.body["outcome"] == "pass"


def test_registering_stores_one_decision_and_one_screening() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    assert [decision.kind for decision in work.decided] == ["screening"]
    assert [row.decision_id for row in book.screenings] == [work.decided[0].decision_id]


def test_the_verdict_names_its_decision_day_and_policy() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    verdict = said_by(work)[1]
    assert isinstance(verdict, said.CustomerCleared)
    assert verdict.decision_id == work.decided[0].decision_id
    assert verdict.as_of == TODAY
    assert verdict.policy_version == "screening-2026.1"
    assert "C02" in verdict.not_checked


def test_a_chinese_name_travels_as_given() -> None:
    book, work = a_book(), some_work()
    name = said.LegalName(name=CHINESE_NAME, script="Hans")
    wish = RegisterCustomer(customer_id="C1", legal_names=(name,), country="CN")
    register_customer(wish, book, work)
    event = said_by(work)[0]
    assert isinstance(event, said.CustomerRegistered)
    assert event.legal_names == (name,)
    assert book.entries["C1"].customer.name == CHINESE_NAME


def test_the_same_facts_again_are_no_new_version() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    next_record(work, "again")
    answer = register_customer(a_wish(), book, work)
    assert answer.status == 200
    assert answer.body["version"] == 1
    assert len(work.announced) == 2
    assert len(work.decided) == 1


def test_a_changed_name_is_a_new_version_and_is_screened_again() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    next_record(work, "again")
    answer = register_customer(a_wish(name="Bcme Ltd"), book, work)
    assert answer.status == 200
    assert answer.body["version"] == 2
    assert [type(event) for event in said_by(work)[2:]] == [
        said.CustomerUpdated,
        said.CustomerCleared,
    ]


def test_a_changed_segment_is_told_and_not_screened_again() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    next_record(work, "again")
    register_customer(a_wish(segment="retail"), book, work)
    assert [type(event) for event in said_by(work)[2:]] == [said.CustomerUpdated]
    assert book.entries["C1"].customer.segment == "retail"
    assert book.entries["C1"].verdict is not None


def test_a_customer_that_cannot_be_right_changes_nothing() -> None:
    book, work = a_book(), some_work()
    wish = RegisterCustomer(customer_id="C1", legal_names=(), country="CN")
    with pytest.raises(InvalidInputError):
        register_customer(wish, book, work)
    assert book == a_book()
    assert work.announced == []


def test_an_identifier_that_somebody_holds_refers_and_stays_with_its_holder() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish("C1", uscc=USCC), book, work)
    next_record(work, "second")
    answer = register_customer(a_wish("C2", uscc=USCC), book, work)
    assert answer.body["outcome"] == "refer"
    assert answer.body["reasons"][0]["code"] == "R-ID-CLASH"
    assert isinstance(said_by(work)[-1], said.CustomerReferred)
    assert book.holders[Identifier("uscc", USCC)] == "C1"


def test_an_identifier_is_normalised_before_it_is_compared() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish("C1", uscc=USCC), book, work)
    next_record(work, "second")
    answer = register_customer(a_wish("C2", uscc=" 9133-0100-7996-5505-8b "), book, work)
    assert answer.body["outcome"] == "refer"


def test_a_revoked_customer_is_rejected() -> None:
    book, work = a_book(), some_work()
    wish = RegisterCustomer(
        customer_id="C1",
        legal_names=(said.LegalName(name="Acme"),),
        country="CN",
        registration_status="revoked",  # type: ignore[arg-type]  # as it comes off the wire
    )
    answer = register_customer(wish, book, work)
    assert answer.body["outcome"] == "reject"
    assert isinstance(said_by(work)[-1], said.CustomerRejected)


def test_screening_a_stranger_is_refused() -> None:
    with pytest.raises(NotFoundError):
        screen_customer(ScreenCustomer(customer_id="C9"), a_book(), some_work())


def test_screening_takes_and_keeps_statement_figures() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    next_record(work, "screen")
    weak = FinancialHealth(date(2025, 12, 31), z_double_prime=0.5, total_equity=Decimal(-1))
    answer = screen_customer(ScreenCustomer(customer_id="C1", financials=weak), book, work)
    assert answer.status == 201
    assert (answer.body["outcome"], answer.body["points"]) == ("refer", 45)
    assert book.entries["C1"].financials == weak


def test_screening_again_uses_the_figures_kept() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    next_record(work, "screen")
    weak = FinancialHealth(date(2025, 12, 31), z_double_prime=0.5)
    screen_customer(ScreenCustomer(customer_id="C1", financials=weak), book, work)
    next_record(work, "again")
    answer = screen_customer(ScreenCustomer(customer_id="C1"), book, work)
    assert answer.body["points"] == 20


def test_the_answer_has_the_shape_that_was_promised() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    body = screen_customer(ScreenCustomer(customer_id="C1"), book, work).body
    assert {"outcome", "points", "reasons", "checks", "not_checked", "matches"} <= set(body)
    first = body["checks"][0]
    assert {"id", "status", "points", "reason"} <= set(first)
    assert (first["id"], first["status"]) == ("C01", "not_checked")


def test_arrears_are_kept_and_decide_nothing() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(date(2026, 1, 5)), an_invoice(date(2026, 1, 9))), book, work)
    assert book.histories["C1"] == OwnHistory(as_of=TODAY, oldest_due_on=date(2026, 1, 5))
    assert work.decided == []


def test_a_fully_disputed_invoice_is_no_bad_history() -> None:
    book, work = a_book(), some_work()
    disputed = an_invoice(date(2025, 1, 5), disputed="100")
    keep_arrears(arrears(disputed, an_invoice(date(2026, 2, 9), disputed="99")), book, work)
    assert book.histories["C1"].oldest_due_on == date(2026, 2, 9)


def test_paid_arrears_clear_the_history() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(date(2025, 1, 5))), book, work)
    keep_arrears(arrears(), book, work)
    assert book.histories["C1"].oldest_due_on is None


def test_arrears_do_not_forget_a_write_off() -> None:
    book, work = a_book(), some_work()
    book.put_history("C1", OwnHistory(as_of=TODAY, unrecovered_write_off=True))
    keep_arrears(arrears(), book, work)
    assert book.histories["C1"].unrecovered_write_off is True


def test_old_arrears_count_at_the_next_screening() -> None:
    book, work = a_book(), some_work()
    keep_arrears(arrears(an_invoice(date(2026, 1, 5))), book, work)
    answer = register_customer(a_wish(), book, work)
    assert answer.body["points"] == 15
    assert answer.body["reasons"][0]["code"] == "S-OWN"


@pytest.mark.parametrize(("day", "screened"), [(-1, 0), (0, 1), (1, 1)])
def test_closing_a_day_screens_those_whose_verdict_ends(day: int, screened: int) -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    valid_to = date(2027, 3, 2)
    next_record(work, "marker")
    closing = date.fromordinal(valid_to.toordinal() + day)
    work.closing = closing
    event = close_day(closing, book, work)
    assert event.date == closing
    assert len(work.decided) == 1 + screened


def test_a_renewed_verdict_counts_from_the_day_closed() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    work.closing = date(2027, 3, 2)
    close_day(work.closing, book, work)
    entry = book.entries["C1"]
    assert entry.wake_on == date(2028, 3, 2)


def test_a_day_in_a_quiet_partition_closes_too() -> None:
    assert close_day(TODAY, a_book(), some_work()) == said.ScreeningDayClosed(date=TODAY)


def test_the_same_batch_tried_again_says_the_same() -> None:
    first, second = some_work(), some_work()
    register_customer(a_wish(uscc=USCC), a_book(), first)
    register_customer(a_wish(uscc=USCC), a_book(), second)
    assert first.announced == second.announced
    assert first.decided == second.decided


def test_a_customer_keeps_the_day_it_was_first_registered_on() -> None:
    book, work = a_book(), some_work()
    register_customer(a_wish(), book, work)
    entry = book.entries["C1"]
    book.put(replace(entry, registered_at=date(2020, 1, 1)))
    register_customer(a_wish(name="Bcme"), book, work)
    assert book.entries["C1"].registered_at == date(2020, 1, 1)
