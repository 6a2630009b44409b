"""Statements that cannot be true are refused, with the line that says so."""

from decimal import Decimal

import pytest

from services.monitoring.domain.outside.statement_checks import (
    UnbalancedStatementError,
    UnitMismatchError,
    check_statement,
)
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.statement_builders import RULES, a_statement, changed, with_lines


def test_a_sound_statement_passes() -> None:
    check_statement(a_statement(), RULES, previous=a_statement(2023))


@pytest.mark.parametrize(("liabilities", "passes"), [(501, True), (502, False), (498, False)])
def test_the_balance_may_be_off_by_a_thousandth(liabilities: int, *, passes: bool) -> None:
    statement = a_statement(TL=liabilities)
    if passes:
        check_statement(statement, RULES, previous=None)
        return
    with pytest.raises(UnbalancedStatementError):
        check_statement(statement, RULES, previous=None)


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ({"TA": 0, "TL": 0, "TE": 0}, "lines.TA"),
        ({"REV": -1}, "lines.REV"),
        ({"CA": 1001}, "lines.CA"),
        ({"CL": 501}, "lines.CL"),
        ({"CASH": 601}, "lines.CASH"),
        ({"INTANG": 1001}, "lines.INTANG"),
        ({"ST_DEBT": 301}, "lines.ST_DEBT"),
        ({"DEBT": 501}, "lines.DEBT"),
        ({"EBIT": "NaN"}, "lines.EBIT"),
    ],
)
def test_lines_that_cannot_be_are_named(lines: dict[str, float | str], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_statement(with_lines(lines), RULES, previous=None)
    assert refused.value.field == field


def test_a_part_is_not_held_against_a_whole_that_was_not_reported() -> None:
    check_statement(a_statement(CASH=900, without=("CA",)), RULES, previous=None)


def test_gross_profit_may_differ_from_revenue_less_its_cost() -> None:
    check_statement(a_statement(GP=300), RULES, previous=None)


def test_assets_liabilities_and_equity_must_be_reported() -> None:
    with pytest.raises(InvalidInputError):
        check_statement(a_statement(without=("TE",)), RULES, previous=None)


def test_a_line_nobody_knows_is_refused() -> None:
    strange = changed(a_statement(), lines={**a_statement().lines, "PROFIT": Decimal(1)})
    with pytest.raises(InvalidInputError):
        check_statement(strange, RULES, previous=None)


@pytest.mark.parametrize(("months", "passes"), [(0, False), (1, True), (24, True), (25, False)])
def test_a_period_has_one_to_twenty_four_months(months: int, *, passes: bool) -> None:
    statement = changed(a_statement(), months=months)
    if passes:
        check_statement(statement, RULES, previous=None)
        return
    with pytest.raises(InvalidInputError):
        check_statement(statement, RULES, previous=None)


@pytest.mark.parametrize(("factor", "passes"), [(299, True), (300, False), (1000, False)])
def test_assets_that_leap_by_a_unit_are_refused(factor: int, *, passes: bool) -> None:
    grown = a_statement(TA=1000 * factor, TL=500 * factor, TE=500 * factor)
    dollars = changed(a_statement(2023), currency="USD")
    check_statement(grown, RULES, previous=dollars)
    if passes:
        check_statement(grown, RULES, previous=a_statement(2023))
        return
    with pytest.raises(UnitMismatchError):
        check_statement(grown, RULES, previous=a_statement(2023))
