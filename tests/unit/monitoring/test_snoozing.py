"""Putting warnings off: quiet until the day or until it worsens; a red one needs two people."""

from datetime import date

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.watching.alerts import Label
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from services.monitoring.domain.watching.watch import wakes_on
from services.monitoring.usecases.snoozing import (
    DecideSnooze,
    NoSnoozeAskedError,
    SnoozeNeedsAnotherError,
    SnoozeWarning,
    SnoozeWord,
    decide_snooze,
    snooze,
)
from services.monitoring.usecases.verdicts import (
    AcknowledgeWarning,
    ResolveWarning,
    WarningNotOpenError,
    acknowledge,
    resolve,
)
from shared.contracts.monitoring import WarningEscalated
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.warning_builders import SHIPPED, a_ledger, late_by, on_day
from tests.unit.monitoring.watched_builders import Subject, some_work

T01 = Indicator.MAX_DAYS_PAST_DUE
CALM = a_ledger()


def late(days: int) -> Subject:
    customer = Subject()
    customer.observe(0, late_by(days, invoices=1))
    return customer


def put_off(customer: Subject, *, until: int = 11, day: int = 1, who: str = "Ann") -> RiskWarning:
    wish = SnoozeWarning(warning_id=customer.warning().warning_id, until=on_day(until), note="fair")
    answer = snooze(customer.watched(on_day(day)), wish, some_work(day, actor=who))
    assert answer.status == 200
    return customer.warning()


def decided(
    customer: Subject, word: SnoozeWord = SnoozeWord.APPROVED, *, who: str, day: int = 1
) -> RiskWarning:
    wish = DecideSnooze(warning_id=customer.warning().warning_id, decision=word)
    assert decide_snooze(customer.watched(on_day(day)), wish, some_work(day, actor=who)).status
    return customer.warning()


def test_a_snoozed_warning_is_suppressed_and_still_counts() -> None:
    customer = late(31)
    before = customer.figures(on_day(1)).ews
    kept = put_off(customer)
    assert kept.status is WarningStatus.SUPPRESSED
    assert kept.snooze is not None
    assert (kept.snooze.until, kept.snooze.asked_by, kept.snooze.in_force) == (
        on_day(11),
        "Ann",
        True,
    )
    assert customer.figures(on_day(1)).ews == before > 0
    assert customer.saved[kept.warning_id] == kept


def test_putting_off_announces_nothing() -> None:
    customer = late(31)
    put_off(customer)
    assert customer.told == ["WarningRaised T01 amber"]


def test_nothing_is_said_while_it_is_put_off_though_days_pass() -> None:
    customer = late(31)
    put_off(customer)
    for day in range(1, 10):
        customer.close(day, late_by(31 + 2 * day, invoices=1))
    assert customer.told == ["WarningRaised T01 amber"]
    assert customer.warning().status is WarningStatus.SUPPRESSED


def test_it_is_back_on_its_day_by_the_close_of_the_day_before() -> None:
    customer = late(31)
    put_off(customer, until=11)
    for day in range(1, 10):
        customer.close(day, late_by(31, invoices=1))
    assert len(customer.said) == 1
    customer.close(10, late_by(31, invoices=1))
    event = customer.said[-1]
    assert isinstance(event, WarningEscalated)
    assert (event.transition, event.severity, event.previous_severity) == (
        "return",
        "amber",
        "amber",
    )
    kept = customer.warning()
    assert (kept.status, kept.snooze, kept.pending_since) == (WarningStatus.OPEN, None, on_day(10))


def test_it_is_back_though_its_figure_is_missing() -> None:
    customer = Subject()
    customer.observe(0, a_ledger(wadd=21.0))
    wish = SnoozeWarning(
        warning_id=customer.warning(Indicator.LATENESS_LEVEL).warning_id, until=on_day(3)
    )
    snooze(customer.watched(on_day(1)), wish, some_work(1, actor="Ann"))
    customer.close(2, a_ledger(wadd=None, wadd_invoices=0))
    assert customer.warning(Indicator.LATENESS_LEVEL).status is WarningStatus.OPEN


def test_the_customer_is_woken_for_it_though_its_figure_is_missing() -> None:
    customer = Subject()
    customer.observe(0, a_ledger(wadd=21.0))
    wish = SnoozeWarning(
        warning_id=customer.warning(Indicator.LATENESS_LEVEL).warning_id, until=on_day(9)
    )
    snooze(customer.watched(on_day(1)), wish, some_work(1, actor="Ann"))
    customer.close(1, a_ledger(wadd=None, wadd_invoices=0))
    assert wakes_on(customer.watch, SHIPPED.lifecycle, day=on_day(2)) == on_day(8)
    assert wakes_on(customer.watch, SHIPPED.lifecycle, day=on_day(12)) == on_day(12)


def test_it_is_back_at_once_when_its_severity_rises() -> None:
    customer = late(8)
    put_off(customer)
    customer.observe(2, late_by(31, invoices=1))
    assert customer.told[-1] == "WarningEscalated T01 amber"
    assert (customer.warning().status, customer.warning().snooze) == (WarningStatus.OPEN, None)
    assert customer.watch.alerts[T01].snoozed_until is None


