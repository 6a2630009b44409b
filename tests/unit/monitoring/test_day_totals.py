"""What one customer's exposure is held against: the newest day that is complete everywhere."""

from datetime import date

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.receivables import (
    ConcentrationFacts,
    PortfolioFacts,
)
from services.monitoring.domain.indicators import measure, to_measure
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.storage.day_totals import DayTotals
from tests.unit.monitoring.warning_builders import AMBER, RED, SHIPPED, TODAY, WATCH, euros, on_day


def totals(*, complete: int | None = 9) -> DayTotals:
    """This partition has closed days 7 to 9, the others what is said."""
    known = DayTotals(complete_on=None if complete is None else on_day(complete))
    for number in (7, 8, 9):
        known.mine[on_day(number), "EUR"] = (number * 100, 1)
        known.others[on_day(number), "EUR"] = (1000, 30)
    return known


@pytest.mark.parametrize(("asked", "answered"), [(8, 7), (9, 8), (10, 9), (20, 9)])
def test_a_day_is_held_against_the_day_before(asked: int, answered: int) -> None:
    found = totals().before(on_day(asked), "EUR")
    assert found is not None
    assert found.on == on_day(answered)


@pytest.mark.parametrize(("complete", "answered"), [(7, 7), (8, 8), (99, 9)])
def test_only_days_that_all_partitions_have_closed_count(complete: int, answered: int) -> None:
    found = totals(complete=complete).before(on_day(30), "EUR")
    assert found is not None
    assert found.on == on_day(answered)


def test_the_whole_is_this_partition_and_all_others() -> None:
    found = totals().before(on_day(10), "EUR")
    assert found is not None
    assert (found.open_amount.minor, found.customers) == (1900, 31)


@pytest.mark.parametrize("complete", [None, 6])
def test_without_a_complete_day_the_whole_is_unknown(complete: int | None) -> None:
    assert totals(complete=complete).before(on_day(10), "EUR") is None


def test_another_currency_has_its_own_whole() -> None:
    assert totals().before(on_day(10), "USD") is None


def test_a_day_that_closes_is_there_for_the_next() -> None:
    known = DayTotals(complete_on=date.max)
    known.close(on_day(1), {"EUR": (500, 2)})
    found = known.before(on_day(2), "EUR")
    assert found is not None
    assert (found.open_amount.minor, found.since, known.new) == (500, on_day(1), {on_day(1)})


def concentrated(share: int, *, customers: int = 50, days: int = 30) -> IndicatorFacts:
    whole = PortfolioFacts(
        on=on_day(days), since=on_day(0), open_amount=euros(1000), customers=customers
    )
    part = ConcentrationFacts(exposure=euros(share), portfolio=whole)
    return IndicatorFacts(as_of=TODAY, concentration=(part,))


@pytest.mark.parametrize(
    ("share", "severity"),
    [(50, None), (51, WATCH), (100, WATCH), (101, AMBER), (150, AMBER), (151, RED)],
)
def test_l06_exposure_over_all_our_receivables(share: int, severity: Severity | None) -> None:
    found = measure(Indicator.CONCENTRATION, concentrated(share), SHIPPED)
    assert found.severity == severity
    assert found.evidence.figures["totals_of"] == on_day(30).isoformat()


@pytest.mark.parametrize(("customers", "counts"), [(49, False), (50, True), (51, True)])
def test_l06_asks_for_a_portfolio_of_fifty(customers: int, *, counts: bool) -> None:
    found = measure(Indicator.CONCENTRATION, concentrated(500, customers=customers), SHIPPED)
    assert (found.severity is RED) is counts


@pytest.mark.parametrize(("days", "counts"), [(29, False), (30, True), (31, True)])
def test_l06_asks_for_a_ledger_of_a_month(days: int, *, counts: bool) -> None:
    found = measure(Indicator.CONCENTRATION, concentrated(500, days=days), SHIPPED)
    assert (found.severity is RED) is counts


def test_l06_is_not_looked_at_between_closes() -> None:
    assert to_measure(IndicatorFacts(as_of=TODAY), {Indicator.CONCENTRATION}) == []
