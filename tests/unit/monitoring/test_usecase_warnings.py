"""Observing a customer: only changes are stored and said, with everything that rating needs."""

from dataclasses import replace

import msgspec
import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.watching.alerts import Transition
from services.monitoring.domain.watching.risk_warning import WarningDecision, WarningStatus
from services.monitoring.usecases.warnings import WARNING
from shared.contracts.monitoring import WarningEscalated, WarningRaised, WarningResolved
from shared.decisions.stored import canonical_json, read_facts
from tests.unit.monitoring.warning_builders import (
    GOLDEN,
    POLICY,
    a_ledger,
    euros,
    late_by,
    on_day,
)
from tests.unit.monitoring.watched_builders import Subject

CALM = a_ledger()
SAID = {
    "RAISE": "WarningRaised",
    "REALERT": "WarningEscalated",
    "ESCALATE": "WarningEscalated",
    "DEESCALATE": "WarningEscalated",
    "CLEAR": "WarningResolved",
}


def one_late(days: int) -> CurrencyFacts:
    """One invoice late: T01's matter and nobody else's."""
    return late_by(days, invoices=1)


def test_a_customer_who_pays_in_time_is_nothing_to_talk_about() -> None:
    customer = Subject()
    customer.observe(0, CALM)
    customer.close(0, CALM)
    assert (customer.said, customer.decisions, customer.saved) == ([], 0, {})


def test_ew_12_each_change_is_one_event_and_one_decision() -> None:
    customer, expected = Subject(), []
    for (day, value), (_, _, _, transition) in zip(
        GOLDEN["EW-12"]["in"]["evaluations"], GOLDEN["EW-12"]["out"]["timeline"], strict=True
    ):
        customer.close(day, one_late(value))
        expected += [SAID[transition]] if transition in SAID else []
        assert [type(each).__name__ for each in customer.said] == expected
        assert customer.decisions == len(expected)


def test_a_raised_warning_says_what_and_why() -> None:
    customer = Subject()
    work = customer.observe(8, one_late(8))
    (event,) = customer.said
    assert isinstance(event, WarningRaised)
    assert (event.indicator, event.severity, event.previous_severity) == ("T01", "watch", None)
    assert (event.value, event.threshold, event.raised_on) == (8, 7, on_day(8))
    assert event.evidence.documents == ("I0",)
    assert event.evidence.window == "now"
    assert event.policy_version == "test-1"
    assert event.figures.ews == pytest.approx(13.5)
    assert work.announced[0][0].subject == "C1"


def test_the_figures_are_those_after_the_change() -> None:
    customer = Subject()
    customer.observe(0, one_late(91))
    (event,) = customer.said
    assert (event.figures.ews, event.figures.band) == (90.0, "red")
    assert event.figures.open_red_warning


def test_two_warnings_at_once_carry_the_same_figures() -> None:
    customer = Subject()
    customer.observe(0, late_by(10))
    assert customer.told == [
        "WarningRaised T01 watch",
        "WarningRaised T02 amber",
        "WarningRaised T06 watch",
    ]
    assert len({event.figures.ews for event in customer.said}) == 1


def test_an_escalation_says_from_where() -> None:
    customer = Subject()
    customer.observe(0, one_late(8))
    customer.observe(23, one_late(31))
    event = customer.said[-1]
    assert isinstance(event, WarningEscalated)
    assert (event.previous_severity, event.severity, event.value) == ("watch", "amber", 31)


def test_saying_it_again_keeps_the_severity() -> None:
    customer = Subject()
    customer.observe(0, one_late(8))
    customer.observe(7, one_late(15))
    event = customer.said[-1]
    assert isinstance(event, WarningEscalated)
    assert (event.previous_severity, event.severity) == ("watch", "watch")


def test_a_cleared_warning_is_resolved_without_a_label() -> None:
    customer = Subject()
    customer.observe(0, one_late(8))
    customer.close(1, CALM)
    customer.close(2, CALM)
    event = customer.said[-1]
    assert isinstance(event, WarningResolved)
    assert (event.label, event.value, event.severity) == (None, 0, "watch")
    assert event.figures.ews == 0.0


