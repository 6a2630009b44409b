"""What is kept of a customer between batches: the same bytes for the same state."""

from datetime import date

from services.monitoring.domain.account import Account
from services.monitoring.domain.ledger import Ledger
from services.monitoring.storage.accounts import account_rows, read_state, write_state
from services.monitoring.storage.book import Book, Customer
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_dispute,
    a_payment,
    an_invoice,
    an_order,
    day,
)

FACTS = [
    an_order(on=0),
    an_invoice(on=0, refers_to="O1"),
    a_dispute(on=3),
    a_payment(on=10, to={"I1": "50", "I9": "10"}),
    an_invoice("I2", on=12, currency="USD"),
    a_bounce("P7", on=13),
]


def a_customer(*, backwards: bool = False) -> Customer:
    ledger = Ledger()
    ledger.rebuild(FACTS[::-1] if backwards else FACTS, LEDGER)
    return Customer(customer_id="C1", ledger=ledger, wake_on=date(2025, 1, 5))


def test_a_state_comes_back_the_same() -> None:
    customer = a_customer()
    customer.standing.limits = {}
    ledger, standing = read_state(write_state(customer))
    assert ledger.unfold(LEDGER) == customer.ledger.account
    assert standing == customer.standing


def test_the_same_facts_give_the_same_bytes_in_any_order() -> None:
    assert write_state(a_customer()) == write_state(a_customer(backwards=True))


def test_rows_are_in_the_order_of_their_customers() -> None:
    customers = [Customer(customer_id=name) for name in ("B", "A")]
    assert [row["customer_id"] for row in account_rows(customers, partition=2)] == ["A", "B"]


def test_an_account_in_order_is_the_same_account() -> None:
    account = a_customer().ledger.account
    assert account.in_order() == account


def test_a_copy_changes_by_itself() -> None:
    account = Account()
    copy = account.copy()
    copy.credits["EUR"] = 1
    copy.history("EUR").buy(day(0), 5)
    assert (account.credits, account.histories) == ({}, {})


def test_totals_count_who_owes_and_how_much() -> None:
    book = Book(partition=0)
    book.shift_totals({}, {"EUR": 100})
    book.shift_totals({}, {"EUR": 50, "USD": 7})
    book.shift_totals({"EUR": 100}, {})
    assert (book.totals["EUR"].open, book.totals["EUR"].customers) == (50, 1)
    assert (book.totals["USD"].open, book.totals["USD"].customers) == (7, 1)


def test_only_whom_the_day_concerns_is_woken_in_order() -> None:
    book = Book(partition=0)
    for name, wake_on in (("B", day(1)), ("A", day(2)), ("C", day(3)), ("D", None)):
        book.customer(name).wake_on = wake_on
    assert [customer.customer_id for customer in book.waking(day(2))] == ["A", "B"]
