"""Which statement counts and how much, and which is refused because it cannot be true."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating.domain.model import Statement, Unit
from services.rating.domain.statements import (
    UnbalancedStatementError,
    UnitMismatchError,
    capacity_of,
    check_statement,
    freshness,
    is_stale,
    is_usable,
    latest_statement,
    months_between,
    year_before,
)
from shared.kernel.dates import add_months
from shared.kernel.errors import InvalidInputError
from tests.unit.rating.builders import POLICY, YEAR_END, a_statement, the_year_before

RULES = POLICY.statements


def check(statement: Statement, previous: Statement | None = None) -> None:
    check_statement(statement, RULES, previous=previous)


@pytest.mark.parametrize("gap", [-0.04, 0.0, 0.04])
def test_books_may_be_out_by_a_thousandth_of_assets(gap: float) -> None:
    check(a_statement(TE=14.5 + gap))


@pytest.mark.parametrize("gap", [-0.041, 0.041, 5.0])
def test_books_out_by_more_are_refused(gap: float) -> None:
    with pytest.raises(UnbalancedStatementError, match="TA - TL - TE"):
        check(a_statement(TE=14.5 + gap))


def test_an_unknown_line_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidInputError, match=r"lines\.GOODWIL"):
        check(a_statement(GOODWIL=1.0))


@pytest.mark.parametrize("line", ["TA", "TL", "TE"])
def test_what_the_balance_needs_must_be_reported(line: str) -> None:
    with pytest.raises(InvalidInputError, match=f"lines.{line}"):
        check(a_statement(**{line: None}))


def test_nothing_owned_is_not_a_statement() -> None:
    with pytest.raises(InvalidInputError, match="above zero"):
        check(a_statement(TA=0.0))


def test_negative_sales_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"lines\.REV"):
        check(a_statement(REV=-1.0))


@pytest.mark.parametrize(("part", "too_much"), [("CA", 40.5), ("CL", 26.0)])
def test_a_part_is_no_more_than_its_whole(part: str, too_much: float) -> None:
    with pytest.raises(InvalidInputError, match=f"lines.{part}"):
        check(a_statement(**{part: too_much}))


def test_a_figure_that_is_no_number_is_refused() -> None:
    odd = a_statement()
    with pytest.raises(InvalidInputError, match="finite"):
        check(replace(odd, lines={**odd.lines, "REV": Decimal("NaN")}))


@pytest.mark.parametrize("months", [0, 25])
def test_a_period_is_one_to_twenty_four_months(months: int) -> None:
    with pytest.raises(InvalidInputError, match="months"):
        check(replace(a_statement(), months=months))


def test_yuan_filed_as_ten_thousands_are_refused() -> None:
    wrong = replace(a_statement(), unit=Unit.UNITS)
    with pytest.raises(UnitMismatchError, match="check `unit`"):
        check(wrong, the_year_before())


def test_a_company_may_grow() -> None:
    check(a_statement(TA=400.0, TL=200.0, TE=200.0), the_year_before())


def test_another_currency_is_not_compared() -> None:
    check(replace(a_statement(), currency="JPY", unit=Unit.UNITS), the_year_before())


def test_a_currency_code_has_three_letters() -> None:
    with pytest.raises(InvalidInputError, match="currency"):
        check(replace(a_statement(), currency="Euro"))


@pytest.mark.parametrize(
    ("later", "months"),
    [
        (date(2025, 1, 30), 30 / 31),
        (date(2025, 1, 31), 1.0),
        (date(2025, 2, 28), 2.0),
        (date(2026, 2, 28), 14.0),
        (date(2024, 12, 31), 0.0),
        (date(2024, 1, 1), 0.0),
    ],
)
def test_months_follow_the_calendar(later: date, months: float) -> None:
    assert months_between(YEAR_END, later) == pytest.approx(months)


@given(st.dates(date(2020, 1, 1), date(2024, 1, 1)), st.integers(0, 1500))
def test_age_never_falls_from_one_day_to_the_next(earlier: date, days: int) -> None:
    day = earlier + timedelta(days=days)
    assert months_between(earlier, day) <= months_between(earlier, day + timedelta(days=1))


@pytest.mark.parametrize(
    ("months", "fresh"), [(0, 1.0), (12, 1.0), (14, 0.8333), (18, 0.5), (24, 0.0), (30, 0.0)]
)
def test_a_statement_fades_between_twelve_and_twenty_four_months(months: int, fresh: float) -> None:
    as_of = add_months(YEAR_END, months)
    assert freshness(a_statement(), RULES, as_of=as_of) == pytest.approx(fresh, abs=0.00005)


def test_a_statement_is_stale_after_eighteen_months() -> None:
    eighteen = add_months(YEAR_END, 18)
    assert not is_stale(a_statement(), RULES, as_of=eighteen)
    assert is_stale(a_statement(), RULES, as_of=eighteen + timedelta(days=1))


def test_a_statement_is_none_after_twenty_four_months() -> None:
    two_years = add_months(YEAR_END, 24)
    assert is_usable(a_statement(), RULES, as_of=two_years)
    assert not is_usable(a_statement(), RULES, as_of=two_years + timedelta(days=1))


def test_the_latest_period_counts() -> None:
    old, new = the_year_before(), a_statement()
    assert latest_statement([new, old], as_of=date(2025, 1, 1)) is new


def test_a_period_that_has_not_ended_does_not_count() -> None:
    old, new = the_year_before(), a_statement()
    assert latest_statement([new, old], as_of=date(2024, 12, 30)) is old


def test_of_a_quarter_and_a_year_that_end_together_the_year_counts() -> None:
    year, quarter = a_statement(), replace(a_statement(), months=3)
    assert latest_statement([year, quarter], as_of=YEAR_END) is year


def test_no_statement_is_none() -> None:
    assert latest_statement([], as_of=YEAR_END) is None


@pytest.mark.parametrize(
    ("period_end", "found"),
    [
        (date(2023, 11, 30), True),
        (date(2023, 12, 31), True),
        (date(2024, 1, 31), True),
        (date(2024, 2, 29), False),
        (date(2023, 10, 31), False),
    ],
)
def test_the_year_before_lies_about_a_year_back(period_end: date, *, found: bool) -> None:
    earlier = the_year_before(period_end=period_end)
    assert (year_before([earlier], a_statement(), RULES) is earlier) is found


def test_a_quarter_is_not_compared_with_a_year() -> None:
    quarter = replace(the_year_before(), months=3)
    assert year_before([quarter], a_statement(), RULES) is None


def test_capacity_takes_intangibles_off_equity() -> None:
    capacity = capacity_of(a_statement())
    assert capacity.tangible_net_worth == 13_500_000
    assert capacity.working_capital == 5_500_000
    assert capacity.accounts_payable == 6_800_000


@pytest.mark.parametrize("line", ["CA", "CL"])
def test_working_capital_is_unknown_without_both_sides(line: str) -> None:
    assert capacity_of(a_statement(**{line: None})).working_capital is None


def test_unreported_payables_are_unknown_not_zero() -> None:
    assert capacity_of(a_statement(AP=None)).accounts_payable is None


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        (Unit.UNITS, 1),
        (Unit.THOUSANDS, 1_000),
        (Unit.TEN_THOUSANDS, 10_000),
        (Unit.MILLIONS, 1_000_000),
    ],
)
def test_units_scale_to_the_currency(unit: Unit, factor: int) -> None:
    scaled = replace(a_statement(), unit=unit)
    assert capacity_of(scaled).accounts_payable == Decimal("6.8") * factor
