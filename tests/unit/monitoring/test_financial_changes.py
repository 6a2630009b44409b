"""F07 to F11: the latest statement against the year before, at each threshold and around it."""

from datetime import date

import pytest

from services.monitoring.domain.policies.warnings import Severity
from tests.unit.monitoring.statement_builders import a_statement, changed, found

WATCH, AMBER, RED = Severity.WATCH, Severity.AMBER, Severity.RED


@pytest.mark.parametrize(
    ("sold", "severity"),
    [(900, None), (899, WATCH), (800, WATCH), (799, AMBER), (650, AMBER), (649, RED)],
)
def test_revenue_falls_against_the_year_before(sold: int, severity: Severity | None) -> None:
    finding = found("F07", a_statement(2023, REV=1000), a_statement(REV=sold))
    assert finding.value == pytest.approx(1 - sold / 1000)
    assert finding.severity is severity


def test_growth_is_a_fall_of_less_than_nothing() -> None:
    assert found("F07", a_statement(2023, REV=1000), a_statement(REV=1100)).value == -0.1


@pytest.mark.parametrize(
    ("profit", "severity"),
    [(2300, None), (2299, WATCH), (2100, WATCH), (2099, AMBER), (1700, AMBER), (1699, RED)],
)
def test_the_gross_margin_falls_in_points(profit: int, severity: Severity | None) -> None:
    before = a_statement(2023, REV=10_000, GP=2500)
    finding = found("F08", before, a_statement(REV=10_000, GP=profit))
    assert finding.value == pytest.approx(0.25 - profit / 10_000)
    assert finding.severity is severity


def test_gross_profit_is_revenue_less_its_cost_where_it_has_no_line() -> None:
    before = a_statement(2023, without=("GP",), REV=1000, COGS=700)
    after = a_statement(without=("GP",), REV=1000, COGS=750)
    assert found("F08", before, after).value == pytest.approx(0.05)


def test_own_receivables_and_stock_are_held_on_the_two_point_average() -> None:
    years = (
        a_statement(2022, AR=100, INV=60),
        a_statement(2023, AR=200, INV=60),
        a_statement(2024, AR=300, INV=120),
    )
    finding = found("F09", *years)
    now = 250 / 1460 * 365 + 90 / 1095 * 365
    before = 150 / 1460 * 365 + 60 / 1095 * 365
    assert finding.value == pytest.approx(now - before)
    assert "flags" not in finding.evidence.figures


def test_without_a_third_year_the_earlier_one_stands_on_its_closing_figure() -> None:
    finding = found("F09", a_statement(2023, AR=200, INV=60), a_statement(AR=300, INV=60))
    assert finding.value == pytest.approx(50 / 1460 * 365)
    assert finding.evidence.figures["flags"] == "AVG1"


@pytest.mark.parametrize(
    ("indicator", "line", "flow"), [("F09", "AR", "REV"), ("F10", "AP", "COGS")]
)
@pytest.mark.parametrize(
    ("days", "severity"),
    [(15, None), (16, WATCH), (30, WATCH), (31, AMBER), (60, AMBER), (61, RED)],
)
def test_longer_days_count_above_their_thresholds(
    indicator: str, line: str, flow: str, days: int, severity: Severity | None
) -> None:
    before = a_statement(2023, **{line: 100, flow: 365})
    after = a_statement(2024, **{line: 100 + 2 * days, flow: 365})
    finding = found(indicator, before, after)
    assert finding.value == pytest.approx(days)
    assert finding.severity is severity


@pytest.mark.parametrize("line", ["AR", "INV", "REV", "COGS"])
def test_days_need_every_one_of_their_lines(line: str) -> None:
    assert found("F09", a_statement(2023), a_statement(without=(line,))).value is None


@pytest.mark.parametrize(
    ("equity", "severity"),
    [(870, None), (869, WATCH), (720, WATCH), (719, AMBER), (20, AMBER), (0, AMBER), (-1, RED)],
)
def test_net_worth_erodes_against_the_year_before(equity: int, severity: Severity | None) -> None:
    finding = found("F11", a_statement(2023, TE=1020), a_statement(TE=equity))
    assert finding.severity is severity
    assert finding.value == pytest.approx(1 - (equity - 20) / 1000)


def test_equity_below_zero_is_red_even_without_a_year_before() -> None:
    finding = found("F11", a_statement(TE=-1))
    assert (finding.value, finding.severity) == (1.0, RED)
    assert found("F11", a_statement(TE=0)).value is None


def test_net_worth_that_rises_from_below_zero_has_not_fallen() -> None:
    assert found("F11", a_statement(2023, TE=-50), a_statement(TE=10)).value == 0.0


def test_only_like_periods_in_one_currency_are_held_against_each_other() -> None:
    dollars = changed(a_statement(2023, REV=9000), currency="USD")
    half = changed(a_statement(2023, REV=9000), months=6)
    older = a_statement(2022, REV=9000)
    for other in (dollars, half, older):
        assert found("F07", other, a_statement()).value is None


def test_an_interim_period_is_stretched_and_held_against_the_same_of_the_year_before() -> None:
    before = changed(a_statement(2023, REV=600), months=6, period_end=date(2024, 6, 30))
    after = changed(
        a_statement(2024, REV=480),
        months=6,
        period_end=date(2025, 6, 30),
        counts_from=date(2025, 6, 30),
    )
    finding = found("F07", before, a_statement(2024, REV=5000), after)
    assert finding.value == pytest.approx(0.2)
    assert finding.evidence.figures["flags"] == "ANNUALISED"


def test_levels_of_an_interim_period_rest_on_the_last_twelve_months() -> None:
    first_half = {"months": 6, "counts_from": date(2025, 6, 30)}
    before = changed(a_statement(2023, EBIT=60, INT_EXP=10), months=6, period_end=date(2024, 6, 30))
    after = changed(
        a_statement(2024, EBIT=20, INT_EXP=15), period_end=date(2025, 6, 30), **first_half
    )
    year = a_statement(2024, EBIT=100, INT_EXP=25)
    finding = found("F03", before, year, after)
    assert finding.value == pytest.approx((20 + 100 - 60) / (15 + 25 - 10))
    assert finding.evidence.figures["flags"] == "LTM"
    alone = found("F03", after)
    assert alone.value == pytest.approx(40 / 30)
    assert alone.evidence.figures["flags"] == "ANNUALISED"
