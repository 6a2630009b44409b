"""Money is exact, knows its currency, and refuses what it cannot be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iso4217 import Currency

from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money, minor_digits, total

amounts = st.integers(min_value=-(10**12), max_value=10**12).map(lambda n: Money(n, "EUR"))


def test_an_amount_becomes_minor_units() -> None:
    assert Money.parse("12.34", "EUR") == Money(1234, "EUR")


def test_yen_have_no_minor_units() -> None:
    assert Money.parse("1200", "JPY") == Money(1200, "JPY")


def test_dinars_have_three_digits() -> None:
    assert Money.parse("1.005", "KWD") == Money(1005, "KWD")


@pytest.mark.parametrize("currency", [each.code for each in Currency if each.exponent is not None])
def test_digits_agree_with_the_standard(currency: str) -> None:
    assert minor_digits(currency) == Currency(currency).exponent


@pytest.mark.parametrize("amount", ["1.001", "0.005", "1E-3"])
def test_more_digits_than_the_currency_has_are_refused(amount: str) -> None:
    with pytest.raises(InvalidInputError, match="EUR has 2 decimal digits"):
        Money.parse(amount, "EUR")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "sNaN", "", "twelve", "1e999"])
def test_what_is_no_finite_number_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInputError):
        Money.parse(amount, "EUR")


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", "", "€€€", "ÄÖÜ"])
def test_what_is_no_currency_code_is_refused(currency: str) -> None:
    with pytest.raises(InvalidInputError, match="ISO 4217"):
        Money.parse("1", currency)


def test_an_absurd_amount_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="minor units"):
        Money.parse("1e15", "EUR")


def test_the_largest_amount_is_taken() -> None:
    assert Money.parse("1e13", "EUR").minor == 10**15


def test_the_refusal_names_the_field_it_was_given() -> None:
    with pytest.raises(InvalidInputError, match="open_amount"):
        Money.parse("x", "EUR", field="open_amount")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(InvalidInputError, match="convert first"):
        Money(1, "EUR") + Money(1, "USD")


def test_currencies_do_not_compare() -> None:
    with pytest.raises(InvalidInputError):
        assert Money(1, "EUR") < Money(2, "USD")


@pytest.mark.parametrize(
    ("minor", "factor", "expected"),
    [(100, 0.5, 50), (1, 0.5, 1), (3, 0.5, 2), (-1, 0.5, -1), (1000, 0.333, 333), (10, 0.0, 0)],
)
def test_scaling_rounds_once_half_away_from_zero(minor: int, factor: float, expected: int) -> None:
    assert Money(minor, "EUR").times(factor) == Money(expected, "EUR")


def test_money_is_shown_with_its_digits_and_currency() -> None:
    assert Money(123450, "EUR").shown() == "1,234.50 EUR"


def test_a_sum_of_nothing_is_zero_of_the_currency() -> None:
    assert total([], "CNY") == Money(0, "CNY")


@given(amounts, amounts)
def test_adding_and_taking_away_gives_the_same_back(left: Money, right: Money) -> None:
    assert left + right - right == left


@given(amounts)
def test_an_amount_reads_back_as_itself(money: Money) -> None:
    assert Money.parse(money.amount, money.currency) == money


@given(amounts, amounts)
def test_order_follows_the_minor_units(left: Money, right: Money) -> None:
    assert (left < right) == (left.minor < right.minor)
    assert (left >= right) == (not left < right)
    assert (left <= right) == (not left > right)


@given(st.lists(amounts, max_size=20))
def test_a_sum_is_exact(parts: list[Money]) -> None:
    assert total(parts, "EUR").minor == sum(part.minor for part in parts)


def test_the_negative_of_an_amount_cancels_it() -> None:
    assert Money(5, "EUR") + -Money(5, "EUR") == Money.zero("EUR")


def test_amount_has_exactly_the_currencys_digits() -> None:
    assert str(Money(100, "EUR").amount) == "1.00"
    assert Money(100, "JPY").amount == Decimal(100)
