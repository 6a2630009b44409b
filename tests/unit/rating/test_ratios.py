"""The ratios of FS-1: golden cases, special rules, and nothing missing counted as zero."""

from dataclasses import replace
from datetime import date
from math import log

import pytest

from services.rating.domain.model import Measure, MeasureStatus, Statement
from services.rating.domain.ratios import ANNUALISED, AVERAGE_OF_ONE, read_statement
from tests.unit.rating.builders import GOLDEN, POLICY, a_statement, the_year_before

GOLDEN_NAMES = {"ebit_m": "ebit_margin", "ln_rev": "revenue_meur"}


def measures(statement: Statement, previous: Statement | None = None) -> dict[str, Measure]:
    return read_statement(statement, POLICY.statements, previous=previous).measures


@pytest.mark.parametrize("case", ["RT-1a", "RT-18"])
@pytest.mark.parametrize("name", list(GOLDEN["RT-1a"]["out"]["ratios"]))
def test_golden_ratios(case: str, name: str) -> None:
    books = GOLDEN[case]["in"]["fin"]
    value = measures(a_statement(books), the_year_before(books))[GOLDEN_NAMES.get(name, name)].value
    assert value is not None
    shown = log(value) if name == "ln_rev" else value
    assert shown == pytest.approx(GOLDEN[case]["out"]["ratios"][name], abs=0.00005)


@pytest.mark.parametrize(
    ("line", "ratio"),
    [
        ("CA", "current"),
        ("INV", "quick"),
        ("PREPAY", "quick"),
        ("EBIT", "icr"),
        ("EBIT", "nd_ebitda"),
        ("DA", "nd_ebitda"),
        ("CASH", "nd_ebitda"),
        ("DEBT", "nd_ebitda"),
        ("INT_EXP", "icr"),
        ("NI", "roa"),
        ("REV", "ebit_margin"),
        ("REV", "revenue_meur"),
        ("REV", "growth"),
        ("CFO", "cfo_cl"),
        ("AP", "dpo"),
        ("COGS", "dpo"),
        ("CL", "current"),
    ],
)
def test_a_line_that_is_not_reported_leaves_its_ratio_missing(line: str, ratio: str) -> None:
    found = measures(a_statement(**{line: None}), the_year_before())[ratio]
    assert found == Measure(None, MeasureStatus.MISSING)


def test_a_line_reported_as_zero_is_not_missing() -> None:
    assert measures(a_statement(CASH=0.0))["nd_ebitda"].value == pytest.approx(12 / 4)


def test_no_short_term_liabilities_is_a_division_by_zero_not_a_figure() -> None:
    assert measures(a_statement(CL=0.0))["current"] == Measure(None, MeasureStatus.DIV0)


def test_negative_cost_of_sales_gives_no_payment_days() -> None:
    assert measures(a_statement(COGS=-1.0))["dpo"] == Measure(None, MeasureStatus.NEG_DENOM)


def test_no_interest_and_no_debt_covers_best() -> None:
    found = measures(a_statement(INT_EXP=0.0, DEBT=0.0))["icr"]
    assert found.forced_points == 100


def test_no_interest_on_debt_is_a_gap_in_the_books() -> None:
    found = measures(a_statement(INT_EXP=0.0, DEBT=12.0))["icr"]
    assert found == Measure(None, MeasureStatus.MISSING)


def test_no_interest_with_unknown_debt_is_missing() -> None:
    found = measures(a_statement(INT_EXP=0.0, DEBT=None))["icr"]
    assert found == Measure(None, MeasureStatus.MISSING)


@pytest.mark.parametrize(("debt", "known"), [(0.19, True), (0.20, True), (0.21, False)])
def test_debt_is_as_good_as_none_up_to_its_share_of_assets(debt: float, *, known: bool) -> None:
    found = measures(a_statement(INT_EXP=0.0, DEBT=debt))["icr"]
    assert (found.forced_points == 100) is known


def test_losses_under_net_debt_are_the_worst_leverage() -> None:
    assert measures(a_statement(EBIT=-5.0))["nd_ebitda"].forced_points == 0


def test_losses_with_net_cash_are_in_the_middle() -> None:
    found = measures(a_statement(EBIT=-5.0, DEBT=1.0))["nd_ebitda"]
    assert found.forced_points == POLICY.statements.net_cash_loss_points


def test_net_cash_with_earnings_is_the_best_leverage() -> None:
    assert measures(a_statement(DEBT=1.0))["nd_ebitda"].forced_points == 100


def test_short_term_investments_count_as_cash_where_reported() -> None:
    assert measures(a_statement(STI=1.5))["nd_ebitda"].value == pytest.approx(8 / 4)


def test_debt_is_summed_from_its_parts() -> None:
    found = measures(a_statement(DEBT=None, ST_DEBT=4.0, LT_DEBT=5.0, BONDS=3.0))
    assert found["nd_ebitda"].value == pytest.approx(9.5 / 4)


@pytest.mark.parametrize("only", ["ST_DEBT", "LT_DEBT"])
def test_half_the_debt_is_not_the_debt(only: str) -> None:
    found = measures(a_statement(DEBT=None, **{only: 4.0}))["nd_ebitda"]
    assert found.status is MeasureStatus.MISSING


def test_interim_flows_are_annualised_and_say_so() -> None:
    reading = read_statement(replace(a_statement(), months=6), POLICY.statements, previous=None)
    assert ANNUALISED in reading.flags
    assert reading.measures["revenue_meur"].value == pytest.approx(96)


def test_a_margin_is_the_same_annualised() -> None:
    half, full = measures(replace(a_statement(), months=6)), measures(a_statement())
    assert half["ebit_margin"] == full["ebit_margin"]


def test_without_the_year_before_the_closing_value_serves_and_says_so() -> None:
    reading = read_statement(a_statement(), POLICY.statements, previous=None)
    assert reading.flags == (AVERAGE_OF_ONE,)
    assert reading.measures["roa"].value == pytest.approx(1.25 / 40)


def test_without_the_year_before_growth_is_missing() -> None:
    assert measures(a_statement())["growth"].status is MeasureStatus.MISSING


def test_size_needs_a_rate_for_the_currency() -> None:
    known = a_statement()
    strange = Statement(date(2024, 12, 31), 12, known.basis, "XTS", known.unit, known.lines)
    assert measures(strange)["revenue_meur"].status is MeasureStatus.MISSING


def test_size_is_measured_in_euro() -> None:
    known = a_statement()
    yuan = Statement(date(2024, 12, 31), 12, known.basis, "CNY", known.unit, known.lines)
    assert measures(yuan)["revenue_meur"].value == pytest.approx(48 * 0.125)
