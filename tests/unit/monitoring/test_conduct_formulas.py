"""Each sign of conduct at n-1, n and n+1 of its thresholds and of what it asks for."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.conduct import (
    AccountFacts,
    AgeingRunFacts,
    BillFacts,
    ConductFacts,
    ContactFacts,
    DiscountFacts,
    DriftFacts,
    GoodsFacts,
    MethodFacts,
    NormFacts,
    PromiseFacts,
    RateFacts,
    RequestFacts,
    SilenceFacts,
    SwingFacts,
    UsageFacts,
)
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicators import Finding, has_sign, measure, only_for
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.risk_warning import WarningFacts, decide_warning
from services.monitoring.usecases.warnings import WARNING
from shared.decisions.stored import canonical_json, read_facts
from tests.unit.monitoring.warning_builders import AMBER, POLICY, RED, SHIPPED, TODAY, WATCH, euros

Case = tuple[Any, Severity | None]
ON = date(2025, 5, 31)


def measured(code: str, facts: ConductFacts) -> Finding:
    return measure(Indicator(code), IndicatorFacts(as_of=TODAY, conduct=facts), SHIPPED)


def cases(*given: Case) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("value", "severity"), given)


def a_rate(part: int, **more: Any) -> RateFacts:  # Any: a test's fields, checked by the dataclass
    usual = RateFacts(
        currency="EUR", part=euros(part), whole=euros(1000), parts=5, wholes=20, documents=("D1",)
    )
    return replace(usual, **more)


RATES = {
    "T08": "short_paid",
    "T11": "on_account",
    "B04": "cancellations",
    "B05": "returns",
    "B06": "credits",
    "B07": "disputes",
    "B10": "third_party",
}
THRESHOLDS = {
    "T08": (20, 50, 100),
    "T11": (200, 400, 600),
    "B04": (100, 200, 350),
    "B05": (50, 100, 200),
    "B06": (50, 100, 150),
    "B07": (50, 100, 200),
    "B10": (100, 250, 500),
}
LEAST = {"T08": 2, "T11": 2, "B04": 2, "B05": 2, "B06": 2, "B07": 2, "B10": 1}
WHOLES = {"T08": 3, "T11": 3, "B04": 5, "B05": 5, "B06": 5, "B07": 5, "B10": 2}


def rated(code: str, rate: RateFacts) -> Finding:
    part: dict[str, Any] = {RATES[code]: (rate,)}  # Any: one of the parts that are rates
    return measured(code, ConductFacts(**part))


@pytest.mark.parametrize("code", RATES)
def test_a_share_is_worse_than_its_threshold_above_it(code: str) -> None:
    watch, amber, red = THRESHOLDS[code]
    wanted = {
        watch: None,
        watch + 1: WATCH,
        amber: WATCH,
        amber + 1: AMBER,
        red: AMBER,
        red + 1: RED,
    }
    assert {part: rated(code, a_rate(part)).severity for part in wanted} == wanted


@pytest.mark.parametrize("code", RATES)
def test_a_share_rests_on_enough_documents(code: str) -> None:
    for missing, counts in ((1, False), (0, True), (-1, True)):
        amber = a_rate(THRESHOLDS[code][1] + 1, wholes=WHOLES[code] - missing)
        assert (rated(code, amber).severity is AMBER) is counts


@pytest.mark.parametrize("code", [code for code, least in LEAST.items() if least > 1])
def test_one_document_alone_tells_only_if_it_is_red(code: str) -> None:
    _, amber, red = THRESHOLDS[code]
    assert rated(code, a_rate(amber + 1, parts=1)).severity is None
    assert rated(code, a_rate(red + 1, parts=1)).severity is RED


@pytest.mark.parametrize("code", RATES)
def test_a_share_of_nothing_is_unknown(code: str) -> None:
    assert rated(code, a_rate(10, whole=euros(0))).value is None


@pytest.mark.parametrize("code", RATES)
def test_a_share_shows_both_amounts_and_its_documents(code: str) -> None:
    evidence = rated(code, a_rate(400)).evidence
    assert (evidence.figures["part"], evidence.figures["whole"]) == ("400.00", "1000.00")
    assert evidence.documents == ("D1",)


def test_the_worst_currency_counts() -> None:
    dollars = a_rate(10, currency="USD")
    found = measured("B04", ConductFacts(cancellations=(dollars, a_rate(360))))
    assert (found.value, found.severity) == (0.36, RED)


def test_b07_late_disputes_weigh_half_as_much_again() -> None:
    assert rated("B07", a_rate(100, late=euros(60))).value == pytest.approx(0.13)


@cases((0.25, None), (0.5, AMBER), (0.75, RED))
def test_t10_broken_of_all_promises(value: float, severity: Severity | None) -> None:
    broken = int(value * 4)
    facts = ConductFacts(promises=PromiseFacts(kept=4 - broken, broken=broken))
    assert measured("T10", facts).severity == severity


@pytest.mark.parametrize(("broken", "severity"), [(1, None), (2, RED), (3, RED)])
def test_t10_asks_for_two_promises(broken: int, severity: Severity | None) -> None:
    facts = ConductFacts(promises=PromiseFacts(kept=0, broken=broken, documents=("W1",)))
    found = measured("T10", facts)
    assert (found.severity, found.evidence.documents) == (severity, ("W1",))


def a_drift(height: float, *, months: int = 12) -> ConductFacts:
    drift = DriftFacts(
        currency="EUR", on=ON, height=height, days_late=9.0, usual=2.5, deviation=2.0, months=months
    )
    return ConductFacts(drifts=(drift,))


@cases((2.9, None), (3.0, WATCH), (4.9, WATCH), (5.0, AMBER), (7.9, AMBER), (8.0, RED))
def test_t04_drift_of_days_late(value: float, severity: Severity | None) -> None:
    found = measured("T04", a_drift(value))
    assert (found.severity, found.breached_on) == (severity, ON)


@pytest.mark.parametrize(("months", "confidence"), [(5, 0.5), (6, 1.0), (7, 1.0)])
def test_t04_is_half_as_sure_of_a_young_usual(months: int, confidence: float) -> None:
    assert measured("T04", a_drift(9.0, months=months)).confidence == confidence


@pytest.mark.parametrize(("other", "value"), [(None, None), (2.9, None), (3.0, 3.0)])
def test_t04_that_a_person_has_taken_note_of_is_unknown(
    other: float | None, value: float | None
) -> None:
    seen = replace(a_drift(0.0).drifts[0], heard=True)
    others = () if other is None else a_drift(other).drifts
    assert measured("T04", ConductFacts(drifts=(seen, *others))).value == value


def a_norm(days: float | None, *, norm: float = 50.0, invoiced_days: int = 8) -> ConductFacts:
    return ConductFacts(
        norms=(
            NormFacts(
                currency="EUR",
                on=ON,
                days_outstanding=days,
                norm=norm,
                months=8,
                invoiced_days=invoiced_days,
            ),
        )
    )


@cases((60.0, None), (60.1, WATCH), (70.0, WATCH), (70.1, AMBER), (85.0, AMBER), (85.1, RED))
def test_t05_dso_over_the_own_norm(value: float, severity: Severity | None) -> None:
    assert measured("T05", a_norm(value)).severity == severity


@pytest.mark.parametrize(("other", "value"), [(60.0, None), (60.5, 1.21)])
def test_t05_without_sales_is_unknown_unless_another_currency_tells(
    other: float, value: float | None
) -> None:
    norms = (*a_norm(None).norms, *a_norm(other).norms)
    assert measured("T05", ConductFacts(norms=norms)).value == value


@pytest.mark.parametrize(("days", "counts"), [(14.9, False), (15.0, True), (15.1, True)])
def test_t05_asks_for_a_rise_of_ten_days(days: float, *, counts: bool) -> None:
    assert (measured("T05", a_norm(days, norm=5.0)).severity is RED) is counts


@pytest.mark.parametrize(("invoices", "counts"), [(7, False), (8, True), (9, True)])
def test_t05_asks_for_eight_days_with_an_invoice(invoices: int, *, counts: bool) -> None:
    assert (measured("T05", a_norm(99.0, invoiced_days=invoices)).severity is RED) is counts


@cases((1, None), (2, WATCH), (3, AMBER), (4, AMBER), (5, RED))
def test_t12_month_ends_at_which_the_oldest_balance_was_older(
    value: int, severity: Severity | None
) -> None:
    run = AgeingRunFacts(currency="EUR", on=ON, month_ends=value, days_past_due=70, document="I1")
    found = measured("T12", ConductFacts(ageing=(run,)))
    assert (found.severity, found.evidence.documents) == (severity, ("I1",))


@cases((1, None), (2, WATCH), (3, AMBER), (5, RED))
def test_t13_discounts_lost(value: int, severity: Severity | None) -> None:
    facts = ConductFacts(discounts=DiscountFacts(lost=value, taken=3, habit=0.6))
    assert measured("T13", facts).severity == severity


@pytest.mark.parametrize(
    ("taken", "habit", "counts"),
    [(2, 0.9, False), (3, 0.9, True), (4, 0.59, False), (4, 0.6, True)],
)
def test_t13_asks_for_a_habit(taken: int, habit: float, *, counts: bool) -> None:
    facts = ConductFacts(discounts=DiscountFacts(lost=5, taken=taken, habit=habit))
    assert (measured("T13", facts).severity is RED) is counts


@pytest.mark.parametrize(
    ("bills", "severity"),
    [
        (BillFacts(), None),
        (BillFacts(worse="B1", why="longer_tenor"), WATCH),
        (BillFacts(lapsed=("B1",), lapsed_recently=True), AMBER),
        (BillFacts(unpaid=("B1",)), AMBER),
        (BillFacts(unpaid=("B1",), lapsed=("B1", "B2")), AMBER),
        (BillFacts(unpaid=("B1",), lapsed=("B1", "B2", "B3")), RED),
        (BillFacts(lapsed=("B1", "B2", "B3"), lapsed_this_month=True), RED),
        (BillFacts(lapsed=("B1", "B2", "B3")), None),
    ],
)
def test_t14_bills(bills: BillFacts, severity: Severity | None) -> None:
    assert measured("T14", ConductFacts(bills=bills)).severity == severity


def a_swing(ratio: float, *, orders: int = 8) -> ConductFacts:
    swing = SwingFacts(currency="EUR", ratio=ratio, short=0.4, long=0.2, orders=orders)
    return ConductFacts(swings=(swing,))


@cases((1.8, None), (1.9, WATCH), (2.5, WATCH), (2.6, AMBER), (3.5, AMBER), (3.6, RED))
def test_b03_order_volatility(value: float, severity: Severity | None) -> None:
    assert measured("B03", a_swing(value)).severity == severity


@pytest.mark.parametrize(("orders", "counts"), [(7, False), (8, True), (9, True)])
def test_b03_asks_for_eight_orders(orders: int, *, counts: bool) -> None:
    assert (measured("B03", a_swing(4.0, orders=orders)).severity is RED) is counts


@cases((1, WATCH), (2, AMBER), (3, RED))
def test_b08_requests_for_relief(value: int, severity: Severity | None) -> None:
    names = tuple(f"Q{number}" for number in range(value))
    requests = RequestFacts(requests=names, while_overdue=(), kinds=("longer_terms",))
    found = measured("B08", ConductFacts(requests=requests))
    assert (found.severity, found.evidence.documents) == (severity, names)


def test_b08_a_request_while_overdue_is_red() -> None:
    requests = RequestFacts(requests=("Q1",), while_overdue=("Q1",), kinds=("instalments",))
    assert measured("B08", ConductFacts(requests=requests)).severity is RED


@cases((1, WATCH), (2, AMBER), (3, RED))
def test_b09_levels(value: int, severity: Severity) -> None:
    account = AccountFacts(on=ON, level=value, account="DE1", country="DE", document="P1")
    found = measured("B09", ConductFacts(account=account))
    assert (found.severity, found.hard) == (severity, value == 3)


@cases((1, WATCH), (2, AMBER), (3, RED), (4, RED))
def test_b11_steps_down(value: int, severity: Severity) -> None:
    method = MethodFacts(
        steps=value, method="cash", usual="transfer", receipts=9, running=1, document="P1"
    )
    assert measured("B11", ConductFacts(method=method)).severity == severity


@cases((2, None), (3, WATCH), (4, WATCH), (5, AMBER), (9, AMBER))
def test_b12_unanswered_attempts(value: int, severity: Severity | None) -> None:
    attempts = tuple(f"A{number}" for number in range(value))
    contacts = ContactFacts(unanswered=attempts, premises_closed=None, answered_on=None)
    assert measured("B12", ConductFacts(contacts=contacts)).severity == severity


def test_b12_shut_premises_are_red() -> None:
    contacts = ContactFacts(unanswered=("A1",), premises_closed="A1", answered_on=ON)
    assert measured("B12", ConductFacts(contacts=contacts)).severity is RED


@cases((2.0, None), (2.1, WATCH), (3.0, WATCH), (3.1, AMBER), (4.0, AMBER), (4.1, RED))
def test_b13_shift_to_liquid_goods(value: float, severity: Severity | None) -> None:
    goods = GoodsFacts(currency="EUR", on=ON, share=0.6, usual=0.2, z=value, months=8)
    assert measured("B13", ConductFacts(goods=(goods,))).severity == severity


def test_b13_with_too_few_orders_is_unknown() -> None:
    goods = GoodsFacts(currency="EUR", on=ON, share=None, usual=0.2, z=None, months=8)
    assert measured("B13", ConductFacts(goods=(goods,))).value is None


def silent(days: int, *, gap: float = 10.0, deviation: float = 0.0, gaps: int = 12) -> ConductFacts:
    return ConductFacts(
        silence=SilenceFacts(
            last=ON, silent_days=days, usual_gap=gap, deviation=deviation, gaps=gaps
        )
    )


@cases((20, None), (21, WATCH), (30, WATCH), (31, AMBER), (50, AMBER), (51, RED))
def test_b14_silence_over_the_usual_gap(value: int, severity: Severity | None) -> None:
    assert measured("B14", silent(value)).severity == severity


@pytest.mark.parametrize(("gaps", "counts"), [(11, False), (12, True), (13, True)])
def test_b14_asks_for_twelve_gaps(gaps: int, *, counts: bool) -> None:
    assert (measured("B14", silent(60, gaps=gaps)).severity is RED) is counts


@pytest.mark.parametrize(("days", "counts"), [(13, False), (14, True), (15, True)])
def test_b14_asks_for_two_weeks(days: int, *, counts: bool) -> None:
    assert (measured("B14", silent(days, gap=2.0)).severity is RED) is counts


@pytest.mark.parametrize(("days", "counts"), [(49, False), (50, False), (51, True)])
def test_b14_who_buys_at_random_may_be_silent_for_longer(days: int, *, counts: bool) -> None:
    assert (measured("B14", silent(days, deviation=10.0)).severity is not None) is counts


@pytest.mark.parametrize(("days", "value"), [(365, 36.5), (366, 0.0)])
def test_b14_who_is_gone_for_a_year_is_gone(days: int, value: float) -> None:
    assert measured("B14", silent(days)).value == value


def a_use(*, rise: float | None = None, days: int = 0, documents: int = 5) -> ConductFacts:
    use = UsageFacts(
        currency="EUR",
        utilisation=1.2,
        average=0.9,
        rise=rise,
        days_over=days,
        over_since=ON if days else None,
        open_documents=documents,
    )
    return ConductFacts(usage=(use,))


@cases((0.15, None), (0.16, WATCH), (0.30, WATCH), (0.31, AMBER), (0.45, AMBER), (0.46, RED))
def test_l02_rise_of_the_use(value: float, severity: Severity | None) -> None:
    assert measured("L02", a_use(rise=value)).severity == severity


@cases((3, None), (4, WATCH), (10, WATCH), (11, AMBER), (30, AMBER), (31, RED))
def test_l03_days_over_the_limit(value: int, severity: Severity | None) -> None:
    assert measured("L03", a_use(days=value)).severity == severity


@pytest.mark.parametrize(("documents", "counts"), [(4, False), (5, True), (6, True)])
@pytest.mark.parametrize("code", ["L02", "L03"])
def test_a_limit_that_holds_few_documents_says_little(
    code: str, documents: int, *, counts: bool
) -> None:
    found = measured(code, a_use(rise=0.5, days=40, documents=documents))
    assert (found.severity is RED) is counts


ALL = (
    *RATES,
    *[
        "T04",
        "T05",
        "T10",
        "T12",
        "T13",
        "T14",
        "B03",
        "B08",
        "B09",
        "B11",
        "B12",
        "B13",
        "B14",
        "L02",
        "L03",
    ],
)


@pytest.mark.parametrize("code", ALL)
def test_where_nothing_is_on_record_all_is_calm_and_known(code: str) -> None:
    """An open warning can come down to it."""
    found = measured(code, ConductFacts())
    assert (found.value, found.severity) == (0.0, None)
    assert not has_sign(Indicator(code), IndicatorFacts(as_of=TODAY, conduct=ConductFacts()))


EVERYTHING = ConductFacts(
    short_paid=(a_rate(101),),
    cancellations=(a_rate(351),),
    returns=(a_rate(201),),
    credits=(a_rate(151),),
    disputes=(a_rate(133, late=euros(77)),),
    on_account=(a_rate(601),),
    third_party=(a_rate(501),),
    promises=PromiseFacts(kept=1, broken=2, documents=("W1",)),
    drifts=a_drift(9.123456789012).drifts,
    norms=a_norm(91.3333333333, norm=33.7777777777).norms,
    ageing=(AgeingRunFacts(currency="EUR", on=ON, month_ends=5, days_past_due=70),),
    goods=(GoodsFacts(currency="EUR", on=ON, share=0.6, usual=0.2, z=4.1, months=8),),
    swings=a_swing(3.61).swings,
    discounts=DiscountFacts(lost=5, taken=3, habit=0.6),
    bills=BillFacts(unpaid=("B1",), worse="B2", why="longer_tenor"),
    requests=RequestFacts(requests=("Q1",), while_overdue=("Q1",), kinds=("instalments",)),
    account=AccountFacts(on=ON, level=3, account="DE1", country=None, document=None),
    method=MethodFacts(
        steps=3, method="cheque", usual="transfer", receipts=9, running=1, document="P1"
    ),
    contacts=ContactFacts(unanswered=("A1",), premises_closed="A1", answered_on=ON),
    silence=silent(60, gap=7.3333333333).silence,
    usage=a_use(rise=0.5123456789, days=40).usage,
)


@pytest.mark.parametrize("code", ALL)
def test_a_decision_taken_again_on_its_stored_facts_is_the_same(code: str) -> None:
    indicator = Indicator(code)
    facts = WarningFacts(
        indicator=indicator,
        facts=only_for(indicator, IndicatorFacts(as_of=TODAY, conduct=EVERYTHING)),
        alert=None,
        closing=False,
    )
    decision = decide_warning(facts, POLICY, as_of=TODAY)
    again = decide_warning(read_facts(WARNING, canonical_json(facts)), POLICY, as_of=TODAY)
    assert decision.severity is not None
    assert canonical_json(again) == canonical_json(decision)
