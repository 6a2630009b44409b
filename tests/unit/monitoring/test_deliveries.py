"""What was delivered and not invoiced: moved from the open order, and on to the invoice."""

from dataclasses import replace

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.figures.exposure import Exposure, exposure_of
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import account_as_of, fold
from services.monitoring.domain.receivables.orders import live_order, uninvoiced
from services.monitoring.domain.receivables.retention import let_go
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_cancellation,
    a_change,
    a_credit,
    a_payment,
    an_invoice,
    an_order,
    an_order_cancelled,
    day,
)
from tests.unit.monitoring.undertaking_builders import a_delivery, a_return


def _folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


def exposed(*facts: Fact, on: int = 30) -> Exposure:
    account = account_as_of(facts, day(on), LEDGER)
    return exposure_of(account, age(account, "EUR", as_of=day(on), policy=LEDGER), LEDGER)


def _parts(*facts: Fact, on: int = 30) -> tuple[int, int, int, int]:
    exposure = exposed(*facts, on=on)
    return exposure.open, exposure.uninvoiced, exposure.open_orders, exposure.total


def _invoiced(amount: str, on: int = 5, order: str | None = "O1", name: str = "I1") -> Fact:
    return an_invoice(name, amount, on, refers_to=order)


def test_exposure_grows_as_an_order_is_delivered_and_stays_as_it_is_invoiced() -> None:
    facts = (an_order(amount="100"), a_delivery(amount="60", on=3), _invoiced("60", on=5))
    assert _parts(*facts, on=2) == (0, 0, 10_000, 5_000)
    assert _parts(*facts, on=3) == (0, 6_000, 4_000, 8_000)
    assert _parts(*facts, on=5) == (6_000, 0, 4_000, 8_000)


@pytest.mark.parametrize(
    ("invoiced", "waiting", "ordered"),
    [("59.99", 1, 4_000), ("60", 0, 4_000), ("60.01", 0, 3_999), ("100", 0, 0)],
)
def test_an_invoice_takes_up_what_was_delivered_first(
    invoiced: str, waiting: int, ordered: int
) -> None:
    _, uninvoiced_part, open_orders, _ = _parts(an_order(), a_delivery(), _invoiced(invoiced))
    assert (uninvoiced_part, open_orders) == (waiting, ordered)


def test_it_does_not_matter_whether_goods_or_their_invoice_come_first() -> None:
    goods_first = (an_order(), a_delivery(on=3), _invoiced("60", on=4))
    paper_first = (an_order(), a_delivery(on=4), _invoiced("60", on=3))
    assert _parts(*goods_first) == _parts(*paper_first) == (6_000, 0, 4_000, 8_000)


@pytest.mark.parametrize(("delivered", "ordered"), [("99.99", 1), ("100", 0), ("100.01", 0)])
def test_no_more_is_open_than_is_left_of_the_order(delivered: str, ordered: int) -> None:
    assert exposed(an_order(), a_delivery(amount=delivered)).open_orders == ordered


def test_goods_may_come_before_their_order() -> None:
    assert _parts(a_delivery(on=1), an_order(on=4)) == (0, 6_000, 4_000, 8_000)


def test_a_cancelled_order_leaves_what_was_delivered() -> None:
    assert _parts(an_order(), a_delivery(), an_order_cancelled(on=9)) == (0, 6_000, 0, 6_000)


def test_a_changed_order_leaves_what_was_delivered() -> None:
    assert _parts(an_order(), a_delivery(), a_change(amount="80", on=9)) == (
        0,
        6_000,
        2_000,
        7_000,
    )


def test_a_cancelled_invoice_leaves_the_goods_with_the_customer() -> None:
    assert _parts(an_order(), a_delivery(), _invoiced("60"), a_cancellation(on=9)) == (
        0,
        6_000,
        4_000,
        8_000,
    )


def test_goods_that_came_back_uninvoiced_wait_for_no_invoice() -> None:
    assert _parts(an_order(), a_delivery(), a_return(amount="20")) == (0, 4_000, 4_000, 6_000)


@pytest.mark.parametrize(("amount", "left"), [("59.99", 1), ("60", 0), ("60.01", 0), ("900", 0)])
def test_no_more_comes_back_than_was_there(amount: str, left: int) -> None:
    assert exposed(an_order(), a_delivery(), a_return(amount=amount)).uninvoiced == left


def test_what_was_invoiced_stays_owed_until_a_credit_note() -> None:
    facts = (an_order(), a_delivery(), _invoiced("60"), a_return(invoice="I1", on=8))
    assert _parts(*facts) == (6_000, 0, 4_000, 8_000)
    assert _parts(*facts, a_credit(amount="20", on=9)) == (4_000, 0, 4_000, 6_000)


def test_goods_without_an_order_wait_for_an_invoice_without_one() -> None:
    loose = (a_delivery(order=None), _invoiced("50", order=None))
    assert _parts(*loose, on=4) == (0, 6_000, 0, 6_000)
    assert _parts(*loose, on=5) == (5_000, 1_000, 0, 6_000)


def test_an_invoice_of_an_order_leaves_loose_goods_alone() -> None:
    assert _parts(a_delivery(order=None), an_order(), _invoiced("50"))[1] == 6_000


def test_cancelling_gives_loose_goods_back() -> None:
    facts = (a_delivery(order=None), _invoiced("50", order=None), a_cancellation(on=9))
    assert _parts(*facts) == (0, 6_000, 0, 6_000)


def test_loose_goods_may_come_back() -> None:
    assert _folded(a_delivery(order=None), a_return(amount="90", order=None)).loose == {}


def test_a_return_of_what_nobody_knows_is_nothing() -> None:
    assert _parts(an_order(), a_return(order="O9"), a_return("R2", order=None))[1] == 0


def test_goods_in_another_currency_than_their_order_show_as_unmatched() -> None:
    account = _folded(an_order(), replace(a_delivery(), currency="USD"))
    assert (account.unmatched, uninvoiced(account, "EUR")) == (("L1",), 0)
    assert account.currencies == ["EUR", "USD"]


def test_currencies_are_kept_apart() -> None:
    other = replace(a_delivery(order=None), currency="USD")
    account = _folded(a_delivery("L2", order=None), other)
    assert (uninvoiced(account, "EUR"), uninvoiced(account, "USD")) == (6_000, 6_000)


def test_unapplied_money_is_taken_off_goods_too() -> None:
    assert exposed(an_order(), a_delivery(), a_payment(amount="30")).total == 5_000


@pytest.mark.parametrize("age_in_days", [60, 61, 1_000])
def test_an_order_with_goods_to_invoice_matters_as_long_as_it_takes(age_in_days: int) -> None:
    account = _folded(an_order(amount="60"), a_delivery())
    assert live_order(account, "O1", on=day(age_in_days)) is not None
    let_go(account, month=day(age_in_days + 400))
    assert list(account.orders) == ["O1"]


@pytest.mark.parametrize(("age_in_days", "known"), [(64, True), (65, True), (66, False)])
def test_an_order_matters_for_sixty_days_after_its_last_document(
    age_in_days: int, *, known: bool
) -> None:
    account = _folded(an_order(amount="60"), a_delivery(), _invoiced("60", on=5))
    assert (live_order(account, "O1", on=day(age_in_days)) is not None) is known


def test_goods_told_of_long_after_the_order_are_not_invoiced_twice() -> None:
    facts = (an_order(amount="60"), _invoiced("60", on=100), a_delivery(on=101))
    assert exposed(*facts, on=101).uninvoiced == 0
