"""Which statement counts: the better basis, the later version, the newest periods; none too old."""

from datetime import date, timedelta

import pytest

from services.monitoring.domain.indicator_facts.financials import StatementFacts
from services.monitoring.domain.outside.financial_standing import (
    FinancialStanding,
    financial_facts,
    keep_statement,
    latest_before,
    months_between,
)
from services.monitoring.domain.outside.profile import Profile
from services.monitoring.domain.policies.statements import Basis
from services.monitoring.storage.profiles import read_profile, write_profile
from tests.unit.monitoring.statement_builders import (
    AS_OF,
    RULES,
    a_statement,
    changed,
    found,
    on_file,
)


def test_of_one_period_the_later_version_replaces_the_earlier() -> None:
    latest = on_file(a_statement(TL=600), a_statement(TL=610)).latest
    assert latest == a_statement(TL=610)


def test_a_better_basis_is_not_replaced_by_a_worse_one() -> None:
    own_word = changed(a_statement(TL=100), basis=Basis.MANAGEMENT)
    for order in ((a_statement(), own_word), (own_word, a_statement())):
        assert on_file(*order).latest == a_statement()


def test_a_version_to_come_waits_beside_the_one_that_counts() -> None:
    ahead = changed(a_statement(TL=700), counts_from=AS_OF + timedelta(days=10))
    standing = FinancialStanding()
    for each in (a_statement(), ahead):
        keep_statement(standing, each, RULES, as_of=AS_OF)
    for days, expected in ((9, a_statement()), (10, ahead)):
        day = AS_OF + timedelta(days=days)
        assert financial_facts(standing, RULES, as_of=day).latest == expected


def test_the_oldest_periods_go() -> None:
    standing = FinancialStanding()
    for year in range(2010, 2020):
        keep_statement(standing, a_statement(year), RULES, as_of=AS_OF)
        interim = changed(a_statement(year), months=3, period_end=date(year, 3, 31))
        keep_statement(standing, interim, RULES, as_of=AS_OF)
    years = [each.period_end.year for each in standing.statements if each.months == 12]
    quarters = [each.period_end.year for each in standing.statements if each.months == 3]
    assert years == quarters == [2014, 2015, 2016, 2017, 2018, 2019]


def test_statements_come_back_from_storage_as_they_were() -> None:
    kept = Profile(financials=FinancialStanding(statements=(a_statement(TL="500.10"),)))
    assert read_profile(write_profile(kept)) == kept


def test_a_profile_from_before_statements_were_kept_is_readable() -> None:
    assert read_profile('{"financials":{}}') == Profile()


@pytest.mark.parametrize(("month", "known"), [((2026, 6, 30), True), ((2026, 7, 1), False)])
def test_a_stale_statement_says_nothing_any_more(
    month: tuple[int, int, int], *, known: bool
) -> None:
    finding = found("F01", a_statement(TL=700), as_of=date(*month))
    assert (finding.value is not None) is known
    assert finding.evidence.figures["status"] == ("OK" if known else "STALE")


def test_the_figure_is_about_the_day_the_statement_became_known() -> None:
    assert found("F01", a_statement(TL=700)).breached_on == date(2025, 4, 1)


def test_the_statement_before_is_of_an_earlier_period() -> None:
    standing = FinancialStanding(statements=(a_statement(2022), a_statement(2024)))
    assert latest_before(standing, a_statement(2024)) == a_statement(2022)
    assert latest_before(FinancialStanding(), a_statement()) is None


@pytest.mark.parametrize(
    ("later", "months"),
    [
        (date(2024, 1, 31), 0.0),
        (date(2024, 2, 29), 1.0),
        (date(2024, 3, 15), 1 + 15 / 31),
        (date(2025, 1, 31), 12.0),
    ],
)
def test_months_between_count_parts_of_the_last_one(later: date, months: float) -> None:
    assert months_between(date(2024, 1, 31), later) == pytest.approx(months)


def test_the_year_before_an_interim_period_is_found() -> None:
    half = _half(2025)
    facts = on_file(a_statement(2024), _half(2024), half)
    assert facts.latest == half
    assert facts.fiscal_year == a_statement(2024)
    assert facts.year_before == _half(2024)
    assert facts.two_years_before is None
    assert facts.next_period_end == date(2025, 12, 31)


def _half(year: int) -> StatementFacts:
    end = date(year, 6, 30)
    return changed(a_statement(), months=6, period_end=end, counts_from=end)
