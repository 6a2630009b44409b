"""Sectors and countries: I01 to I05, at each of their bounds."""

from datetime import date, timedelta

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.industry import FORMULAS
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.industry import (
    IndustryFacts,
    Reading,
    SectorMonth,
)
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.policies.warnings import Severity
from shared.kernel.dates import add_months, month_end
from tests.unit.monitoring.warning_builders import AMBER, RED, SHIPPED, TODAY, WATCH


def monthly(*values: float, ends: date = TODAY) -> tuple[Reading, ...]:
    """One reading a month, the last one on a day."""
    back = range(len(values) - 1, -1, -1)
    days = [month_end(add_months(ends.replace(day=1), -months)) for months in back]
    return tuple(Reading(on=day, value=value) for day, value in zip(days, values, strict=True))


def sector(as_of: date = TODAY, **readings: tuple[Reading, ...]) -> IndustryFacts:
    named = dict.fromkeys(readings, "C25")
    return IndustryFacts(
        as_of=as_of, industry="NACE/C25", readings=dict(readings), published_for=named
    )


def months(*means: float, customers: int = 5, ends: date = TODAY) -> IndustryFacts:
    listed = tuple(
        SectorMonth(ends_on=each.on, customers=customers, mean_days_late=each.value)
        for each in monthly(*means, ends=ends)
    )
    return IndustryFacts(as_of=TODAY, industry="NACE/C25", months=listed)


def at_home(
    *rates: tuple[int, float], controls: float | None = None, as_of: date = TODAY
) -> IndustryFacts:
    """A country's currency, each rate some days ago."""
    held = () if controls is None else (Reading(on=TODAY, value=controls),)
    known = tuple(Reading(on=TODAY - timedelta(days=ago), value=rate) for ago, rate in rates)
    return IndustryFacts(as_of=as_of, country="TR", currency=known, transfer_controls=held)


def found(indicator: Indicator, facts: IndustryFacts) -> Finding:
    return measure(indicator, IndicatorFacts(as_of=facts.as_of, industry=facts), SHIPPED)


@pytest.mark.parametrize("indicator", FORMULAS)
def test_a_sector_nobody_writes_of_says_nothing(indicator: Indicator) -> None:
    nothing = IndustryFacts(as_of=TODAY, industry="NACE/C25", country="TR")
    assert not FORMULAS[indicator].has_sign(nothing)
    assert found(indicator, nothing).value is None


@pytest.mark.parametrize(
    ("values", "below", "severity"),
    [
        ((49.0, 51.0, 50.0), 0.0, None),
        ((51.0, 50.0, 49.9), 1.0, WATCH),
        ((51.0, 49.0, 49.0), 2.0, WATCH),
        ((49.0, 49.0, 49.0), 3.0, AMBER),
        ((51.0, 51.0, 45.0), 1.0, WATCH),
        ((51.0, 51.0, 44.9), 1.0, RED),
    ],
)
def test_months_below_fifty_are_counted_and_the_deep_ones_are_red(
    values: tuple[float, ...], below: float, severity: Severity | None
) -> None:
    finding = found(Indicator.PURCHASING_MANAGERS, sector(pmi=monthly(*values)))
    assert (finding.value, finding.severity) == (below, severity)


def test_of_a_month_the_last_reading_counts() -> None:
    corrected = (*monthly(51.0, 49.0), Reading(on=TODAY, value=50.5))
    flash = (Reading(on=TODAY - timedelta(days=20), value=44.0), *corrected)
    facts = sector(pmi=tuple(sorted(flash, key=lambda each: each.on)))
    assert found(Indicator.PURCHASING_MANAGERS, facts).value == 0.0


@pytest.mark.parametrize(("ago", "known"), [(91, True), (92, False)])
def test_an_old_index_says_nothing_any_more(ago: int, known: bool) -> None:  # noqa: FBT001  # a table
    old = (Reading(on=TODAY - timedelta(days=ago), value=40.0),)
    value = found(Indicator.PURCHASING_MANAGERS, sector(pmi=old)).value
    assert (value is not None) is known


