"""Receivables, exposure and behaviour as people see them."""

from datetime import date

from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.usecases.shown import (
    Asked,
    asked_of,
    shown_behaviour,
    shown_exposure,
    shown_receivables,
)
from tests.unit.monitoring.in_memory import POLICIES
from tests.unit.monitoring.ledger_builders import (
    a_dispute,
    a_payment,
    an_invoice,
    an_order,
    day,
)
from tests.unit.monitoring.undertaking_builders import (
    a_bill,
    a_bill_passed_on,
    a_delivery,
    a_recovery,
    a_terms_change,
    a_write_off,
)

POLICY = POLICIES.in_force(date.max).policy


def asked(*facts: Fact, on: int) -> Asked:
    return asked_of("C1", facts, POLICY, as_of=day(on))


def test_receivables_are_decimal_strings_of_their_currency() -> None:
    found = shown_receivables(asked(an_invoice(), on=31), "EUR")
    assert (found["open_amount"], found["overdue_amount"]) == ("100.00", "100.00")
    assert found["ageing"] == {
        "current": "0.00",
        "1-30": "100.00",
        "31-60": "0.00",
        "61-90": "0.00",
        "91+": "0.00",
    }


def test_raw_and_material_days_past_due_differ_by_disputes() -> None:
    found = shown_receivables(asked(an_invoice(), a_dispute(amount="100", on=20), on=50), "EUR")
    assert (found["max_days_past_due"], found["material_days_past_due"]) == (20, 0)


def test_a_day_before_the_first_fact_shows_nothing_owed() -> None:
    before = asked(an_invoice(on=5), on=4)
    assert before.currencies == ("EUR",)
    found = shown_receivables(before, "EUR")
    assert (found["open_amount"], found["invoices"]) == ("0.00", [])


def test_what_was_paid_later_was_open_then() -> None:
    facts = (an_invoice(), a_payment(on=40))
    assert shown_receivables(asked(*facts, on=39), "EUR")["open_amount"] == "100.00"
    assert shown_receivables(asked(*facts, on=40), "EUR")["open_amount"] == "0.00"


def test_yen_have_no_decimals() -> None:
    found = shown_receivables(asked(an_invoice(amount="700", currency="JPY"), on=1), "JPY")
    assert found["open_amount"] == "700"


def test_exposure_shows_its_parts() -> None:
    found = shown_exposure(asked(an_order(), a_payment(amount="20"), on=20), "EUR")
    assert (found["open_orders"], found["unapplied_cash"]) == ("100.00", "20.00")
    assert found["total"] == "30.00"


def test_behaviour_shows_dso_beside_the_habit() -> None:
    found = shown_behaviour(asked(an_invoice(), on=31), "EUR")
    assert (found["settled_24m"], found["wadd_12m"]) == (0, None)
    assert found["days_sales_outstanding"] == 91.0
    assert (found["best_possible_dso"], found["average_days_delinquent"]) == (0.0, 91.0)


def test_dso_is_counted_back_month_by_month() -> None:
    facts = (an_invoice("I1", "60", on=10), an_invoice("I2", "40", on=35))
    found = shown_behaviour(asked(*facts, a_payment(amount="30", on=40), on=58), "EUR")
    assert found["countback_dso"] == 28 + 31 * 30 / 60


def test_without_sales_there_is_no_dso() -> None:
    assert shown_behaviour(asked(an_order(), on=5), "EUR")["days_sales_outstanding"] is None


def test_losses_are_what_was_written_off_less_what_came_in() -> None:
    facts = (an_invoice(), a_write_off(amount="60", on=50), a_recovery(amount="25", on=70))
    shown = [shown_behaviour(asked(*facts, on=on), "EUR")["losses_12m"] for on in (49, 50, 70)]
    assert shown == ["0.00", "60.00", "35.00"]


def test_goods_and_bills_are_shown_with_the_exposure() -> None:
    facts = (an_order(), a_delivery(on=3), a_bill(on=10), a_bill_passed_on(on=20))
    found = shown_exposure(asked(*facts, on=30), "EUR")
    assert (found["dni"], found["open_orders"]) == ("60.00", "40.00")
    assert (found["bills"], found["bills_with_recourse"]) == ("100.00", "100.00")


def test_both_dates_of_a_forborne_invoice_are_shown() -> None:
    change = a_terms_change(due=90, on=20, reason="difficulty")
    shown = shown_receivables(asked(an_invoice(terms=30), change, on=40), "EUR")
    invoices = shown["invoices"]
    assert isinstance(invoices, list)
    only = invoices[0]
    assert (only["due_date"], only["extended_to"], only["forborne_on"]) == (
        day(30),
        day(90),
        day(20),
    )
    assert only["days_past_due"] == 10
