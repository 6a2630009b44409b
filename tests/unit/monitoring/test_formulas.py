"""Each indicator at n-1, n and n+1 of its thresholds and of what it asks for before it counts."""

from dataclasses import replace
from typing import Any

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.detectors import DetectorFacts
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.policies.warnings import Severity
from tests.unit.monitoring.warning_builders import (
    AMBER,
    GOLDEN,
    RED,
    SHIPPED,
    TODAY,
    WATCH,
    a_ledger,
    a_surprise,
    euros,
    facts_on,
    late_by,
    on_day,
)

Case = tuple[Any, Severity | None]


def measured(code: str, *ledgers: CurrencyFacts, detectors: DetectorFacts | None = None) -> Finding:
    return measure(Indicator(code), facts_on(TODAY, *ledgers, detectors=detectors), SHIPPED)


def severities(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("value", "severity"), cases)


@severities([(7, None), (8, WATCH), (30, WATCH), (31, AMBER), (60, AMBER), (61, RED)])
def test_t01_days_past_due(value: int, severity: Severity | None) -> None:
    found = measured("T01", late_by(value))
    assert (found.value, found.severity) == (value, severity)


@pytest.mark.parametrize(("days", "hard"), [(89, False), (90, False), (91, True)])
def test_t01_more_than_ninety_days_is_a_hard_trigger(days: int, *, hard: bool) -> None:
    assert measured("T01", late_by(days)).hard is hard


def test_t01_shows_the_documents_and_what_is_overdue() -> None:
    found = measured("T01", late_by(31))
    assert found.evidence.documents == ("I0", "I1", "I2", "I3")
    assert found.evidence.figures["overdue_amount"] == "400.00"
    assert found.evidence.figures["days_past_due"] == 31
    assert found.threshold == 30


@severities([(0.15, None), (0.16, WATCH), (0.30, WATCH), (0.31, AMBER), (0.50, AMBER), (0.51, RED)])
def test_t02_overdue_ratio(value: float, severity: Severity | None) -> None:
    found = measured("T02", late_by(10, share=value))
    assert found.value == pytest.approx(value)
    assert found.severity == severity


@pytest.mark.parametrize(("days", "counts"), [(2, False), (3, False), (4, True)])
def test_t02_needs_an_invoice_more_than_three_days_late(days: int, *, counts: bool) -> None:
    assert (measured("T02", late_by(days)).severity is AMBER) is counts


@pytest.mark.parametrize(("invoices", "counts"), [(4, False), (5, True), (6, True)])
def test_t02_needs_five_open_invoices_where_little_is_overdue(
    invoices: int, *, counts: bool
) -> None:
    busy = replace(late_by(10), open_invoices=invoices, purchases_12m=euros(1_000_000))
    assert (measured("T02", busy).severity is AMBER) is counts


@pytest.mark.parametrize(("yearly", "counts"), [(40_100, False), (40_000, True), (39_900, True)])
def test_t02_or_at_least_one_percent_of_yearly_purchases(yearly: int, *, counts: bool) -> None:
    few = replace(late_by(10), open_invoices=4, purchases_12m=euros(yearly))
    assert (measured("T02", few).severity is AMBER) is counts


@pytest.mark.parametrize(("invoices", "counts"), [(1, False), (2, True), (3, True)])
def test_t02_is_about_breadth_and_not_one_invoice(invoices: int, *, counts: bool) -> None:
    assert (measured("T02", late_by(10, invoices=invoices)).severity is AMBER) is counts


def test_t02_of_a_customer_who_owes_nothing_is_nothing() -> None:
    paid = a_ledger(open_amount=euros(0), open_invoices=0)
    assert measured("T02", paid).value == 0.0


@severities([(10.0, None), (10.1, WATCH), (20.0, WATCH), (20.1, AMBER), (35.0, AMBER), (35.1, RED)])
def test_t03_lateness_level(value: float, severity: Severity | None) -> None:
    found = measured("T03", a_ledger(wadd=value))
    assert (found.value, found.severity) == (value, severity)


def test_t03_ew_9_eleven_days_on_average_is_a_watch() -> None:
    case = GOLDEN["EW-9"]
    amounts = [invoice["amount"] for invoice in case["in"]["invoices"]]
    habit = a_ledger(
        wadd=case["out"]["WADD"], wadd_invoices=len(amounts), wadd_amount=euros(sum(amounts))
    )
    found = measured("T03", habit)
    assert found.severity is WATCH
    assert found.evidence.figures["settled_amount"] == "60000.00"


