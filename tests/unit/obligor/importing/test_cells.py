from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligor.importing.cells import LONGEST, Row
from obligor.importing.mapping import Mapping
from shared.kernel.errors import InvalidInputError

PLAIN = Mapping()
GERMAN = Mapping(dates="%d.%m.%Y", decimal=",", currency="EUR")


def a_row(mapping: Mapping = PLAIN, /, **cells: str) -> Row:
    return Row(mapping, cells)


def test_a_cell_is_read_without_the_space_around_it() -> None:
    assert a_row(name="  Acme Ltd \t").text("name") == "Acme Ltd"


@pytest.mark.parametrize("cell", ["", " ", "\t\n"])
def test_a_blank_cell_is_nothing(cell: str) -> None:
    assert a_row(name=cell).text("name") is None


def test_a_column_that_is_not_there_is_nothing() -> None:
    assert a_row().text("name") is None


def test_a_cell_is_found_under_the_file_s_own_name() -> None:
    mapping = Mapping(columns={"customer_id": "Kunde"})

    assert a_row(mapping, Kunde="K7").text("customer_id") == "K7"


def test_a_renamed_column_is_not_looked_for_under_our_name() -> None:
    mapping = Mapping(columns={"customer_id": "Kunde"})

    assert a_row(mapping, customer_id="K7").text("customer_id") is None


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST])
def test_a_cell_may_be_long(length: int) -> None:
    assert a_row(name="x" * length).text("name") == "x" * length


def test_a_cell_that_is_too_long_is_refused_in_short() -> None:
    with pytest.raises(InvalidInputError, match="at most 200 characters") as refused:
        a_row(name="x" * (LONGEST + 1)).text("name")

    assert len(str(refused.value)) < LONGEST


def test_a_needed_cell_is_read() -> None:
    assert a_row(invoice_id="I-1").required("invoice_id") == "I-1"


@pytest.mark.parametrize("cell", ["", "   "])
def test_a_needed_cell_that_is_empty_is_refused_by_its_name(cell: str) -> None:
    with pytest.raises(InvalidInputError, match=r"invoice_id.*must not be empty"):
        a_row(invoice_id=cell).required("invoice_id")


@pytest.mark.parametrize(
    ("pattern", "cell", "day"),
    [
        ("%Y-%m-%d", "2026-03-31", date(2026, 3, 31)),
        ("%d.%m.%Y", "31.03.2026", date(2026, 3, 31)),
        ("%m/%d/%Y", "3/31/2026", date(2026, 3, 31)),
        ("%d/%m/%Y", "05/03/2026", date(2026, 3, 5)),
        ("%m/%d/%Y", "05/03/2026", date(2026, 5, 3)),
        ("%Y%m%d", "20240229", date(2024, 2, 29)),
        ("%Y年%m月%d日", "2026年03月31日", date(2026, 3, 31)),
    ],
)
def test_a_date_is_read_as_the_file_writes_it(pattern: str, cell: str, day: date) -> None:
    assert a_row(Mapping(dates=pattern), date=cell).day("date") == day


@pytest.mark.parametrize("cell", ["2026-02-30", "31.03.2026", "yesterday", "2026-13-01", "0"])
def test_what_is_no_date_is_refused_with_an_example(cell: str) -> None:
    with pytest.raises(InvalidInputError, match="must be a date like 2026-03-31"):
        a_row(date=cell).day("date")


def test_the_example_is_written_as_the_file_writes_dates() -> None:
    with pytest.raises(InvalidInputError, match=r"31\.03\.2026"):
        a_row(GERMAN, date="2026-03-31").day("date")


def test_the_first_date_that_is_filled_counts() -> None:
    row = a_row(value_date="", date="2026-03-31", invoice_date="2026-01-01")

    assert row.day("value_date", "date", "invoice_date") == date(2026, 3, 31)


def test_of_two_filled_dates_the_first_one_asked_for_counts() -> None:
    row = a_row(value_date="2026-04-02", date="2026-03-31")

    assert row.day("value_date", "date") == date(2026, 4, 2)


def test_without_any_date_the_first_one_asked_for_is_missed() -> None:
    with pytest.raises(InvalidInputError, match=r"value_date.*must not be empty"):
        a_row().day("value_date", "date")


def test_a_date_that_need_not_be_there_is_none() -> None:
    assert a_row(due_date="").perhaps_day("due_date") is None


def test_a_date_that_need_not_be_there_is_read_if_it_is() -> None:
    assert a_row(due_date="2026-03-31").perhaps_day("due_date") == date(2026, 3, 31)


def test_a_date_that_need_not_be_there_must_be_one_if_it_is() -> None:
    with pytest.raises(InvalidInputError, match="due_date"):
        a_row(due_date="soon").perhaps_day("due_date")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12", "12.00"),
        ("12.5", "12.50"),
        ("12.50", "12.50"),
        ("1,234.50", "1234.50"),
        ("1,234,567.89", "1234567.89"),
        ("1 234.50", "1234.50"),
        ("0.01", "0.01"),
    ],
)
def test_an_amount_with_a_decimal_point_is_read(cell: str, amount: str) -> None:
    assert a_row(amount=cell).amount(currency="EUR") == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("12,5", "12.50"), ("1.234,50", "1234.50"), ("1.234.567,89", "1234567.89"), ("7", "7.00")],
)
def test_an_amount_with_a_decimal_comma_is_read(cell: str, amount: str) -> None:
    assert a_row(GERMAN, amount=cell).amount(currency="EUR") == Decimal(amount)


