"""What orders do to an account, posted one by one."""

from dataclasses import replace

import pytest

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.domain.receivables.orders import (
    KEPT_DAYS,
    change_order,
    deliver,
    live_order,
    place_order,
)
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_cancellation,
    a_change,
    an_invoice,
    an_order,
    an_order_cancelled,
    day,
)


def _folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


def _open(account: Account, name: str = "O1") -> int:
    return account.orders[name].open


def test_an_order_is_open_for_its_amount() -> None:
    assert _open(_folded(an_order(amount="250"))) == 25_000


def test_the_same_order_posted_again_changes_nothing() -> None:
    account = _folded(an_order())
    before = account.copy()

    place_order(account, an_order(amount="900"))
    assert account == before


@pytest.mark.parametrize(
    ("invoiced", "left"), [("99.99", 1), ("100", 0), ("100.01", 0), ("300", 0)]
)
def test_invoices_take_an_order_up_and_no_more(invoiced: str, left: int) -> None:
    account = _folded(an_order(), an_invoice(amount=invoiced, on=1, refers_to="O1"))

    assert _open(account) == left


def test_two_invoices_take_up_their_parts() -> None:
    account = _folded(
        an_order(),
        an_invoice("I1", "30", on=1, refers_to="O1"),
        an_invoice("I2", "50", on=2, refers_to="O1"),
    )

    assert _open(account) == 2_000


def test_an_invoice_that_names_no_order_takes_none_up() -> None:
    assert _open(_folded(an_order(), an_invoice(on=1))) == 10_000


def test_an_invoice_before_its_order_is_remembered() -> None:
    account = _folded(an_invoice(amount="40", refers_to="O1"), an_order(on=3))

    assert _open(account) == 6_000


def test_an_invoice_in_another_currency_takes_up_nothing() -> None:
    account = _folded(an_order(), an_invoice(on=1, refers_to="O1", currency="USD"))

    assert _open(account) == 10_000


def test_a_cancelled_invoice_opens_its_order_again() -> None:
    account = _folded(an_order(), an_invoice(on=1, refers_to="O1"), a_cancellation(on=5))

    assert _open(account) == 10_000


def test_giving_back_to_an_order_that_nobody_knows_is_nothing() -> None:
    account = _folded(an_invoice())
    receivable = account.receivable("I1")
    assert receivable is not None

    deliver(account, receivable._replace(order_id="O9"), on=day(1), sign=-1)
    assert account.orders == {}


def test_a_change_gives_an_order_another_amount() -> None:
    assert _open(_folded(an_order(), a_change(amount="50"))) == 5_000


def test_the_highest_version_of_an_order_counts() -> None:
    account = _folded(an_order(), a_change(amount="50", version=3), a_change(amount="80", on=2))

    assert _open(account) == 5_000


@pytest.mark.parametrize("version", [1, 2])
def test_a_change_that_is_not_newer_changes_nothing(version: int) -> None:
    account = _folded(an_order(), a_change())
    before = account.copy()

    change_order(account, a_change(amount="1", version=version), account.orders["O1"])
    assert account == before


def test_an_order_may_be_changed_to_nothing() -> None:
    assert _open(_folded(an_order(), a_change(amount="0"))) == 0


def test_a_change_without_a_delivery_keeps_the_one_planned() -> None:
    order = replace(an_order(), delivery=day(20))

    assert _folded(order, a_change()).orders["O1"].planned_delivery == day(20)


def test_a_change_may_move_the_delivery() -> None:
    account = _folded(replace(an_order(), delivery=day(20)), replace(a_change(), delivery=day(25)))

    assert account.orders["O1"].planned_delivery == day(25)


def test_a_cancelled_order_is_not_open() -> None:
    assert _open(_folded(an_order(), an_order_cancelled())) == 0


@pytest.mark.parametrize(("age", "known"), [(59, True), (60, True), (61, False)])
def test_a_delivered_order_matters_for_sixty_days(age: int, *, known: bool) -> None:
    account = _folded(an_order(), an_invoice(refers_to="O1"))

    assert KEPT_DAYS == 60
    assert (live_order(account, "O1", on=day(age)) is not None) is known


@pytest.mark.parametrize("age", [60, 61, 1000])
def test_an_open_order_matters_as_long_as_it_is_open(age: int) -> None:
    assert live_order(_folded(an_order()), "O1", on=day(age)) is not None


def test_an_order_that_nobody_knows_does_not_matter() -> None:
    assert live_order(_folded(an_order()), "O9", on=day(1)) is None
