"""What an account lets go of, and what it has to keep."""

from datetime import date

import pytest

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.domain.receivables.retention import DOCUMENT_DAYS, HISTORY_DAYS, let_go
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_dispute,
    a_payment,
    a_resolution,
    an_invoice,
    an_order,
    day,
)
from tests.unit.monitoring.undertaking_builders import (
    a_bill,
    a_bill_passed_on,
    a_bill_settled,
    a_contact,
    a_promise,
    a_request,
    a_write_off,
    an_allocation,
)


def _after(*facts: Fact, month: date, needed: set[tuple[str, str]] | None = None) -> Account:
    account = fold(facts, LEDGER)
    let_go(account, month=month, needed=lambda: needed or set())
    return account


@pytest.mark.parametrize(("age", "kept"), [(59, True), (60, True), (61, False)])
def test_a_settled_invoice_is_kept_for_sixty_days(age: int, *, kept: bool) -> None:
    account = _after(an_invoice(), a_payment(on=10), month=day(10 + age))

    assert (account.receivable("I1") is not None) is kept


@pytest.mark.parametrize("age", [60, 61, 2000])
def test_an_open_invoice_is_never_let_go(age: int) -> None:
    assert _after(an_invoice(), month=day(age)).receivable("I1") is not None


def test_an_old_invoice_that_is_needed_is_kept() -> None:
    account = _after(an_invoice(), a_payment(), month=day(200), needed={("invoice", "I1")})

    assert account.receivable("I1") is not None


@pytest.mark.parametrize(("age", "kept"), [(60, True), (61, False)])
def test_a_payment_is_kept_for_sixty_days(age: int, *, kept: bool) -> None:
    account = _after(an_invoice(), a_payment(on=10), month=day(10 + age))

    assert ("P1" in account.payments) is kept


def test_a_payment_with_money_left_is_never_let_go() -> None:
    account = _after(an_invoice(), a_payment(amount="100.01"), month=day(2000))

    assert account.payments["P1"].unapplied == 1


def test_a_payment_on_an_open_invoice_is_never_let_go() -> None:
    assert "P1" in _after(an_invoice(), a_payment(amount="99"), month=day(2000)).payments


def test_an_old_payment_that_is_needed_is_kept() -> None:
    account = _after(an_invoice(), a_payment(), month=day(200), needed={("payment", "P1")})

    assert "P1" in account.payments


@pytest.mark.parametrize(("age", "kept"), [(60, True), (61, False)])
def test_a_delivered_order_is_kept_for_sixty_days(age: int, *, kept: bool) -> None:
    account = _after(an_order(), an_invoice(refers_to="O1"), month=day(age))

    assert ("O1" in account.orders) is kept


def test_an_open_order_is_never_let_go() -> None:
    assert "O1" in _after(an_order(), month=day(2000)).orders


def test_an_old_order_that_is_needed_is_kept() -> None:
    account = _after(
        an_order(), an_invoice(refers_to="O1"), month=day(200), needed={("order", "O1")}
    )

    assert "O1" in account.orders


def test_a_dispute_is_kept_as_long_as_its_invoice() -> None:
    facts = (an_invoice(), a_dispute(), a_resolution(on=15), a_payment(on=20))

    assert "D1" in _after(*facts, month=day(80)).disputes
    assert "D1" not in _after(*facts, month=day(81)).disputes


def test_an_old_dispute_that_is_needed_is_kept() -> None:
    facts = (an_invoice(), a_dispute(), a_resolution(on=15), a_payment(on=20))

    assert "D1" in _after(*facts, month=day(300), needed={("dispute", "D1")}).disputes


@pytest.mark.parametrize(("age", "kept"), [(799, True), (800, True), (801, False)])
def test_what_was_bought_is_remembered_for_eight_hundred_days(age: int, *, kept: bool) -> None:
    account = _after(an_invoice(), month=day(age))

    assert HISTORY_DAYS == 800
    assert bool(account.history("EUR").purchased) is kept


