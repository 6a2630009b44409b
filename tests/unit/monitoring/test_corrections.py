"""Corrected documents: the highest version counts, and hides no days past due."""

from dataclasses import replace

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.receivables.account import Receivable
from services.monitoring.domain.receivables.corrections import effective
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger, fold
from tests.unit.monitoring.ledger_builders import LEDGER, a_change, an_invoice, an_order, day


def a_correction(terms: int, *, told: int, version: int = 2, on: int = 0) -> Fact:
    return replace(an_invoice(on=on, terms=terms - on, version=version), told=day(told))


def _corrected(*facts: Fact) -> Receivable:
    return fold(facts, LEDGER).receivables["I1"]


def test_each_change_of_an_order_stands_for_itself() -> None:
    facts = [an_order(), a_change(version=2), a_change(version=3)]
    assert effective(facts) == facts


@pytest.mark.parametrize(("told", "due"), [(29, 60), (30, 60), (31, 30), (59, 30)])
def test_a_later_due_date_counts_if_it_comes_before_the_old_one_has_passed(
    told: int, due: int
) -> None:
    assert _corrected(an_invoice(terms=30), a_correction(60, told=told)).due_date == day(due)


def test_a_correction_that_comes_too_late_is_marked_with_both_dates() -> None:
    receivable = _corrected(an_invoice(terms=30), a_correction(60, told=45))
    assert (receivable.extended_to, receivable.forborne_on) == (day(60), day(45))


def test_a_correction_in_time_is_no_forbearance() -> None:
    receivable = _corrected(an_invoice(terms=30), a_correction(60, told=10))
    assert (receivable.extended_to, receivable.forborne_on) == (None, None)


def test_a_late_correction_to_an_earlier_due_date_counts() -> None:
    assert _corrected(an_invoice(terms=30), a_correction(20, told=50)).due_date == day(20)


def test_corrections_in_small_steps_hide_nothing_either() -> None:
    facts = [an_invoice(terms=30), a_correction(40, told=35), a_correction(60, told=38, version=3)]
    assert _corrected(*facts).due_date == day(30)


@pytest.mark.parametrize(("told", "due"), [(30, 90), (31, 60), (59, 60)])
def test_corrections_each_in_time_of_the_last_hide_nothing_either(told: int, due: int) -> None:
    facts = [
        an_invoice(terms=30),
        a_correction(60, told=20),
        a_correction(90, told=told, version=3),
    ]
    assert _corrected(*facts).due_date == day(due)


def test_a_due_date_corrected_to_an_earlier_one_is_the_first() -> None:
    facts = [an_invoice(terms=30), a_correction(20, told=10), a_correction(60, told=25, version=3)]
    assert _corrected(*facts).due_date == day(20)


def test_a_late_correction_of_the_amount_alone_keeps_the_due_date() -> None:
    second = replace(a_correction(30, told=50), amount=an_invoice(amount="80").amount)
    receivable = _corrected(an_invoice(terms=30), second)
    assert (receivable.open, receivable.due_date, receivable.extended_to) == (8_000, day(30), None)


def test_days_past_due_go_on_through_a_late_correction() -> None:
    account = fold([an_invoice(terms=30), a_correction(90, told=50)], LEDGER)
    assert age(account, "EUR", as_of=day(60), policy=LEDGER).max_days_past_due == 30


def test_the_terms_agreed_are_those_of_the_correction() -> None:
    account = fold([an_invoice(terms=30), a_correction(90, told=50)], LEDGER)
    assert account.histories["EUR"].terms == (90,)


def test_a_correction_may_move_the_invoice_behind_its_old_due_date() -> None:
    receivable = _corrected(an_invoice(terms=30), a_correction(80, told=50, on=40))
    assert (receivable.invoice_date, receivable.due_date) == (day(40), day(30))


def test_it_does_not_matter_which_version_is_learned_first() -> None:
    first, second = an_invoice(terms=30), a_correction(60, told=45)
    one, other = Ledger(), Ledger()
    one.rebuild([first, second], LEDGER)
    other.rebuild([second, first], LEDGER)
    assert one.account == other.account


def test_what_counted_before_is_not_forgotten_when_all_is_folded_again() -> None:
    merged = effective([an_invoice(terms=30), a_correction(60, told=45)])
    assert effective(merged) == merged
    assert _corrected(*merged).due_date == day(30)