@pytest.mark.parametrize(("settled", "known"), [(2, False), (3, True), (4, True)])
def test_t03_rests_on_three_settled_invoices(settled: int, *, known: bool) -> None:
    found = measured("T03", a_ledger(wadd=40.0, wadd_invoices=settled))
    assert (found.value is not None) is known


def test_t03_is_unknown_when_nothing_was_settled() -> None:
    assert measured("T03", a_ledger(wadd=None, wadd_invoices=0, wadd_amount=None)).value is None


@severities([(329, None), (330, WATCH), (659, WATCH), (660, AMBER), (1153, AMBER), (1154, RED)])
def test_t06_average_days_delinquent(value: int, severity: Severity | None) -> None:
    overdue = replace(late_by(10), overdue_amount=euros(value), sales=euros(3000))
    found = measured("T06", overdue)
    assert found.value == pytest.approx(value / 3000 * 91)
    assert found.severity == severity


def test_t06_is_dso_less_best_possible_dso() -> None:
    figures = measured("T06", late_by(10)).evidence.figures
    dso, best = figures["days_sales_outstanding"], figures["best_possible_days"]
    assert isinstance(dso, float)
    assert isinstance(best, float)
    assert dso - best == pytest.approx(figures["average_days_delinquent"])


@pytest.mark.parametrize(("invoices", "counts"), [(2, False), (3, True), (4, True)])
def test_t06_needs_three_overdue_invoices(invoices: int, *, counts: bool) -> None:
    assert (measured("T06", late_by(10, invoices=invoices)).severity is WATCH) is counts


@pytest.mark.parametrize(("days", "counts"), [(3, False), (4, True)])
def test_t06_needs_an_invoice_more_than_three_days_late(days: int, *, counts: bool) -> None:
    assert (measured("T06", late_by(days)).severity is WATCH) is counts


def test_t06_is_unknown_without_sales_while_something_is_overdue() -> None:
    assert measured("T06", replace(late_by(10), sales=euros(0))).value is None


def test_t06_of_a_customer_with_nothing_overdue_is_nothing_even_without_sales() -> None:
    assert measured("T06", a_ledger(sales=euros(0))).value == 0.0


@severities([(3, None), (4, WATCH), (6, WATCH), (7, AMBER), (10, AMBER), (11, RED)])
def test_t07_partial_payments(value: int, severity: Severity | None) -> None:
    found = measured("T07", a_ledger(settled_invoices=20, settled_in_parts=value))
    assert (found.value, found.severity) == (value / 20, severity)


@pytest.mark.parametrize(("settled", "known"), [(0, False), (4, False), (5, True), (6, True)])
def test_t07_rests_on_five_settled_invoices(settled: int, *, known: bool) -> None:
    found = measured("T07", a_ledger(settled_invoices=settled, settled_in_parts=min(settled, 4)))
    assert (found.value is not None) is known


@severities(
    [
        (0.0, None),
        (0.49, None),
        (0.5, WATCH),
        (0.99, WATCH),
        (1.0, AMBER),
        (1.99, AMBER),
        (2.0, RED),
    ]
)
def test_t09_dishonours_count_from_their_threshold_on(
    value: float, severity: Severity | None
) -> None:
    found = measured("T09", detectors=DetectorFacts(dishonours=value))
    assert (found.severity, found.hard) == (severity, severity is RED)


@severities([(3.0, None), (3.1, WATCH), (4.0, WATCH), (4.1, AMBER), (5.0, AMBER), (5.1, RED)])
def test_b01_order_surge(value: float, severity: Severity | None) -> None:
    found = measured("B01", detectors=DetectorFacts(orders=(a_surprise(z=value),)))
    assert (found.value, found.severity) == (value, severity)


@pytest.mark.parametrize(("ratio", "counts"), [(1.99, False), (2.0, True), (2.01, True)])
def test_b01_needs_at_least_twice_the_usual(ratio: float, *, counts: bool) -> None:
    surge = DetectorFacts(orders=(a_surprise(z=9.0, ratio=ratio),))
    assert (measured("B01", detectors=surge).severity is RED) is counts


def test_b01_prefers_a_surge_that_counts() -> None:
    narrow, wide = a_surprise(z=9.0, ratio=1.5), a_surprise(z=4.5, ratio=2.5, currency="USD")
    found = measured("B01", detectors=DetectorFacts(orders=(narrow, wide)))
    assert (found.value, found.severity) == (4.5, AMBER)


