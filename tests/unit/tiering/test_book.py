"""The portfolio: newest day before the one decided for, complete in all partitions."""

from datetime import date

from services.tiering.storage.book import Portfolio, TotalRow
from tests.unit.tiering.building import eur
from tests.unit.tiering.events import CUSTOMER, a_book


def june(day: int) -> date:
    return date(2025, 6, day)


def row(day: int, partition: int, amount: int, currency: str = "EUR") -> TotalRow:
    return TotalRow(june(day), partition, currency, amount, 10)


def test_partitions_are_added_up_per_currency() -> None:
    portfolio = Portfolio(2, [row(1, 0, 100), row(1, 1, 200), row(1, 1, 999, "USD")])
    total = portfolio.before(june(2), "EUR")
    assert total is not None
    assert (total.open, total.customers, total.day) == (eur(3), 20, june(1))


def test_a_day_that_one_partition_has_not_closed_does_not_count() -> None:
    portfolio = Portfolio(2, [row(1, 0, 1), row(1, 1, 1), row(2, 0, 100)])
    total = portfolio.before(june(3), "EUR")
    assert total is not None
    assert total.day == june(1)


def test_the_day_itself_does_not_count() -> None:
    portfolio = Portfolio(1, [row(1, 0, 1), row(2, 0, 100)])
    total = portfolio.before(june(2), "EUR")
    assert total is not None
    assert total.day == june(1)


def test_without_a_complete_day_nothing_is_known() -> None:
    assert Portfolio(2, [row(1, 0, 1)]).before(june(9), "EUR") is None


def test_a_currency_nobody_owes_in_is_zero_not_unknown() -> None:
    total = Portfolio(1, [row(1, 0, 1)]).before(june(2), "USD")
    assert total is not None
    assert total.open.minor == 0


def test_a_total_of_this_batch_counts_at_once() -> None:
    book = a_book(row(1, 1, 50), partitions=2)
    book.add_total(row(1, 0, 50))
    total = book.portfolio.before(june(2), "EUR")
    assert total is not None
    assert total.open == eur(1)


def test_asking_for_an_account_marks_it_as_changed() -> None:
    book = a_book()
    assert book.account(CUSTOMER) is book.account(CUSTOMER)
    assert book.changed == {CUSTOMER: 2}
