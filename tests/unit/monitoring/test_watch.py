"""The watch over a customer: what detectors hear, what the score counts, when it wants to wake."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.alerts import Alert, Label, labelled
from services.monitoring.domain.watching.watch import (
    DOCUMENTS_KEPT,
    Watch,
    detector_facts,
    early_warning_of,
    has_open_red,
    note_bounce,
    note_month,
    note_order,
    wakes_on,
)
from shared.kernel.dates import next_day
from shared.kernel.money import Money
from tests.unit.monitoring.warning_builders import (
    AMBER,
    GOLDEN,
    RED,
    SHIPPED,
    WATCH,
    euros,
    on_day,
)

T01, T03 = Indicator.MAX_DAYS_PAST_DUE, Indicator.LATENESS_LEVEL


def order(watch: Watch, number: int, amount: Money, *, day: int = 0) -> None:
    note_order(watch, f"O{number}", amount=amount, on=on_day(day), policy=SHIPPED)


def bounce(watch: Watch, number: int, *, day: int = 0, reason: str = "insufficient_funds") -> None:
    note_bounce(watch, f"P{number}", on=on_day(day), reason=reason, policy=SHIPPED)


def month(watch: Watch, amount: Money, *, purchases: int = 5, day: int = 30) -> None:
    note_month(watch, amount, purchases=purchases, on=on_day(day), policy=SHIPPED)


def an_alert(severity: Severity = RED, *, day: int = 0, hard: bool = False) -> Alert:
    return Alert(
        severity=severity,
        value=99.0,
        said_on=on_day(day),
        said_value=99.0,
        breached_on={each: on_day(day) for each in Severity},
        hard=hard,
    )


def z_of(watch: Watch, *, day: int) -> float | None:
    (facts,) = detector_facts(watch, SHIPPED, as_of=on_day(day)).orders
    return facts.z


def test_ew_1_runs_through_the_watch() -> None:
    watch, case = Watch(), GOLDEN["EW-1"]
    for number, amount in enumerate([*case["in"]["orders"], case["in"]["new"]]):
        order(watch, number, euros(amount))
    (facts,) = detector_facts(watch, SHIPPED, as_of=on_day(0)).orders
    assert facts.z == pytest.approx(case["out"]["z"], abs=5e-4)
    assert facts.ratio == pytest.approx(case["out"]["ratio"], abs=5e-4)
    assert facts.document == "O10"


def test_a_first_order_surprises_nobody() -> None:
    watch = Watch()
    order(watch, 1, euros(1_000_000))
    assert detector_facts(watch, SHIPPED, as_of=on_day(0)).orders == ()


def test_orders_of_each_currency_are_met_with_their_own() -> None:
    watch = Watch()
    for number in range(5):
        order(watch, number, Money(10_000, "USD"))
    order(watch, 9, euros(1_000_000))
    facts = detector_facts(watch, SHIPPED, as_of=on_day(0)).orders
    assert [each.currency for each in facts] == ["USD"]


@pytest.mark.parametrize(("day", "held"), [(13, True), (14, False)])
def test_the_strongest_order_speaks_for_two_weeks(day: int, *, held: bool) -> None:
    watch = Watch()
    for number in range(8):
        order(watch, number, euros(100))
    order(watch, 8, euros(1000), day=0)
    order(watch, 9, euros(100), day=1)
    z = z_of(watch, day=day)
    assert z is not None
    assert (z > 5) is held


def test_a_stronger_order_takes_over() -> None:
    watch = Watch()
    for number in range(8):
        order(watch, number, euros(100))
    order(watch, 8, euros(150))
    first = z_of(watch, day=0)
    order(watch, 9, euros(1000), day=3)
    second = z_of(watch, day=3)
    assert first is not None
    assert second is not None
    assert second > first


@pytest.mark.parametrize(
    ("reason", "count"), [("insufficient_funds", 1.0), ("account_closed", 1.0), ("technical", 0.0)]
)
def test_a_technical_bounce_is_not_the_customers(reason: str, count: float) -> None:
    watch = Watch()
    bounce(watch, 1, reason=reason)
    assert detector_facts(watch, SHIPPED, as_of=on_day(0)).dishonours == count


def test_ew_8_runs_through_the_watch() -> None:
    watch, case = Watch(), GOLDEN["EW-8"]
    for number, day in enumerate(case["in"]["bounce days"]):
        bounce(watch, number, day=day)
    found = detector_facts(watch, SHIPPED, as_of=on_day(60))
    assert found.dishonours == pytest.approx(case["out"]["at_60"], abs=5e-5)
    assert found.dishonoured_payments == ("P0", "P1", "P2", "P3")


def test_only_the_latest_bounced_payments_are_named() -> None:
    watch = Watch()
    for number in range(DOCUMENTS_KEPT + 3):
        bounce(watch, number)
    assert len(watch.dishonoured_payments) == DOCUMENTS_KEPT
    assert watch.dishonoured_payments[0] == "P3"


def test_months_begin_with_the_first_purchase() -> None:
    watch = Watch()
    month(watch, euros(0))
    assert watch.months == {}
    month(watch, euros(500))
    assert watch.months["EUR"].usual.seen == 1


def test_a_month_without_purchases_is_a_drop() -> None:
    watch = Watch()
    for number in range(7):
        month(watch, euros(500), day=30 * number)
    month(watch, euros(0), purchases=0, day=210)
    (facts,) = detector_facts(watch, SHIPPED, as_of=on_day(210)).months
    assert facts.z is not None
    assert facts.z < -2.5
    assert (facts.usual_documents, facts.on) == (5.0, on_day(210))


def test_a_month_of_returns_counts_as_nothing_bought() -> None:
    returned, nothing = Watch(), Watch()
    for watch in (returned, nothing):
        for number in range(3):
            month(watch, euros(500), day=30 * number)
    month(returned, euros(-80), day=120)
    month(nothing, euros(0), day=120)
    assert returned.months["EUR"].usual == nothing.months["EUR"].usual


def test_the_usual_number_of_purchases_drifts() -> None:
    watch = Watch()
    month(watch, euros(500), purchases=5)
    month(watch, euros(500), purchases=10)
    assert watch.months["EUR"].documents == pytest.approx(6.0)


def test_the_latest_month_speaks_even_if_milder() -> None:
    watch = Watch()
    for amount in (500, 500, 5000, 600):
        month(watch, euros(amount))
    (facts,) = detector_facts(watch, SHIPPED, as_of=on_day(30)).months
    assert facts.amount == euros(600)


def test_a_customer_without_alerts_scores_nothing() -> None:
    assert early_warning_of(Watch(), SHIPPED, as_of=on_day(0)).ews == 0.0


def test_the_score_counts_each_alert_once_at_its_severity() -> None:
    watch = Watch(alerts={T01: an_alert(AMBER), T03: an_alert(WATCH)})
    expected = 100 * 0.9 * (1 - 0.65 * 0.85)
    assert early_warning_of(watch, SHIPPED, as_of=on_day(0)).ews == pytest.approx(expected)


def test_an_alert_fades_by_its_own_half_life() -> None:
    watch = Watch(alerts={T03: an_alert(RED)})
    fresh = early_warning_of(watch, SHIPPED, as_of=on_day(0)).ews
    later = early_warning_of(watch, SHIPPED, as_of=on_day(45)).ews
    assert later == pytest.approx(fresh / 2)


def test_a_hard_trigger_is_named() -> None:
    watch = Watch(alerts={T01: an_alert(RED, hard=True)})
    found = early_warning_of(watch, SHIPPED, as_of=on_day(0))
    assert (found.ews, found.hard_triggers) == (90.0, ("T01",))


def test_what_a_person_found_benign_does_not_count() -> None:
    watch = Watch(alerts={T01: labelled(an_alert(RED, hard=True), Label.BENIGN)})
    assert early_warning_of(watch, SHIPPED, as_of=on_day(0)).ews == 0.0


@pytest.mark.parametrize(
    ("alert", "open_red"),
    [
        (an_alert(RED), True),
        (an_alert(AMBER), False),
        (labelled(an_alert(RED), Label.TRUE), False),
    ],
)
def test_an_open_red_warning_is_one_that_nobody_resolved(alert: Alert, *, open_red: bool) -> None:
    assert has_open_red(Watch(alerts={T01: alert})) is open_red


def test_nothing_to_watch_wants_no_waking() -> None:
    assert wakes_on(Watch(), SHIPPED.lifecycle, day=on_day(0)) is None


def test_an_alert_that_time_can_move_wants_every_close() -> None:
    watch = Watch(alerts={Indicator.LATENESS_LEVEL: an_alert()})
    assert wakes_on(watch, SHIPPED.lifecycle, day=on_day(3)) == on_day(3)


@pytest.mark.parametrize(
    ("said_at", "now", "days"),
    [(10.0, 10.0, 7), (10.0, 16.0, 7), (60.0, 60.0, 12), (60.0, 66.0, 7), (60.0, 50.0, 22)],
)
def test_an_alert_that_grows_a_day_a_day_waits_until_it_is_worth_saying_again(
    said_at: float, now: float, days: int
) -> None:
    alert = replace(an_alert(), said_value=said_at, value=now)
    watch = Watch(alerts={T01: alert})
    first, said_on = next_day(alert.said_on), alert.said_on
    assert wakes_on(watch, SHIPPED.lifecycle, day=first) == said_on + timedelta(days=days)
    late = said_on + timedelta(days=60)
    assert (wakes_on(watch, SHIPPED.lifecycle, day=late) or date.min) >= late
    watch.alerts[T01] = replace(alert, label=Label.BENIGN)
    assert wakes_on(watch, SHIPPED.lifecycle, day=first) is None


def test_an_alert_whose_changes_are_foreseen_waits_for_them() -> None:
    alert = an_alert()
    watch = Watch(alerts={T03: alert})
    first, change = next_day(alert.said_on), alert.said_on + timedelta(days=40)
    assert wakes_on(watch, SHIPPED.lifecycle, day=first, foreseen={T03: change}) == change
    assert wakes_on(watch, SHIPPED.lifecycle, day=first, foreseen={T03: None}) is None
    watch.alerts[T03] = replace(alert, value=alert.said_value + 1)
    again = alert.said_on + timedelta(days=SHIPPED.lifecycle.realert_days)
    assert wakes_on(watch, SHIPPED.lifecycle, day=first, foreseen={T03: change}) == again
    late = next_day(again)
    assert wakes_on(watch, SHIPPED.lifecycle, day=late, foreseen={T03: change}) == change


@pytest.mark.parametrize("indicator", [Indicator.DEBT_TO_ASSETS, Indicator.LATENESS_DRIFT])
def test_an_alert_that_only_news_or_a_month_can_move_wants_a_close_once_it_is_calm(
    indicator: Indicator,
) -> None:
    watch = Watch(alerts={indicator: an_alert()})
    assert wakes_on(watch, SHIPPED.lifecycle, day=on_day(3)) is None
    watch.alerts[indicator] = replace(an_alert(), calm={Severity.WATCH: 1})
    assert wakes_on(watch, SHIPPED.lifecycle, day=on_day(3)) == on_day(3)


def test_an_alert_on_a_missing_figure_waits_for_the_month_or_a_fact() -> None:
    unknown = replace(an_alert(), known=False)
    assert wakes_on(Watch(alerts={T01: unknown}), SHIPPED.lifecycle, day=on_day(3)) is None
    watch = Watch(alerts={T01: unknown})
    month(watch, euros(500))
    assert wakes_on(watch, SHIPPED.lifecycle, day=on_day(3)) == date(2025, 1, 31)
