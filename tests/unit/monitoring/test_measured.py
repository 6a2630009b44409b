"""The ledger's figures behind the indicators."""

from datetime import date

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.figures.exposure import exposure_of
from services.monitoring.domain.figures.measured import currency_facts, month_purchases
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.policies.warnings import FactWindows
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from shared.kernel.money import Money
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_cancellation,
    a_credit,
    a_dispute,
    a_payment,
    an_invoice,
    an_order,
    day,
)

WINDOWS = FactWindows(wadd_days=91, parts_days=182, sales_days=91)


def measured(*facts: Fact, on: int = 60, limit: int | None = None) -> CurrencyFacts:
    account = fold(facts, LEDGER)
    ageing = age(account, "EUR", as_of=day(on), policy=LEDGER)
    exposure = exposure_of(account, ageing, LEDGER)
    return currency_facts(account, ageing, exposure, WINDOWS, limit=limit)


def test_overdue_leaves_out_what_is_disputed_in_time() -> None:
    found = measured(an_invoice(), a_dispute(amount="40", on=35))
    assert (found.open_amount, found.overdue_amount) == (Money(10_000, "EUR"), Money(6000, "EUR"))
    assert (found.overdue_count, found.overdue_invoices) == (1, ("I1",))


def test_an_invoice_disputed_whole_is_not_overdue() -> None:
    found = measured(an_invoice(), a_dispute(amount="100", on=20))
    assert (found.overdue_count, found.longest_days_late) == (0, 0)


def test_small_invoices_are_late_but_not_material() -> None:
    found = measured(an_invoice(amount="5"))
    assert (found.max_days_past_due, found.longest_days_late) == (0, 30)


def test_the_habit_rests_on_what_was_settled_in_the_window() -> None:
    found = measured(an_invoice(), a_payment(on=40), on=131)
    assert found.wadd is None
    found = measured(an_invoice(), a_payment(on=40), on=130)
    assert (found.wadd, found.wadd_invoices, found.wadd_documents) == (10.0, 1, ("I1",))
    assert found.wadd_amount == Money(10_000, "EUR")


def test_parts_are_counted_in_their_own_window() -> None:
    facts = [an_invoice(), a_payment("P1", "60"), a_payment("P2", "40", on=12)]
    found = measured(*facts, on=150)
    assert (found.settled_invoices, found.settled_in_parts) == (1, 1)
    assert found.parts_documents == ("I1",)


def test_purchases_and_sales_have_their_windows() -> None:
    found = measured(an_invoice(on=0), an_invoice("I2", on=50), on=91)
    assert (found.purchases_12m, found.sales) == (Money(20_000, "EUR"), Money(10_000, "EUR"))


def test_exposure_orders_and_limit_go_with_it() -> None:
    found = measured(an_invoice(), an_order(), limit=50_000)
    assert (found.exposure, found.open_orders) == (Money(15_000, "EUR"), 1)
    assert found.limit == Money(50_000, "EUR")


def test_no_limit_is_not_a_limit_of_nothing() -> None:
    assert measured(an_invoice()).limit is None


def test_at_most_twenty_documents_are_shown() -> None:
    found = measured(*(an_invoice(f"I{n:02}", on=n) for n in range(25)), on=90)
    assert (found.overdue_count, len(found.overdue_invoices)) == (25, 20)
    assert found.overdue_invoices[0] == "I00"


def test_a_months_purchases_are_its_invoices_less_credit_notes() -> None:
    account = fold(
        [an_invoice("I1"), an_invoice("I2", on=30), an_invoice("I3", on=31), a_credit(on=40)],
        LEDGER,
    )
    assert month_purchases(account, "EUR", month=date(2025, 1, 31)) == (Money(19_000, "EUR"), 2)


def test_a_cancelled_invoice_is_no_purchase_of_the_month() -> None:
    account = fold([an_invoice(), a_cancellation()], LEDGER)
    assert month_purchases(account, "EUR", month=date(2025, 1, 31)) == (Money(0, "EUR"), 0)
