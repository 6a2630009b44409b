"""A fact comes in: applied, put aside, dropped or refused; and what is said of it."""

from datetime import date
from decimal import Decimal

from services.monitoring.domain.receivables.facts import FactKind
from services.monitoring.usecases.observing import absorbed_orders
from shared.contracts import transactions as tx
from shared.contracts.monitoring import BehaviourReported, ExposureChanged
from tests.unit.monitoring.in_memory import Monitoring, Told, a_close
from tests.unit.monitoring.ledger_builders import an_invoice, an_order, an_order_cancelled
from tests.unit.monitoring.telling import (
    begun,
    bounced,
    closes,
    issued,
    on_day,
    ordered,
    paid,
    told,
)


def exposures(monitoring: Monitoring) -> list[ExposureChanged]:
    return [event for _, event in monitoring.told if isinstance(event, ExposureChanged)]


def open_amount(monitoring: Monitoring, customer: str = "C1") -> int:
    account = monitoring.customer(customer).ledger.account
    return sum(receivable.open for receivable in account.receivables.values())


def test_a_fact_of_today_is_applied() -> None:
    monitoring = begun()
    monitoring.run([told(issued(), name="e1")])
    assert monitoring.statuses["e1"] == "applied"
    assert open_amount(monitoring) == 100_000


def test_the_same_fact_under_another_id_is_a_duplicate() -> None:
    monitoring = begun()
    monitoring.run([told(issued(), name="e1"), told(issued(), name="e2")])
    assert monitoring.statuses["e2"] == "duplicate"
    assert len(monitoring.facts) == 1


def test_a_duplicate_in_a_later_batch_is_known_too() -> None:
    monitoring = begun()
    monitoring.run([told(issued(), name="e1")], [told(issued(), name="e2")])
    assert monitoring.statuses["e2"] == "duplicate"


def test_a_duplicate_says_nothing() -> None:
    monitoring = begun()
    monitoring.run([told(issued(), name="e1")])
    before = len(monitoring.told)
    monitoring.run([told(issued(), name="e2")])
    assert len(monitoring.told) == before


def test_a_fact_of_a_later_day_waits() -> None:
    monitoring = begun()
    monitoring.run([told(issued(on=2), name="e1")])
    assert monitoring.statuses["e1"] == "waiting"
    assert (len(monitoring.waiting), len(monitoring.facts)) == (1, 0)


def test_a_waiting_fact_is_applied_when_its_day_closes() -> None:
    monitoring = begun()
    monitoring.run([told(issued(on=2))], closes(0, 2))
    assert (len(monitoring.waiting), open_amount(monitoring)) == (0, 100_000)


def test_a_waiting_fact_is_applied_before_the_customers_next_fact_of_its_day() -> None:
    monitoring = begun()
    monitoring.run([told(issued(on=1)), *closes(0, 0), told(paid(on=1), on=1)])
    assert open_amount(monitoring) == 0


def test_a_waiting_fact_that_comes_again_is_a_duplicate() -> None:
    monitoring = begun()
    monitoring.run([told(issued(on=2), name="e1")], [told(issued(on=2), name="e2")])
    assert monitoring.statuses["e2"] == "duplicate"


def test_before_the_ledger_has_begun_everything_waits() -> None:
    monitoring = Monitoring()
    monitoring.run([told(issued(), name="e1")])
    assert monitoring.statuses["e1"] == "waiting"
    monitoring.run([a_close(on_day(0))])
    assert open_amount(monitoring) == 100_000


def test_a_fact_of_a_closed_day_is_applied_at_once() -> None:
    monitoring = begun()
    monitoring.run([told(issued(on=0))], closes(0, 5), [told(paid(on=2), on=6)])
    assert open_amount(monitoring) == 0


def test_a_late_fact_gives_the_account_it_would_have_given_in_time() -> None:
    late, early = begun(), begun()
    facts = [told(issued("I1", terms=20)), told(issued("I2", terms=5))]
    late.run(facts, closes(0, 9), [told(paid(amount="500", on=3), on=10)])
    early.run([*facts, *closes(0, 2), told(paid(amount="500", on=3), on=3)], closes(3, 9))
    found, wanted = late.customer("C1").ledger.account, early.customer("C1").ledger.account
    assert found.receivables == wanted.receivables


def test_a_fact_that_makes_no_sense_is_parked_and_changes_nothing() -> None:
    monitoring = begun()
    monitoring.run([told(issued(amount="-1"), name="e1")])
    assert monitoring.parked == [("e1", "invalid_input")]
    assert monitoring.accounts == {}