@pytest.mark.parametrize(("observed", "known"), [(2, False), (3, True), (4, True)])
def test_b01_rests_on_three_orders(observed: int, *, known: bool) -> None:
    surge = DetectorFacts(orders=(a_surprise(z=9.0, observed=observed),))
    assert (measured("B01", detectors=surge).value is not None) is known


def test_b01_takes_the_stronger_of_the_order_and_the_month() -> None:
    month = a_surprise(z=4.5, usual_documents=5.0, document=None, on=on_day(30))
    found = measured("B01", detectors=DetectorFacts(orders=(a_surprise(z=3.5),), months=(month,)))
    assert (found.value, found.severity, found.breached_on) == (4.5, AMBER, on_day(30))


def test_b01_points_to_the_order() -> None:
    found = measured("B01", detectors=DetectorFacts(orders=(a_surprise(z=3.5),)))
    assert found.evidence.documents == ("O1",)


@pytest.mark.parametrize(("observed", "confidence"), [(5, 0.5), (6, 1.0)])
def test_b01_is_half_sure_while_warming_up(observed: int, confidence: float) -> None:
    surge = DetectorFacts(orders=(a_surprise(z=9.0, observed=observed),))
    assert measured("B01", detectors=surge).confidence == confidence


@severities([(2.5, None), (2.6, WATCH), (3.5, WATCH), (3.6, AMBER), (4.5, AMBER), (4.6, RED)])
def test_b02_purchases_dropped(value: float, severity: Severity | None) -> None:
    drop = DetectorFacts(months=(a_surprise(z=-value, usual_documents=5.0),))
    found = measured("B02", detectors=drop)
    assert (found.value, found.severity) == (value, severity)


@pytest.mark.parametrize(("observed", "known"), [(5, False), (6, True), (7, True)])
def test_b02_rests_on_six_months(observed: int, *, known: bool) -> None:
    drop = DetectorFacts(months=(a_surprise(z=-9.0, observed=observed, usual_documents=5.0),))
    assert (measured("B02", detectors=drop).value is not None) is known


@pytest.mark.parametrize(("usual", "known"), [(2.9, False), (3.0, True), (3.1, True)])
def test_b02_needs_customers_who_buy_several_times_a_month(usual: float, *, known: bool) -> None:
    drop = DetectorFacts(months=(a_surprise(z=-9.0, usual_documents=usual),))
    assert (measured("B02", detectors=drop).value is not None) is known


@pytest.mark.parametrize(("season", "shown"), [(None, {}), (0.6, {"season": 0.6})])
def test_b02_shows_the_season_of_a_month_that_has_one(
    season: float | None, shown: dict[str, float]
) -> None:
    drop = DetectorFacts(months=(a_surprise(z=-9.0, usual_documents=5.0, season=season),))
    figures = measured("B02", detectors=drop).evidence.figures
    assert {name: figures[name] for name in figures if name == "season"} == shown


@severities([(800, None), (801, WATCH), (950, WATCH), (951, AMBER), (1100, AMBER), (1101, RED)])
def test_l01_limit_utilisation(value: int, severity: Severity | None) -> None:
    found = measured("L01", a_ledger(exposure=euros(value), limit=euros(1000)))
    assert (found.value, found.severity) == (value / 1000, severity)


@pytest.mark.parametrize("limit", [None, euros(0)])
def test_l01_without_a_limit_is_unknown(limit: Any) -> None:
    assert measured("L01", a_ledger(limit=limit)).value is None


@pytest.mark.parametrize(
    ("invoices", "orders", "counts"), [(4, 0, False), (3, 2, True), (5, 0, True)]
)
def test_l01_needs_five_open_documents(invoices: int, orders: int, *, counts: bool) -> None:
    used = a_ledger(limit=euros(500), open_invoices=invoices, open_orders=orders)
    assert (measured("L01", used).severity is RED) is counts


def test_a_figure_that_does_not_count_is_still_what_it_is() -> None:
    found = measured("L01", a_ledger(limit=euros(500), open_invoices=4))
    assert (found.value, found.severity, found.threshold) == (2.0, None, 0.8)


def test_l01_stays_readable_under_a_tiny_limit() -> None:
    assert measured("L01", a_ledger(limit=euros(1))).value == 9.99