@pytest.mark.parametrize(("age", "kept"), [(200, True), (201, False)])
def test_invoice_numbers_are_remembered_for_two_hundred_days(age: int, *, kept: bool) -> None:
    account = _after(an_invoice(terms=0), a_payment(on=10), month=day(10 + age))

    assert DOCUMENT_DAYS == 200
    assert bool(account.history("EUR").settled[day(10)].late) is kept


def test_figures_of_a_day_outlive_its_invoice_numbers() -> None:
    account = _after(an_invoice(terms=0), a_payment(on=10), month=day(400))

    settled = account.history("EUR").settled[day(10)]
    assert (settled.invoices, settled.most_days_late, settled.late) == (1, 10, ())


def test_letting_go_twice_is_letting_go_once() -> None:
    facts = (an_order(), an_invoice(refers_to="O1"), a_payment(), a_dispute())
    once = _after(*facts, month=day(200))
    twice = once.copy()

    let_go(twice, month=day(200))
    assert twice == once


def test_nothing_owed_is_lost_by_letting_go() -> None:
    facts = (an_invoice(), an_invoice("I2", "70", on=3), a_payment(amount="100"))

    before = fold(facts, LEDGER)
    after = _after(*facts, month=day(2000))
    assert after.receivables == before.receivables


@pytest.mark.parametrize(("age", "kept"), [(59, True), (60, True), (61, False)])
def test_a_bill_is_kept_for_sixty_days_after_it_was_paid(age: int, *, kept: bool) -> None:
    facts = (an_invoice(), a_bill(on=10, due=100), a_bill_settled(on=100))
    account = _after(*facts, month=day(100 + age))
    assert (("B1" in account.bills), ("bill/B1" in account.payments)) == (kept, kept)


def test_a_bill_that_we_hold_is_never_let_go_nor_is_its_money() -> None:
    account = _after(an_invoice(), a_bill(on=10, due=100), month=day(2000))
    assert (list(account.bills), list(account.payments)) == (["B1"], ["bill/B1"])


@pytest.mark.parametrize(("age", "kept"), [(400, True), (401, False)])
def test_a_bill_passed_on_is_let_go_long_after_it_was_due(age: int, *, kept: bool) -> None:
    facts = (an_invoice(), a_bill(on=10, due=100), a_bill_passed_on(on=20))
    assert ("B1" in _after(*facts, month=day(100 + age)).bills) is kept


def test_an_old_bill_that_is_needed_is_kept() -> None:
    facts = (an_invoice(), a_bill(on=10, due=50), a_bill_settled(on=50))
    assert list(_after(*facts, month=day(500), needed={("bill", "B1")}).bills) == ["B1"]


@pytest.mark.parametrize(("age", "kept"), [(400, True), (401, False)])
def test_promises_requests_and_contacts_are_kept_for_a_year(age: int, *, kept: bool) -> None:
    facts = (a_promise(on=35, due=42), a_request(on=44), a_contact(on=44))
    account = _after(*facts, month=day(44 + age))
    assert (bool(account.promises), bool(account.reliefs), bool(account.contacts)) == (kept,) * 3


def test_an_allocation_is_let_go_with_its_payment() -> None:
    facts = (an_invoice(), a_payment(), an_allocation({"I1": "100"}))
    assert _after(*facts, month=day(70)).allocations == {"A1": "P1"}
    assert _after(*facts, month=day(200)).allocations == {}


@pytest.mark.parametrize(("age", "kept"), [(HISTORY_DAYS, True), (HISTORY_DAYS + 1, False)])
def test_losses_are_kept_as_long_as_sales(age: int, *, kept: bool) -> None:
    account = _after(an_invoice(), a_write_off(amount="100", on=50), month=day(50 + age))
    assert bool(account.histories["EUR"].losses) is kept
    assert account.written_off == {"EUR": 10_000}