@pytest.mark.parametrize("cell", ["0", "0.00", "-1", "-0.01"])
def test_an_amount_is_above_zero(cell: str) -> None:
    with pytest.raises(InvalidInputError, match="must be above zero"):
        a_row(amount=cell).amount(currency="EUR")


@pytest.mark.parametrize("cell", ["ten", "1.2.3", "NaN", "Infinity", "€5"])
def test_what_is_no_number_is_no_amount(cell: str) -> None:
    with pytest.raises(InvalidInputError, match="amount"):
        a_row(amount=cell).amount(currency="EUR")


@pytest.mark.parametrize("cell", ["12,5", "12,50", "1,2345", "1,", "1,23.00"])
def test_a_comma_for_a_point_does_not_make_an_amount_larger(cell: str) -> None:
    with pytest.raises(InvalidInputError, match="no three digits behind its last ','"):
        a_row(amount=cell).amount(currency="EUR")


@pytest.mark.parametrize("cell", ["12.50", "12.5", "1.23,00"])
def test_a_point_for_a_comma_does_not_make_an_amount_larger(cell: str) -> None:
    with pytest.raises(InvalidInputError, match=r"no three digits behind its last '\.'"):
        a_row(GERMAN, amount=cell).amount(currency="EUR")


def test_an_amount_may_be_grouped_as_in_india() -> None:
    assert a_row(amount="12,34,567.50").amount(currency="INR") == Decimal("1234567.50")


def test_a_fraction_of_a_cent_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="amount"):
        a_row(amount="1.005").amount(currency="EUR")


def test_yen_have_no_fractions() -> None:
    assert a_row(amount="1500").amount(currency="JPY") == Decimal(1500)
    with pytest.raises(InvalidInputError, match="amount"):
        a_row(amount="1500.5").amount(currency="JPY")


def test_an_amount_that_is_missing_is_not_zero() -> None:
    with pytest.raises(InvalidInputError, match="must not be empty"):
        a_row(amount="").amount(currency="EUR")


def test_an_amount_that_need_not_be_there_is_none_and_not_zero() -> None:
    assert a_row(settled_amount="").perhaps_amount("settled_amount", currency="EUR") is None


def test_an_amount_that_need_not_be_there_is_read_if_it_is() -> None:
    row = a_row(settled_amount="9.90")

    assert row.perhaps_amount("settled_amount", currency="EUR") == Decimal("9.90")


def test_a_wrong_amount_is_refused_under_its_own_name() -> None:
    with pytest.raises(InvalidInputError, match="settled_amount"):
        a_row(settled_amount="x").perhaps_amount("settled_amount", currency="EUR")


@given(cents=st.integers(1, 10**12), german=st.booleans())
def test_an_amount_comes_back_exactly_as_written(cents: int, *, german: bool) -> None:
    exact = Decimal(cents).scaleb(-2)
    written = f"{exact:,.2f}"
    if german:
        written = written.translate(str.maketrans(",.", ".,"))

    row = a_row(GERMAN if german else PLAIN, amount=written)
    assert row.amount(currency="EUR") == exact


@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_comes_back_as_written(day: date) -> None:
    assert a_row(date=day.isoformat()).day("date") == day


@pytest.mark.parametrize(("cell", "number"), [("30", 30), ("0", 0), ("30.0", 30), (" 7 ", 7)])
def test_a_whole_number_is_read(cell: str, number: int) -> None:
    assert a_row(terms_days=cell).number("terms_days") == number


def test_a_number_that_is_missing_is_none_and_not_zero() -> None:
    assert a_row(terms_days="").number("terms_days") is None


@pytest.mark.parametrize("cell", ["30.5", "0.1", "29.999"])
def test_part_of_a_number_is_not_cut_off_but_refused(cell: str) -> None:
    with pytest.raises(InvalidInputError, match="must be a whole number"):
        a_row(terms_days=cell).number("terms_days")


@pytest.mark.parametrize("cell", ["thirty", "NaN", "Infinity", "--3"])
def test_what_is_no_number_is_refused(cell: str) -> None:
    with pytest.raises(InvalidInputError, match="must be a whole number"):
        a_row(terms_days=cell).number("terms_days")


def test_the_row_s_currency_comes_before_the_file_s() -> None:
    assert a_row(GERMAN, currency="usd").currency == "USD"


def test_without_a_currency_of_its_own_a_row_is_in_the_file_s() -> None:
    assert a_row(GERMAN).currency == "EUR"


def test_a_row_without_any_currency_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="by a column or by --currency"):
        _ = a_row().currency


@pytest.mark.parametrize(("cell", "country"), [("CN", "CN"), ("cn", "CN"), (" de ", "DE")])
def test_a_country_is_its_two_letters(cell: str, country: str) -> None:
    assert a_row(country=cell).country == country


def test_an_unknown_country_is_zz() -> None:
    assert a_row(country="").country == "ZZ"


def test_the_file_may_say_where_everyone_is() -> None:
    assert a_row(Mapping(country="CN")).country == "CN"


def test_the_file_s_own_country_codes_are_translated() -> None:
    assert a_row(Mapping(countries={"391": "CN"}), country="391").country == "CN"


@pytest.mark.parametrize("cell", ["CHN", "C", "12", "中国", "C1"])
def test_what_is_no_country_code_is_refused(cell: str) -> None:
    with pytest.raises(InvalidInputError, match="ISO 3166 alpha-2"):
        _ = a_row(country=cell).country
