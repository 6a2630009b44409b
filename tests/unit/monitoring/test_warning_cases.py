"""What a warning carries through its life: its case, its worst, what was at stake, what was held back."""

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.watching.risk_warning import RiskWarning
from tests.unit.monitoring.warning_builders import a_ledger, euros, late_by, on_day
from tests.unit.monitoring.watched_builders import Subject

T01, T03 = Indicator.MAX_DAYS_PAST_DUE, Indicator.LATENESS_LEVEL


def raised_apart(days: int) -> tuple[RiskWarning, RiskWarning]:
    """Two warnings of one customer, so many days apart."""
    customer = Subject()
    customer.observe(0, late_by(8, invoices=1))
    customer.observe(days, late_by(8, invoices=1), a_ledger(currency="USD", wadd=11.0))
    return customer.warning(T01), customer.warning(T03)


@pytest.mark.parametrize(("days", "folds"), [(0, True), (2, True), (3, True), (4, False)])
def test_warnings_within_three_days_are_one_case(days: int, *, folds: bool) -> None:
    first, second = raised_apart(days)
    assert first.case_id is not None
    assert second.case_id is not None
    assert (first.case_id == second.case_id) is folds


def test_each_warning_that_joins_keeps_the_case_open_for_three_more_days() -> None:
    customer = Subject()
    customer.observe(0, late_by(8, invoices=1))
    customer.observe(3, late_by(8, invoices=1), a_ledger(currency="USD", wadd=11.0))
    customer.observe(6, late_by(8, invoices=4), a_ledger(currency="USD", wadd=11.0))
    assert len({each.case_id for each in customer.watch.warnings.values()}) == 1
    assert len(customer.watch.warnings) > 2


def test_events_carry_the_case_and_what_happened() -> None:
    customer = Subject()
    customer.observe(0, late_by(8, invoices=1))
    customer.observe(23, late_by(31, invoices=1))
    assert [each.transition for each in customer.said] == ["raise", "escalate"]
    assert {each.case_id for each in customer.said} == {customer.warning().case_id}


def test_a_return_after_clearing_is_another_case() -> None:
    customer = Subject()
    customer.observe(0, late_by(8, invoices=1))
    first = customer.warning().case_id
    customer.close(1, a_ledger())
    customer.close(2, a_ledger())
    customer.observe(30, late_by(8, invoices=1))
    assert customer.warning().case_id != first


def test_a_warning_remembers_when_it_first_was_as_bad_and_its_worst_value() -> None:
    customer = Subject()
    for day, days_late in ((0, 8), (23, 31), (54, 61)):
        customer.observe(day, late_by(days_late, invoices=1))
    for day in (60, 61):
        customer.close(day, late_by(40, invoices=1))
    kept = customer.warning()
    assert (kept.severity, kept.amber_on, kept.red_on) == ("amber", on_day(23), on_day(54))
    assert (kept.value, kept.worst_value) == (40, 61)
    assert kept.pending_since == on_day(61)


def test_a_warning_keeps_what_was_at_stake_when_it_was_raised() -> None:
    customer = Subject(exposure=(euros(700),))
    customer.observe(0, late_by(8, invoices=1))
    customer.exposure = (euros(900),)
    customer.observe(23, late_by(31, invoices=1))
    assert customer.warning().exposure == (euros(700),)


def test_what_is_held_back_is_counted_when_something_is_said_again() -> None:
    customer = Subject()
    for day, days_late in ((0, 8), (3, 11), (8, 13), (12, 16), (26, 31)):
        customer.observe(day, late_by(days_late, invoices=1))
    assert (customer.warning().said, customer.warning().held) == (3, 2)


def test_what_is_held_back_is_written_down_at_the_month_end_too() -> None:
    customer = Subject()
    customer.observe(0, late_by(8, invoices=1))
    for day in range(1, 30):
        customer.close(day, late_by(8, invoices=1))
    assert customer.warning().held == 0
    customer.close(30, late_by(8, invoices=1))
    assert customer.warning().held == 30
    assert customer.saved[customer.warning().warning_id].held == 30


def test_calm_days_are_not_held_back() -> None:
    customer = Subject()
    customer.observe(0, late_by(8, invoices=1))
    customer.close(1, a_ledger())
    customer.close(2, a_ledger())
    (kept,) = customer.saved.values()
    assert (kept.said, kept.held) == (2, 0)
