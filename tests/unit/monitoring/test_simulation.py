"""What a policy said, held against what happened: counted customer by customer, and merged."""

from collections import Counter
from datetime import date

from services.monitoring.domain.learning.simulation import (
    LISTED,
    BandChange,
    Comparison,
    PolicyTally,
    Run,
    Score,
    Spells,
    band_change,
)
from services.monitoring.domain.receivables.ledger import fold
from tests.unit.monitoring.ledger_builders import LEDGER, a_credit, a_payment, an_invoice, day

EVER = {"since": day(0), "through": day(400)}


def warned_from(on: int) -> Run:
    run = Run(days=365)
    run.spells.note(day(on), is_open=True)
    return run


def test_a_spell_stands_until_it_ends() -> None:
    spells = Spells()
    for on, is_open in ((3, True), (5, True), (9, False)):
        spells.note(day(on), is_open=is_open)
    assert [spells.stood(day(on)) for on in (2, 3, 8, 9, 50)] == [False, True, True, False, False]
    assert not Spells().stood(day(1))


def test_an_alert_counts_when_it_comes_or_gets_worse() -> None:
    run = Run()
    run.alert("T01", "watch", None)
    run.alert("T01", "red", "watch")
    run.alert("T01", "red", "red")
    run.alert("T01", "watch", "red")
    assert run.raised == Counter({("T01", "watch"): 1, ("T01", "red"): 1})


def test_a_default_is_led_by_the_longest_warning_that_stands_at_amber_or_worse() -> None:
    run = Run()
    run.speak("w1", "watch", day(1))
    run.speak("w2", "amber", day(10))
    run.speak("w2", "red", day(20))
    run.default(day(70))
    run.speak("w2", "watch", day(71))
    run.default(day(90))
    assert run.leads == [60, None]


def test_invoices_a_day_over_the_limit_count_as_late_and_no_others() -> None:
    paid = [
        an_invoice("I1", terms=30),
        a_payment("P1", on=45),
        an_invoice("I2", on=100, terms=30),
        a_payment("P2", on=146),
    ]
    tally = PolicyTally()
    tally.add(Run(), fold(paid, LEDGER), **EVER)
    assert (tally.late, tally.late_amount) == (1, Counter({"EUR": 100_00}))


def test_an_invoice_that_our_own_note_closed_late_was_paid_in_time() -> None:
    paid = [an_invoice(terms=30), a_payment(amount="90", on=30), a_credit(on=80)]
    tally = PolicyTally()
    tally.add(Run(), fold(paid, LEDGER), **EVER)
    assert tally.late == 0


def test_a_warning_by_due_and_three_days_is_in_time_and_a_day_later_is_not() -> None:
    account = fold([an_invoice(terms=30)], LEDGER)
    in_time, too_late = PolicyTally(), PolicyTally()
    in_time.add(warned_from(33), account, **EVER)
    too_late.add(warned_from(34), account, **EVER)
    assert (in_time.late_warned, in_time.warned_amount["EUR"]) == (1, 100_00)
    assert (too_late.late_warned, too_late.warned_amount["EUR"]) == (0, 0)
    assert in_time.late_share == 1.0


def test_tallies_add_up() -> None:
    account = fold([an_invoice(terms=30)], LEDGER)
    one, two = PolicyTally(), PolicyTally()
    one.add(warned_from(0), account, **EVER)
    two.add(Run(days=365, leads=[10, None]), account, **EVER)
    one.merge(two)
    assert (one.customers, one.late, one.late_warned, one.defaults) == (2, 2, 1, 2)
    assert (one.leads, one.median_lead) == ([10], 10)
    assert one.months == 2 * 365 / (365.2425 / 12)
    assert one.alerts_per_month == 0.0


def test_nothing_at_all_has_no_shares() -> None:
    empty = PolicyTally()
    assert (empty.alerts_per_month, empty.late_share, empty.median_lead) == (None, None, None)


def scored(*scores: tuple[float, str]) -> Run:
    return Run(
        scores={
            date(2025, month, 28): Score(ews=ews, band=band)
            for month, (ews, band) in enumerate(scores, start=1)
        }
    )


def test_a_band_change_counts_month_ends_and_steps() -> None:
    found = band_change(
        "C1", scored((10, "green"), (80, "red")), scored((30, "yellow"), (30, "yellow"))
    )
    assert found == BandChange(
        customer_id="C1", months=2, steps=3, ews=-50, band="red", new_band="yellow"
    )


def test_another_score_in_the_same_band_is_no_change() -> None:
    assert band_change("C1", scored((10, "green")), scored((20, "green"))) is None
    assert band_change("C1", Run(), Run()) is None


def test_only_those_that_change_most_are_listed() -> None:
    whole = Comparison()
    for number in range(LISTED + 5):
        part = Comparison()
        part.note(
            BandChange(
                customer_id=f"C{number}",
                months=1,
                steps=number,
                ews=1.0,
                band="red",
                new_band="red",
            )
        )
        part.note(None)
        whole.merge(part)
    assert whole.changed == LISTED + 5
    assert [each.steps for each in whole.changes] == list(range(LISTED + 4, 4, -1))
