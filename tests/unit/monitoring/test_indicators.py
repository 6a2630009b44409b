"""Indicators across currencies, and of customers of whom little is known."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.detectors import DetectorFacts
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.indicators import MEASURED, Finding, has_sign, measure
from shared.kernel.money import Money
from tests.unit.monitoring.warning_builders import (
    AMBER,
    RED,
    SHIPPED,
    TODAY,
    WATCH,
    a_ledger,
    a_surprise,
    euros,
    facts_on,
    late_by,
)


def measured(code: str, *ledgers: CurrencyFacts) -> Finding:
    return measure(Indicator(code), facts_on(TODAY, *ledgers), SHIPPED)


def test_the_worst_currency_counts() -> None:
    dollars = replace(late_by(61), currency="USD")
    found = measured("T01", late_by(8), dollars)
    assert (found.value, found.evidence.figures["currency"]) == (61, "USD")


def test_a_currency_without_a_limit_hides_nothing_of_one_with() -> None:
    found = measured("L01", a_ledger(limit=euros(500)), a_ledger(limit=None))
    assert found.severity is RED


def test_an_unknown_currency_is_not_calm() -> None:
    unknown = a_ledger(wadd=None, wadd_invoices=0)
    assert measured("T03", a_ledger(wadd=1.0), unknown).value is None
    assert measured("T03", a_ledger(wadd=21.0), unknown).severity is AMBER


def test_the_currency_that_counts_goes_before_a_worse_one_that_does_not() -> None:
    few = a_ledger(limit=euros(100), open_invoices=4)
    found = measured("L01", few, a_ledger(limit=euros(1100)))
    assert found.value == pytest.approx(1000 / 1100)
    assert found.severity is WATCH


def test_a_currency_long_unused_says_nothing() -> None:
    unused = a_ledger(
        wadd=None,
        wadd_invoices=0,
        settled_invoices=0,
        open_amount=euros(0),
        purchases_12m=euros(0),
    )
    assert measured("T03", a_ledger(wadd=1.0), unused).value == 1.0
    assert measured("T07", a_ledger(), unused).value == 0.0


@pytest.mark.parametrize("code", ["T01", "T02", "T03", "T06", "T07", "L01", "B01", "B02"])
def test_nothing_is_known_of_a_customer_without_facts(code: str) -> None:
    assert measured(code).value is None


@pytest.mark.parametrize("indicator", MEASURED)
def test_a_customer_who_pays_in_time_has_no_finding(indicator: Indicator) -> None:
    found = measure(indicator, facts_on(TODAY, a_ledger(limit=euros(5000))), SHIPPED)
    assert found.severity is None
    assert found.threshold == SHIPPED.indicators[indicator].threshold(WATCH)


def some_ledger(days: int, overdue: int, wadd: float | None, parts: int) -> CurrencyFacts:
    late = late_by(days, invoices=overdue) if overdue and days else a_ledger()
    return replace(late, wadd=wadd, settled_in_parts=parts)


SURPRISES = st.floats(min_value=-9, max_value=9).map(
    lambda z: (a_surprise(z=z, usual_documents=9.0),)
)
DETECTORS = st.builds(
    DetectorFacts,
    dishonours=st.floats(min_value=0, max_value=5),
    orders=st.one_of(st.just(()), SURPRISES),
    months=st.one_of(st.just(()), SURPRISES),
)
LEDGERS = st.builds(
    some_ledger,
    days=st.integers(min_value=0, max_value=200),
    overdue=st.integers(min_value=0, max_value=20),
    wadd=st.one_of(st.none(), st.floats(min_value=0, max_value=100)),
    parts=st.integers(min_value=0, max_value=20),
)
LIMITS = st.one_of(st.none(), st.integers(min_value=0, max_value=2000).map(euros))


@given(LEDGERS, LIMITS, DETECTORS)
def test_an_indicator_with_nothing_to_be_about_finds_nothing(
    ledger: CurrencyFacts, limit: Money | None, detectors: DetectorFacts
) -> None:
    facts = facts_on(TODAY, replace(ledger, limit=limit), detectors=detectors)
    for indicator in MEASURED:
        if not has_sign(indicator, facts):
            assert measure(indicator, facts, SHIPPED).severity is None


def test_every_sign_of_the_catalogue_is_measured() -> None:
    assert set(MEASURED) == set(Indicator)
    assert len(set(MEASURED) - {Indicator.COVENANT_BREACH}) == 69  # domain.md §4.1, and one of ours