@pytest.mark.parametrize(
    ("now", "severity"),
    [(110.0, None), (110.1, WATCH), (120.0, WATCH), (120.1, AMBER), (130.1, RED)],
)
def test_insolvencies_are_held_against_five_years(now: float, severity: Severity | None) -> None:
    """Eight quarters around 100, their standard deviation 10 (the sum of squares is 700)."""
    off = (350 / 4) ** 0.5
    past = [100 + off, 100 - off] * 4
    values = monthly(*past, now)
    finding = found(Indicator.SECTOR_INSOLVENCIES, sector(insolvency=values))
    assert finding.severity is severity


def test_seven_readings_are_too_few() -> None:
    few = monthly(*[100.0, 90.0, 110.0, 100.0, 90.0, 110.0, 100.0], 200.0)
    assert found(Indicator.SECTOR_INSOLVENCIES, sector(insolvency=few)).value is None


def test_a_calm_index_needs_more_than_a_twentieth_to_be_unusual() -> None:
    calm = monthly(*[100.0] * 8, 105.0)
    assert found(Indicator.SECTOR_INSOLVENCIES, sector(insolvency=calm)).value == 1.0


@pytest.mark.parametrize(("now", "z"), [(101.0, 0.5), (103.0, 2.5)])
def test_a_squeeze_is_a_spread_wider_than_it_used_to_be(now: float, z: float) -> None:
    """The spread was 0 or 1 in turn: mean 0.5, deviation 0.53, held up to one point."""
    inputs = monthly(*[100.0, 101.0] * 4, now, now, now)
    outputs = monthly(*[100.0] * 11)
    facts = sector(input_price=inputs, output_price=outputs)
    assert found(Indicator.MARGIN_SQUEEZE, facts).value == z


def test_without_both_prices_there_is_no_squeeze() -> None:
    one_only = sector(input_price=monthly(1.0, 2.0))
    apart = sector(
        input_price=monthly(1.0), output_price=monthly(1.0, ends=TODAY - timedelta(days=40))
    )
    assert found(Indicator.MARGIN_SQUEEZE, one_only).value is None
    assert found(Indicator.MARGIN_SQUEEZE, apart).value is None


@pytest.mark.parametrize(
    ("now", "severity"),
    [(11.5, None), (11.51, WATCH), (12.51, AMBER), (13.5, AMBER), (13.51, RED)],
)
def test_our_own_customers_are_the_fastest_index(now: float, severity: Severity | None) -> None:
    """Ten days late in each of eight months: the deviation is held up to one day."""
    finding = found(Indicator.OWN_PORTFOLIO_SECTOR, months(*[10.0] * 8, now))
    assert (finding.severity, finding.breached_on) == (severity, TODAY)


def test_a_few_customers_or_months_make_no_sector() -> None:
    assert found(Indicator.OWN_PORTFOLIO_SECTOR, months(*[10.0] * 7, 40.0)).value is None
    two = months(*[10.0] * 8, 40.0, customers=2)
    assert found(Indicator.OWN_PORTFOLIO_SECTOR, two).value is None


def test_a_month_long_past_is_no_news() -> None:
    old = months(*[10.0] * 8, 40.0, ends=date(2025, 3, 31))
    assert found(Indicator.OWN_PORTFOLIO_SECTOR, old).value is None


@pytest.mark.parametrize(
    ("rate", "severity"),
    [(9.0, None), (8.99, WATCH), (8.0, WATCH), (7.99, AMBER), (1.0, AMBER), (12.0, None)],
)
def test_a_currency_counts_by_its_fall_in_three_months(
    rate: float, severity: Severity | None
) -> None:
    finding = found(Indicator.COUNTRY, at_home((91, 10.0), (40, 5.0), (0, rate)))
    assert finding.severity is severity


def test_without_an_earlier_rate_a_fall_is_unknown() -> None:
    assert found(Indicator.COUNTRY, at_home((90, 10.0), (0, 5.0))).value is None


@pytest.mark.parametrize(("controls", "severity"), [(0.0, None), (1.0, RED)])
def test_transfer_controls_are_red_whatever_the_rate(
    controls: float, severity: Severity | None
) -> None:
    assert found(Indicator.COUNTRY, at_home(controls=controls)).severity is severity
    steady = at_home((91, 10.0), (0, 10.0), controls=controls)
    assert found(Indicator.COUNTRY, steady).severity is severity
