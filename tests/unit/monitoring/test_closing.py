"""A day ends: what is said then, of whom, and who sleeps on."""

from datetime import date
from decimal import Decimal

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.usecases.closing import is_active
from shared.contracts.monitoring import (
    ArrearsChanged,
    BehaviourReported,
    CustomerCured,
    DefaultFlagged,
    ExposureChanged,
    MonitoringDayClosed,
)
from shared.contracts.transactions import DisputeOpened, OrderPlaced
from tests.unit.monitoring.in_memory import Monitoring
from tests.unit.monitoring.ledger_builders import LEDGER, a_payment, an_invoice, an_order, day
from tests.unit.monitoring.telling import begun, closes, issued, on_day, ordered, paid, told


def arrears(monitoring: Monitoring) -> list[ArrearsChanged]:
    return [event for _, event in monitoring.told if isinstance(event, ArrearsChanged)]


def wakes(monitoring: Monitoring, customer: str = "C1") -> date | None:
    return monitoring.accounts[customer][1]


def test_arrears_are_said_on_the_first_day_past_due() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=5)), *closes(0, 8)])
    said = arrears(monitoring)
    assert [each.as_of for each in said] == [on_day(6)]
    assert said[0].invoices[0].open_amount == Decimal("1000.00")
    assert said[0].totals[0].overdue_amount == Decimal("1000.00")


def test_arrears_that_only_grow_older_are_not_said_again() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=5)), *closes(0, 30)])
    assert len(arrears(monitoring)) == 1


def test_a_part_payment_changes_the_arrears() -> None:
    monitoring = begun()
    monitoring.run(
        [told(issued(terms=1)), *closes(0, 3), told(paid(amount="400", on=4), on=4), *closes(4, 4)]
    )
    assert arrears(monitoring)[-1].invoices[0].open_amount == Decimal("600.00")


def test_arrears_that_are_paid_are_said_to_be_empty() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=1)), *closes(0, 3), told(paid(on=4), on=4), *closes(4, 4)])
    assert (arrears(monitoring)[-1].invoices, arrears(monitoring)[-1].totals) == ((), ())


def test_arrears_that_are_paid_on_the_day_they_would_begin_are_never_said() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=1)), *closes(0, 1), told(paid(on=2), on=2), *closes(2, 3)])
    assert arrears(monitoring) == []


def test_a_dispute_changes_the_arrears() -> None:
    contested = DisputeOpened(
        dispute_id="D1", invoice_id="I1", amount=Decimal(300), code="PRICE", date=on_day(4)
    )
    monitoring = begun()
    monitoring.run([told(issued(terms=1)), *closes(0, 3), told(contested, on=4), *closes(4, 4)])
    last = arrears(monitoring)[-1]
    assert last.invoices[0].disputed_amount == Decimal("300.00")
    assert last.totals[0].undisputed_overdue_amount == Decimal("700.00")


def test_what_becomes_overdue_changes_the_exposure_figures() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=2)), *closes(0, 4)])
    said = [event for _, event in monitoring.told if isinstance(event, ExposureChanged)]
    assert [each.exposures[0].overdue_amount for each in said] == [
        Decimal("0.00"),
        Decimal("1000.00"),
    ]
    assert said[-1].oldest_days_past_due == 1


def test_behaviour_is_reported_at_the_month_end_of_every_active_customer() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=60)), told(ordered(), about="C2"), *closes(0, 58)])
    said = [event for _, event in monitoring.told if isinstance(event, BehaviourReported)]
    month_ends = [date(2025, 3, 31), date(2025, 4, 30)]
    assert [(each.as_of, each.customer_id) for each in said] == [
        (day, customer) for day in month_ends for customer in ("C1", "C2")
    ]
    assert {each.occasion for each in said} == {"month_end"}


def test_the_totals_close_the_day() -> None:
    monitoring = begun()
    monitoring.run([told(issued()), *closes(0, 0)])
    last = monitoring.told[-1][1]
    assert isinstance(last, MonitoringDayClosed)
    assert (last.date, last.receivables[0].open_amount) == (on_day(0), Decimal("1000.00"))
    assert last.receivables[0].customers == 1


def test_quiet_days_close_too() -> None:
    monitoring = begun()
    monitoring.run(closes(0, 4))
    assert len(monitoring.said(MonitoringDayClosed)) == 6


def test_a_customer_ninety_one_days_late_is_in_default() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=1)), *closes(0, 91)])
    assert monitoring.said(DefaultFlagged) == []
    monitoring.run(closes(92, 92))
    said = monitoring.said(DefaultFlagged)
    assert isinstance(said[0], DefaultFlagged)
    assert (said[0].days_past_due, said[0].figures.in_default) == (91, True)
    assert monitoring.decided.count("default_flag") == 1


def test_a_default_is_flagged_once_and_cured_three_months_after() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=1)), *closes(0, 99), told(paid(on=100), on=100)])
    monitoring.run(closes(100, 190))
    assert len(monitoring.said(DefaultFlagged)) == 1
    assert monitoring.said(CustomerCured) == []
    monitoring.run(closes(191, 193))
    assert len(monitoring.said(CustomerCured)) == 1


def test_who_owes_nothing_yet_sleeps_until_the_month_ends() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=90)), *closes(0, 0)])
    assert wakes(monitoring) == date(2025, 3, 31)


def test_an_invoice_wakes_its_customer_the_day_after_it_is_due() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=5)), *closes(0, 0)])
    assert wakes(monitoring) == on_day(6)


def test_an_order_for_later_wakes_its_customer_as_it_comes_within_the_horizon() -> None:
    monitoring = begun()
    later = OrderPlaced(
        order_id="O1", amount=Decimal(400), currency="EUR", planned_delivery=on_day(80)
    )
    monitoring.run([told(later), *closes(0, 0)])
    assert wakes(monitoring) == on_day(20)
    monitoring.run(closes(1, 20))
    said = [event for _, event in monitoring.told if isinstance(event, ExposureChanged)]
    assert [(each.as_of, each.exposures[0].total) for each in said] == [
        (on_day(0), Decimal("0.00")),
        (on_day(20), Decimal("200.00")),
    ]


def test_a_fact_wakes_its_customer_the_same_day() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=90))])
    assert wakes(monitoring) == on_day(0)


def test_a_waiting_fact_wakes_its_customer_on_its_day() -> None:
    monitoring = begun()
    monitoring.run([told(issued(on=4))])
    assert wakes(monitoring) == on_day(4)


def test_a_customer_long_gone_sleeps_for_good() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=0)), told(paid()), *closes(0, 420)])
    assert wakes(monitoring) in {None, date(2026, 4, 30)}


def test_closing_a_day_twice_changes_nothing() -> None:
    monitoring = begun()
    monitoring.run([told(issued(terms=1)), *closes(0, 3)])
    before = len(monitoring.told)
    monitoring.run(closes(2, 3))
    assert len(monitoring.told) == before


def test_who_owes_orders_or_bought_within_a_year_is_active() -> None:
    def active(account: Account, on: int) -> bool:
        return is_active(account, LEDGER, as_of=day(on))

    bought = fold([an_invoice(), a_payment()], LEDGER)
    assert active(fold([an_invoice()], LEDGER), 800)
    assert active(fold([an_order()], LEDGER), 800)
    assert (active(bought, 364), active(bought, 365)) == (True, False)
    assert not active(Account(), 0)
