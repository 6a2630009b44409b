"""What is kept of a customer between batches: the same bytes for the same state."""

from dataclasses import dataclass
from datetime import date

import msgspec

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.storage.accounts import (
    Shown,
    account_rows,
    read_shown,
    read_standing,
    read_state,
    write_state,
)
from services.monitoring.storage.book import Book, Customer
from services.monitoring.storage.flat import Flat
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_dispute,
    a_payment,
    an_invoice,
    an_order,
    day,
)
from tests.unit.monitoring.test_standing import an_exposure

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
    ledger, standing, watch = read_state(write_state(customer))
    assert ledger.unfold(LEDGER) == customer.ledger.account
    assert (standing, watch) == (customer.standing, customer.watch)


def test_the_same_facts_give_the_same_bytes_in_any_order() -> None:
    assert write_state(a_customer()) == write_state(a_customer(backwards=True))


def test_the_same_tables_give_the_same_bytes_in_whatever_order_they_were_filled() -> None:
    one, other = a_customer(), a_customer()
    one.standing.open, other.standing.open = {"USD": 1, "EUR": 2}, {"EUR": 2, "USD": 1}
    one.ledger.earlier.history("EUR").purchased = {day(2): 1, day(1): 1}
    other.ledger.earlier.history("EUR").purchased = {day(1): 1, day(2): 1}
    one.watch.conduct.claims, other.watch.conduct.claims = {"b": 1, "a": 1}, {"a": 1, "b": 1}
    assert write_state(one) == write_state(other)


def test_rows_are_in_the_order_of_their_customers() -> None:
    customers = [Customer(customer_id=name) for name in ("B", "A")]
    assert [row[0] for row in account_rows(customers, partition=2)] == ["A", "B"]


def test_standing_and_watch_can_be_read_alone() -> None:
    customer = a_customer()
    customer.standing.exposures = (an_exposure(60),)
    customer.watch.long_overdue = True
    state = write_state(customer)
    assert read_shown(state) == Shown(customer.standing, customer.watch)
    assert read_standing(state) == customer.standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    name: str
    sums: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class After(Before):
    rest: tuple[str, ...] = ("none",)


def test_what_was_written_before_a_field_was_added_reads_as_if_it_had_its_default() -> None:
    old, new = Flat(Before), Flat(After)
    written = msgspec.msgpack.encode(old.in_order(Before(name="C", sums={"b": 1, "a": 2})))
    assert written == msgspec.msgpack.encode(["C", {"a": 2, "b": 1}])
    read = new.made(msgspec.msgpack.decode(written, type=new.row))
    assert read == After(name="C", sums={"a": 2, "b": 1})


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
    assert book.totals_moved


def test_totals_that_nothing_moved_are_not_written() -> None:
    book = Book(partition=0)
    book.shift_totals({"EUR": 100}, {"EUR": 100})
    assert (book.totals, book.totals_moved) == ({}, False)


def test_only_whom_the_day_concerns_is_woken_in_order() -> None:
    book = Book(partition=0)
    for name, wake_on in (("B", day(1)), ("A", day(2)), ("C", day(3)), ("D", None)):
        book.customer(name).wake_on = wake_on
    assert [customer.customer_id for customer in book.waking(day(2))] == ["A", "B"]
