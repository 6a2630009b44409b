"""The parts of an account by themselves: what is open, contested, paused, unapplied."""

import pytest

from services.monitoring.domain.receivables.account import (
    Account,
    Dispute,
    Order,
    Payment,
    Receivable,
)
from tests.unit.monitoring.ledger_builders import day

INVOICE = Receivable(
    invoice_id="I1", invoice_date=day(0), due_date=day(30), amount=10_000, currency="EUR"
)
PAYMENT = Payment(payment_id="P1", on=day(10), amount=10_000, currency="EUR")
ORDER = Order(order_id="O1", placed_on=day(0), amount=10_000, currency="EUR")


def _disputed(amount: int, *, on: int = 0, conceded: bool = False) -> Receivable:
    dispute = Dispute(dispute_id="D1", opened_on=day(on), amount=amount, conceded=conceded)
    return INVOICE._replace(disputes=(dispute,))


@pytest.mark.parametrize(
    ("credited", "paid", "left"),
    [(0, 0, 10_000), (1, 0, 9_999), (0, 9_999, 1), (4_000, 6_000, 0), (10_000, 0, 0)],
)
def test_open_is_what_neither_credit_nor_money_took(credited: int, paid: int, left: int) -> None:
    assert INVOICE._replace(credited=credited, paid=paid).open == left


def test_nothing_is_open_on_a_cancelled_invoice() -> None:
    assert INVOICE._replace(cancelled=True).open == 0


@pytest.mark.parametrize(("amount", "disputed"), [(1, 1), (10_000, 10_000), (10_001, 10_000)])
def test_no_more_is_contested_than_is_owed(amount: int, disputed: int) -> None:
    assert _disputed(amount).disputed == disputed


@pytest.mark.parametrize(("on", "paused"), [(0, 400), (39, 400), (40, 400), (41, 0), (90, 0)])
def test_a_dispute_pauses_if_opened_within_ten_days_of_the_due_date(on: int, paused: int) -> None:
    assert _disputed(400, on=on).paused(10) == paused


@pytest.mark.parametrize("on", [0, 40, 41, 400])
def test_what_was_conceded_pauses_whenever_it_was_contested(on: int) -> None:
    assert _disputed(400, on=on, conceded=True).paused(10) == 400


def test_without_a_dispute_nothing_is_paused() -> None:
    assert INVOICE.paused(10) == 0


@pytest.mark.parametrize(("applied", "left"), [(0, 10_000), (9_999, 1), (10_000, 0)])
def test_unapplied_is_what_no_invoice_took(applied: int, left: int) -> None:
    assert PAYMENT._replace(applied=applied).unapplied == left


def test_nothing_is_unapplied_of_a_bounced_payment() -> None:
    assert PAYMENT._replace(bounced=True).unapplied == 0


@pytest.mark.parametrize(("invoiced", "left"), [(0, 10_000), (9_999, 1), (10_000, 0), (12_000, 0)])
def test_an_order_is_open_until_it_is_invoiced(invoiced: int, left: int) -> None:
    assert ORDER._replace(invoiced=invoiced).open == left


def test_a_cancelled_order_is_not_open() -> None:
    assert ORDER._replace(cancelled=True).open == 0


def test_an_invoice_stands_with_the_open_or_with_the_closed_but_never_with_both() -> None:
    account = Account()
    for paid in (0, 10_000, 0, 10_000):
        account.put(INVOICE._replace(paid=paid))

        assert ("I1" in account.receivables) is (paid == 0)
        assert ("I1" in account.closed) is (paid == 10_000)
        assert account.receivable("I1") is not None


def test_an_invoice_that_nobody_issued_is_none() -> None:
    assert Account().receivable("I9") is None


def test_currencies_are_in_their_order() -> None:
    account = Account()
    for currency in ("USD", "CNY", "EUR"):
        account.history(currency)

    assert account.currencies == ["CNY", "EUR", "USD"]


def test_a_copied_account_changes_alone() -> None:
    account = Account()
    account.put(INVOICE)
    copied = account.copy()
    copied.put(INVOICE._replace(paid=10_000))
    copied.history("EUR").buy(day(0), 1)

    assert list(account.receivables) == ["I1"]
    assert account.histories == {}
