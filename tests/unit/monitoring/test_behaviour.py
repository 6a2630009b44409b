"""How a customer pays: weighted days late, trends, dishonours, purchases, terms."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.figures.behaviour import (
    Behaviour,
    Purchases,
    behaviour_of,
    median_of,
    purchases_of,
)
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.ledger import fold
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    WINDOWS,
    a_bounce,
    a_credit,
    a_dispute,
    a_payment,
    an_invoice,
    day,
)

LATER = day(60)
GOLDEN = json.loads((Path(__file__).parents[2] / "golden/monitoring_ledger.json").read_text())


def behaves(*facts: Fact, as_of: date = LATER) -> Behaviour:
    account = fold(facts, LEDGER)
    return behaviour_of(account, age(account, "EUR", as_of=as_of, policy=LEDGER), LEDGER)


def buys(*facts: Fact, as_of: date = LATER) -> Purchases:
    account = fold(facts, LEDGER)
    return purchases_of(account, age(account, "EUR", as_of=as_of, policy=LEDGER), LEDGER)


def settled(name: str, *, on: int, late: int, amount: str = "100") -> list[Fact]:
    """An invoice of 30 days' terms, paid `late` days after its due date."""
    paid_on = on + 30 + late
    return [
        an_invoice(name, amount, on),
        a_payment(f"P-{name}", amount, paid_on, to={name: amount}),
    ]


def golden_facts() -> list[Fact]:
    facts = []
    for number, each in enumerate(GOLDEN["EW-9"]["in"]["invoices"]):
        due, paid = date.fromisoformat(each["due"]), date.fromisoformat(each["paid"])
        amount = Decimal(each["amount"])
        issued = replace(an_invoice(f"I{number}"), on=date(2024, 12, 1), due=due, amount=amount)
        payment = Fact(
            on=paid,
            kind=FactKind.PAYMENT_RECEIVED,
            document=f"P{number}",
            amount=amount,
            currency="EUR",
        )
        facts += [
            issued,
            replace(payment, portions=a_payment(to={f"I{number}": str(amount)}).portions),
        ]
    return facts


def test_the_golden_customer_pays_as_the_book_says() -> None:
    expected = GOLDEN["EW-9"]["out"]
    found = behaves(*golden_facts(), as_of=date(2025, 4, 30))
    assert found.wadd == pytest.approx(expected["WADD"], abs=5e-5)
    assert found.signed_wadd == pytest.approx(expected["wadd_signed"], abs=5e-5)
    assert found.late_share == expected["pct_late"]
    assert found.late_over_30_share == expected["pct_late_gt30"]


def test_nothing_settled_is_not_known_rather_than_nought() -> None:
    found = behaves(an_invoice())
    assert (found.settled, found.wadd, found.late_share, found.wadd_trend) == (0, None, None, None)


def test_paying_early_makes_up_for_nothing() -> None:
    found = behaves(*settled("I1", on=0, late=10), *settled("I2", on=0, late=-10))
    assert (found.wadd, found.signed_wadd) == (5.0, 0.0)


def test_amounts_weigh_days() -> None:
    late = settled("I1", on=0, late=10, amount="300")
    assert behaves(*late, *settled("I2", on=0, late=0)).wadd == 7.5


@pytest.mark.parametrize(("late", "share"), [(30, 0.0), (31, 1.0)])
def test_more_than_thirty_days_late_is_very_late(late: int, share: float) -> None:
    found = behaves(*settled("I1", on=0, late=late), as_of=day(90))
    assert found.late_over_30_share == share


def test_the_trend_is_the_last_months_against_those_before() -> None:
    facts = [*settled("I1", on=0, late=2), *settled("I2", on=200, late=12)]
    assert behaves(*facts, as_of=day(260)).wadd_trend == 10.0


def test_a_trend_needs_both_its_halves() -> None:
    assert behaves(*settled("I1", on=0, late=2)).wadd_trend is None


def test_the_worst_counts_open_invoices_too() -> None:
    found = behaves(*settled("I1", on=0, late=5), an_invoice("I2", on=0), as_of=day(50))
    assert found.max_days_past_due == 20


def test_the_worst_leaves_out_what_is_disputed_in_time() -> None:
    found = behaves(an_invoice(), a_dispute(amount="100", on=20), as_of=day(50))
    assert found.max_days_past_due == 0


def test_without_invoices_there_is_no_worst() -> None:
    assert behaves().max_days_past_due is None


def test_settlements_leave_the_window_month_by_month() -> None:
    facts = settled("I1", on=0, late=10)
    assert behaves(*facts, as_of=date(2026, 2, 9)).wadd == 10.0
    assert behaves(*facts, as_of=date(2026, 2, 10)).wadd is None


def test_a_technical_failure_is_no_dishonour() -> None:
    facts = [an_invoice(), a_payment(), a_bounce(reason="technical")]
    assert behaves(*facts).dishonours == 0


def test_a_bounce_for_want_of_money_is_a_dishonour_for_a_year() -> None:
    facts = [an_invoice(), a_payment(), a_bounce(on=20)]
    assert behaves(*facts, as_of=date(2026, 1, 20)).dishonours == 1
    assert behaves(*facts, as_of=date(2026, 1, 21)).dishonours == 0


def test_an_invoice_that_was_only_credited_is_not_settled() -> None:
    assert behaves(an_invoice(), a_credit(amount="100")).settled == 0


def test_purchases_are_what_was_invoiced_less_credit_notes() -> None:
    assert buys(an_invoice(), an_invoice("I2"), a_credit()).purchases == 19_000


def test_purchases_of_more_than_a_year_ago_do_not_count() -> None:
    assert buys(an_invoice(), as_of=date(2025, 12, 31)).purchases == 10_000
    assert buys(an_invoice(), as_of=date(2026, 1, 1)).purchases == 0


def test_the_largest_month_proven_is_the_largest_paid_by_its_due_dates() -> None:
    facts = [
        *settled("I1", on=35, late=0),
        *settled("I2", on=36, late=-3, amount="50"),
        *settled("I3", on=70, late=1, amount="900"),
    ]
    assert buys(*facts, as_of=day(120)).largest_month_paid_on_time == 15_000


def test_usual_terms_are_the_middle_ones() -> None:
    facts = [an_invoice(f"I{n}", on=n, terms=terms) for n, terms in enumerate((30, 60, 14))]
    assert buys(*facts).usual_terms_days == 30


def test_without_invoices_there_are_no_usual_terms() -> None:
    assert buys().usual_terms_days is None
    assert median_of(()) is None


def test_of_an_even_number_of_terms_the_lower_middle_counts() -> None:
    assert median_of((10, 20, 30, 40)) == 20


@pytest.mark.parametrize(
    "broken", [{"trend_months": 12}, {"settled_months": 25}, {"worst_months": 0}]
)
def test_windows_that_make_no_sense_are_refused(broken: dict[str, int]) -> None:
    with pytest.raises(InvalidInputError):
        replace(WINDOWS, **broken)