def test_it_is_back_at_once_when_it_becomes_a_hard_trigger() -> None:
    customer = late(85)
    put_off(customer)
    decided(customer, who="Bob")
    customer.close(2, late_by(90, invoices=1))
    assert len(customer.said) == 1
    customer.close(3, late_by(91, invoices=1))
    assert customer.told[-1] == "WarningEscalated T01 red"
    assert customer.said[-1].figures.ews == 90.0
    assert customer.warning().status is WarningStatus.OPEN


def test_it_steps_down_and_clears_while_put_off() -> None:
    customer = late(31)
    put_off(customer)
    customer.close(2, late_by(8, invoices=1))
    customer.close(3, late_by(8, invoices=1))
    assert customer.told[-1] == "WarningEscalated T01 watch"
    assert customer.warning().status is WarningStatus.SUPPRESSED
    customer.close(4, CALM)
    customer.close(5, CALM)
    (kept,) = customer.saved.values()
    assert (kept.status, kept.snooze) == (WarningStatus.RESOLVED, None)


def test_one_that_was_acknowledged_is_back_to_be_seen_again() -> None:
    customer = late(31)
    wish = AcknowledgeWarning(warning_id=customer.warning().warning_id)
    acknowledge(customer.watched(on_day(1)), wish, some_work(1, actor="Ann"))
    put_off(customer, until=3)
    customer.close(2, late_by(31, invoices=1))
    assert customer.warning().status is WarningStatus.OPEN


def test_acknowledging_a_snoozed_one_leaves_it_snoozed() -> None:
    customer = late(31)
    put_off(customer)
    wish = AcknowledgeWarning(warning_id=customer.warning().warning_id)
    acknowledge(customer.watched(on_day(1)), wish, some_work(1, actor="Ann"))
    assert customer.warning().status is WarningStatus.SUPPRESSED
    assert customer.warning().acknowledged_by == "Ann"


def test_a_snoozed_one_can_be_resolved() -> None:
    customer = late(31)
    put_off(customer)
    wish = ResolveWarning(warning_id=customer.warning().warning_id, label=Label.BENIGN)
    resolve(customer.watched(on_day(2)), wish, some_work(2, actor="Ann"))
    (kept,) = customer.saved.values()
    assert (kept.status, kept.snooze) == (WarningStatus.RESOLVED, None)
    customer.close(10, late_by(31, invoices=1))
    assert customer.told == ["WarningRaised T01 amber"]


@pytest.mark.parametrize(("until", "fine"), [(1, False), (2, True), (31, True), (32, False)])
def test_a_warning_is_put_off_to_a_day_after_today_and_thirty_days_on_at_most(
    until: int, *, fine: bool
) -> None:
    customer = late(31)
    if fine:
        put_off(customer, until=until, day=1)
        return
    with pytest.raises(InvalidInputError, match="until"):
        put_off(customer, until=until, day=1)
    assert customer.warning().status is WarningStatus.OPEN


def test_a_red_one_is_only_asked_for() -> None:
    customer = late(61)
    kept = put_off(customer)
    assert kept.status is WarningStatus.OPEN
    assert kept.snooze is not None
    assert not kept.snooze.in_force
    assert customer.watch.alerts[T01].snoozed_until is None


def test_another_person_approves_it() -> None:
    customer = late(61)
    put_off(customer)
    kept = decided(customer, who="Bob")
    assert kept.status is WarningStatus.SUPPRESSED
    assert kept.snooze is not None
    assert (kept.snooze.approved_by, kept.snooze.asked_by) == ("Bob", "Ann")
    assert customer.watch.alerts[T01].snoozed_until == on_day(11)


def test_nobody_approves_what_they_asked_for() -> None:
    customer = late(61)
    put_off(customer, who="Ann")
    with pytest.raises(SnoozeNeedsAnotherError):
        decided(customer, who="Ann")
    assert customer.warning().status is WarningStatus.OPEN


def test_another_person_may_reject_it() -> None:
    customer = late(61)
    put_off(customer)
    kept = decided(customer, SnoozeWord.REJECTED, who="Bob")
    assert (kept.status, kept.snooze) == (WarningStatus.OPEN, None)


@pytest.mark.parametrize("days", [31, 61])
def test_there_is_nothing_to_approve_where_nobody_waits(days: int) -> None:
    customer = late(days)
    if days == 31:
        put_off(customer)
    with pytest.raises(NoSnoozeAskedError):
        decided(customer, who="Bob")


def test_a_longer_snooze_that_is_only_asked_for_outlives_the_first() -> None:
    customer = late(61)
    put_off(customer, until=3)
    decided(customer, who="Bob")
    put_off(customer, until=20)
    customer.close(2, late_by(62, invoices=1))
    kept = customer.warning()
    assert kept.status is WarningStatus.OPEN
    assert kept.snooze is not None
    assert (kept.snooze.until, kept.snooze.in_force) == (on_day(20), False)


def test_it_is_too_late_to_approve_when_the_day_has_come() -> None:
    customer = late(61)
    put_off(customer, until=11)
    with pytest.raises(InvalidInputError, match="until"):
        decided(customer, who="Bob", day=11)


def test_what_is_over_cannot_be_put_off() -> None:
    customer = late(31)
    wish = SnoozeWarning(warning_id="gone", until=date(2025, 1, 20))
    with pytest.raises(WarningNotOpenError):
        snooze(customer.watched(on_day(1)), wish, some_work(1, actor="Ann"))