def test_events_do_not_clear() -> None:
    customer = Subject()
    customer.observe(0, one_late(8))
    for _ in range(5):
        customer.observe(1, CALM)
    assert customer.told == ["WarningRaised T01 watch"]


def test_a_warning_keeps_its_id_until_it_clears_and_returns_under_a_new_one() -> None:
    customer = Subject()
    customer.observe(0, one_late(8))
    customer.observe(23, one_late(31))
    customer.close(40, CALM)
    customer.close(41, CALM)
    customer.observe(60, one_late(8))
    first, second, third, fourth = [event.warning_id for event in customer.said]
    assert first == second == third != fourth
    assert set(customer.saved) == {first, fourth}


def test_the_saved_warning_follows_what_is_said() -> None:
    customer = Subject()
    customer.observe(0, one_late(8))
    customer.observe(23, one_late(31))
    (kept,) = customer.saved.values()
    assert (kept.severity, kept.value, kept.threshold) == ("amber", 31, 30)
    assert (kept.raised_on, kept.changed_on) == (on_day(0), on_day(23))
    assert kept.status is WarningStatus.OPEN


def test_a_cleared_warning_is_saved_as_resolved_by_nobody() -> None:
    customer = Subject()
    customer.observe(0, one_late(8))
    customer.close(1, CALM)
    customer.close(2, CALM)
    (kept,) = customer.saved.values()
    assert (kept.status, kept.resolved_on) == (WarningStatus.RESOLVED, on_day(2))
    assert (kept.resolved_by, kept.label) == (None, None)


def test_a_warning_belongs_to_the_chain_that_raised_it() -> None:
    by_event, by_close = Subject(), Subject()
    by_event.observe(8, one_late(8))
    by_close.close(8, one_late(8))
    assert by_event.warning().correlation_id == "event-8"
    assert by_close.warning().correlation_id == "event-8/C1"


def test_the_same_batch_taken_again_gives_the_same_ids() -> None:
    once, again = Subject(), Subject()
    once.observe(8, late_by(10))
    again.observe(8, late_by(10))
    assert [each.warning_id for each in once.said] == [each.warning_id for each in again.said]


def test_a_stored_decision_comes_out_the_same_when_taken_again() -> None:
    customer = Subject()
    customer.observe(0, late_by(10))
    work = customer.close(30, late_by(40))
    assert work.decided
    for stored in work.decided:
        facts = read_facts(WARNING, stored.inputs)
        decision = WARNING.decide(facts, POLICY, as_of=stored.as_of)
        assert canonical_json(decision) == stored.outcome


def test_a_decision_gives_its_reason_with_value_and_threshold() -> None:
    customer = Subject()
    work = customer.observe(0, one_late(8))
    (stored,) = work.decided
    decision = msgspec.json.decode(stored.outcome, type=WarningDecision)
    assert decision.transition is Transition.RAISE
    (reason,) = decision.reasons
    assert (reason.code, reason.value, reason.threshold) == ("T01.raise", 8, 7)


def test_a_missing_figure_resolves_nothing() -> None:
    customer = Subject()
    customer.observe(0, a_ledger(wadd=21.0))
    for day in range(1, 10):
        customer.close(day, a_ledger(wadd=None, wadd_invoices=0))
    assert customer.told == ["WarningRaised T03 amber"]
    assert Indicator.LATENESS_LEVEL in customer.watch.alerts


def test_what_no_longer_counts_does_not_clear_a_warning_by_that() -> None:
    customer = Subject()
    over = a_ledger(limit=euros(800))
    customer.observe(0, over)
    for day in range(1, 5):
        customer.close(day, replace(over, open_invoices=4))
    assert customer.told == ["WarningRaised L01 red"]
    for day in range(5, 7):
        customer.close(day, replace(over, open_invoices=4, exposure=euros(400)))
    assert customer.told[-1] == "WarningResolved L01 red"
