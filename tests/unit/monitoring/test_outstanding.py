"""Sums that are kept up: what is put in and taken out again leaves nothing."""

from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.receivables.account import Account, Order, Payment
from services.monitoring.domain.receivables.outstanding import Outstanding
from tests.unit.monitoring.ledger_builders import day

cents = st.integers(0, 10_000)


@given(cents, cents)
def test_what_is_taken_out_again_leaves_nothing(owed: int, waiting: int) -> None:
    with_it = Outstanding().with_order(owed, waiting, ahead=day(90))
    assert with_it.with_order(owed, waiting, ahead=day(90), sign=-1) == Outstanding()


def test_an_order_counted_before_its_day_was_kept_leaves_nothing_behind() -> None:
    older = Outstanding(open_orders=100, orders=1)
    assert older.with_order(100, 0, ahead=day(90), sign=-1) == Outstanding()


def test_only_open_orders_are_counted() -> None:
    assert Outstanding().with_order(1, 0).orders == 1
    assert Outstanding().with_order(0, 7, ahead=day(90)) == Outstanding(uninvoiced=7)


def test_an_order_that_changes_its_currency_changes_the_sums_of_both() -> None:
    account = Account()
    account.put_order(Order("O1", day(0), 100, "EUR", invoiced=40))
    account.put_order(Order("O1", day(0), 100, "USD"))
    assert account.outstanding["EUR"] == Outstanding()
    assert account.outstanding["USD"] == Outstanding(open_orders=100, orders=1)


def test_a_payment_counts_by_what_no_invoice_has_taken() -> None:
    account = Account()
    for applied, unapplied in ((0, 100), (30, 70), (100, 0)):
        account.put_payment(Payment("P1", day(0), 100, "EUR", applied=applied))
        assert account.outstanding["EUR"].unapplied == unapplied