def test_a_fact_about_nobody_is_parked() -> None:
    monitoring = begun()
    monitoring.run([told(issued(), about="", name="e1")])
    assert monitoring.parked == [("e1", "invalid_input")]


def test_exposure_is_said_once_per_batch_and_day() -> None:
    monitoring = begun()
    monitoring.run([told(issued("I1")), told(issued("I2")), told(ordered())])
    said = exposures(monitoring)
    assert len(said) == 1
    assert said[0].exposures[0].open_amount == Decimal("2000.00")
    assert said[0].absorbed_orders == ("O1",)


def test_a_new_day_says_exposure_anew() -> None:
    monitoring = begun()
    monitoring.run([told(issued("I1")), *closes(0, 0), told(issued("I2", on=1), on=1)])
    assert [each.as_of for each in exposures(monitoring)] == [on_day(0), on_day(1)]


def test_the_version_of_exposure_rises_with_every_change() -> None:
    monitoring = begun()
    monitoring.run([told(issued("I1"))], [told(issued("I2"))])
    assert [each.version for each in exposures(monitoring)] == [1, 2]


def test_orders_are_absorbed_once_the_ledger_accounts_for_them() -> None:
    facts = [an_order("O1"), an_invoice(refers_to="O2"), an_order_cancelled("O3"), an_invoice()]
    assert absorbed_orders(facts) == ("O1", "O2", "O3")


def test_the_sixth_settled_invoice_has_behaviour_reported_once() -> None:
    monitoring = begun()
    for number in range(8):
        name = str(number)
        monitoring.run([told(issued(name)), told(paid(f"P{name}", to=name))])
    said = list(monitoring.said(BehaviourReported))
    assert len(said) == 1
    assert isinstance(said[0], BehaviourReported)
    behaviour = said[0].figures.behaviour
    assert behaviour is not None
    assert behaviour.settled_24m == 6


def test_a_bounce_is_heard_by_the_detectors() -> None:
    monitoring = begun()
    monitoring.run([told(issued()), told(paid()), told(bounced())])
    assert monitoring.customer("C1").watch.dishonours.count == 1.0


def test_an_order_is_heard_by_the_detectors() -> None:
    monitoring = begun()
    monitoring.run([told(ordered())])
    assert monitoring.customer("C1").watch.orders["EUR"].usual.seen == 1


def test_the_totals_follow_the_facts() -> None:
    monitoring = begun()
    monitoring.run(
        [told(issued("I1")), told(issued("I2"), about="C2"), told(paid(amount="400"), about="C2")]
    )
    assert monitoring.totals == {"EUR": (160_000, 2)}


def test_facts_without_a_date_of_their_own_are_dated_by_when_they_were_told() -> None:
    monitoring = begun()
    cancelled = tx.InvoiceCancelled(invoice_id="I1")
    monitoring.run([told(issued()), *closes(0, 1), told(cancelled, on=2)])
    row = next(r for r in monitoring.facts.values() if r.kind == FactKind.INVOICE_CANCELLED)
    assert row.event_date == on_day(2)


def test_both_times_of_a_fact_are_kept() -> None:
    monitoring = begun()
    monitoring.run([*closes(0, 3), Told(paid(on=1), "C1", on_day(4), id="e1")])
    row = next(iter(monitoring.facts.values()))
    assert row.event_date == on_day(1)
    assert isinstance(row.recorded_at, date)
    assert row.recorded_at.isoformat()[:10] == on_day(4).isoformat()


def test_what_two_sources_tell_counts_once_for_detectors_and_conduct() -> None:
    one, two = begun(), begun()
    facts = [told(issued()), told(paid(to="I1"), name="p"), told(bounced(), name="b")]
    one.run(facts)
    again = Told(bounced(), "C1", on_day(0), id="b", source="bank")
    early = Told(bounced(on=1), "C2", on_day(0), id="w", source="bank")
    two.run(facts, [again])
    assert (
        two.customer("C1").ledger.account.dishonours == one.customer("C1").ledger.account.dishonours
    )
    assert two.customer("C1").watch.dishonours == one.customer("C1").watch.dishonours
    waiting = [told(issued(), about="C2"), told(paid(to="I1"), about="C2"), early]
    two.run([*waiting, told(bounced(on=1), about="C2", name="w2")], closes(0, 0))
    two.run([told(issued("I2", on=1), on=1, about="C2")])
    assert two.customer("C2").watch.dishonoured_payments == ("P1",)
