"""Debit notes, other terms, write-offs and recoveries, posted one by one."""

from dataclasses import replace

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.history import lost_within, settled_within
from services.monitoring.domain.receivables.ledger import account_as_of, fold
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_cancellation,
    a_credit,
    a_dispute,
    a_payment,
    an_invoice,
    day,
)
from tests.unit.monitoring.undertaking_builders import (
    a_debit,
    a_recovery,
    a_terms_change,
    a_write_off,
)


def _folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


def _invoice(account: Account, name: str = "I1") -> Receivable:
    found = account.receivable(name)
    assert found is not None
    return found


def _late(*facts: Fact, on: int) -> int:
    account = account_as_of(facts, day(on), LEDGER)
    return age(account, "EUR", as_of=day(on), policy=LEDGER).max_days_past_due


def _settled(account: Account) -> int:
    days = settled_within(account.histories["EUR"], after=day(-1), through=day(500))
    return sum(each.invoices for each in days)


def test_a_debit_note_is_owed_besides() -> None:
    assert _invoice(_folded(an_invoice(), a_debit(amount="15"))).open == 11_500


def test_open_is_gross_and_debits_less_credits_payments_and_write_offs() -> None:
    account = _folded(
        an_invoice(amount="100"),
        a_debit(amount="20"),
        a_credit(amount="5", on=6),
        a_payment(amount="30"),
        a_write_off(amount="40"),
    )
    assert _invoice(account).open == 4_500


def test_a_debit_note_counts_as_bought() -> None:
    account = _folded(an_invoice(), a_debit(amount="15"))
    assert account.histories["EUR"].purchased == {day(0): 11_500}


def test_a_debit_note_opens_a_settled_invoice_again() -> None:
    account = _folded(an_invoice(), a_payment(), a_debit(on=12))
    assert (_invoice(account).open, _invoice(account).settled_on) == (1_500, None)
    assert _settled(account) == 0


def test_paying_the_debit_note_too_settles_the_invoice_once() -> None:
    account = _folded(an_invoice(), a_payment(), a_debit(on=12), a_payment("P2", "15", 40))
    assert _invoice(account).settled_on == day(40)
    assert (_settled(account), account.histories["EUR"].settled[day(40)].most_days_late) == (1, 10)


def test_a_debit_note_in_another_currency_has_no_effect_and_shows() -> None:
    account = _folded(an_invoice(), a_debit(currency="USD"))
    assert (_invoice(account).open, account.unmatched) == (10_000, ("N1",))


def test_a_cancelled_invoice_takes_no_debit_note() -> None:
    account = _folded(an_invoice(), a_cancellation(on=4), a_debit(on=5))
    assert _invoice(account).open == 0


def test_cancelling_takes_the_debit_note_along() -> None:
    account = _folded(an_invoice(), a_debit(on=5), a_cancellation(on=7))
    assert account.histories["EUR"].purchased == {day(0): 0}


def test_the_debit_note_can_be_disputed_too() -> None:
    account = _folded(an_invoice(), a_debit(amount="20"), a_dispute(amount="120"))
    assert _invoice(account).disputed == 12_000


def test_a_debit_note_waits_for_its_invoice() -> None:
    account = _folded(a_debit(on=0), an_invoice(on=3))
    assert _invoice(account).open == 11_500


@pytest.mark.parametrize(("on", "late"), [(39, 9), (40, 0), (70, 0), (71, 1)])
def test_a_commercial_change_moves_the_due_date_from_its_day_on(on: int, late: int) -> None:
    facts = (an_invoice(terms=30), a_terms_change(due=70, on=40))
    assert _late(*facts, on=on) == late


@pytest.mark.parametrize(("on", "moved"), [(30, True), (39, True), (40, True), (41, False)])
def test_a_commercial_change_too_late_moves_nothing(on: int, *, moved: bool) -> None:
    receivable = _invoice(_folded(an_invoice(terms=30), a_terms_change(due=70, on=on)))
    assert (receivable.due_date == day(70)) is moved
    assert (receivable.extended_to is None) is moved


@pytest.mark.parametrize(("on", "moved"), [(35, True), (40, True), (41, False), (69, False)])
def test_a_second_change_counts_from_the_day_the_invoice_was_first_due(
    on: int, *, moved: bool
) -> None:
    changes = (a_terms_change(due=70, on=20), a_terms_change(due=110, on=on, name="T2"))
    receivable = _invoice(_folded(an_invoice(terms=30), *changes))
    assert receivable.due_date == (day(110) if moved else day(70))
    assert receivable.forborne_on == (None if moved else day(on))


def test_changes_each_in_time_of_the_last_hide_no_days_past_due() -> None:
    changes = [
        a_terms_change(due=70 + 40 * turn, on=40 + 40 * turn, name=f"T{turn}") for turn in range(8)
    ]
    assert _late(an_invoice(terms=30), *changes, on=350) == 280
    assert _invoice(_folded(an_invoice(terms=30), *changes)).forborne_on == day(80)


@pytest.mark.parametrize(("on", "moved"), [(25, True), (26, False)])
def test_a_due_date_made_earlier_is_the_first(on: int, *, moved: bool) -> None:
    changes = (a_terms_change(due=15, on=5), a_terms_change(due=60, on=on, name="T2"))
    assert (_invoice(_folded(an_invoice(terms=30), *changes)).due_date == day(60)) is moved


@pytest.mark.parametrize("on", [5, 30, 31, 100])
def test_an_extension_in_difficulty_stops_no_count_and_is_marked(on: int) -> None:
    change = a_terms_change(due=150, on=on, reason="difficulty")
    receivable = _invoice(_folded(an_invoice(terms=30), change))
    assert receivable.due_date == day(30)
    assert (receivable.extended_to, receivable.forborne_on) == (day(150), day(on))
    assert _late(an_invoice(terms=30), change, on=120) == 90


def test_the_first_forbearance_is_remembered_with_the_latest_day_granted() -> None:
    first = a_terms_change(due=60, on=20, reason="difficulty")
    second = a_terms_change(due=90, on=50, reason="difficulty", name="T2")
    receivable = _invoice(_folded(an_invoice(), first, second))
    assert (receivable.extended_to, receivable.forborne_on) == (day(90), day(20))


@pytest.mark.parametrize("reason", ["commercial", "difficulty"])
def test_an_earlier_due_date_counts_whatever_the_reason(reason: str) -> None:
    change = a_terms_change(due=10, on=20, reason=reason)
    assert _invoice(_folded(an_invoice(terms=30), change)).due_date == day(10)


def test_a_settled_invoice_has_no_terms_to_change() -> None:
    account = _folded(an_invoice(), a_payment(), a_terms_change(due=90, on=20))
    assert _invoice(account).due_date == day(30)


def test_a_bounce_opens_an_invoice_with_the_due_date_it_had() -> None:
    facts = (an_invoice(), a_terms_change(due=60, on=5), a_payment(on=10), a_bounce(on=70))
    assert _late(*facts, on=75) == 15


def test_what_is_written_off_is_owed_no_more_and_counts_as_lost() -> None:
    account = _folded(an_invoice(), a_write_off(amount="30"))
    assert (_invoice(account).open, account.written_off) == (7_000, {"EUR": 3_000})
    assert lost_within(account.histories["EUR"], after=day(49), through=day(50)) == 3_000


@pytest.mark.parametrize(
    ("amount", "lost"), [("99.99", 9_999), ("100", 10_000), ("100.01", 10_000)]
)
def test_no_more_is_written_off_than_is_owed(amount: str, lost: int) -> None:
    account = _folded(an_invoice(), a_write_off(amount=amount))
    assert account.written_off == {"EUR": lost}


def test_an_invoice_written_off_in_full_is_closed_and_was_never_settled() -> None:
    account = _folded(an_invoice(), a_payment(amount="40"), a_write_off(amount="60"))
    assert (list(account.receivables), list(account.closed)) == ([], ["I1"])
    assert _settled(account) == 0


def test_what_is_paid_after_a_write_off_in_part_settles_nothing() -> None:
    account = _folded(an_invoice(), a_write_off(amount="60", on=8), a_payment(amount="40"))
    assert _invoice(account).open == 0
    assert _settled(account) == 0


def test_a_bounce_opens_the_rest_of_a_written_off_invoice() -> None:
    account = _folded(
        an_invoice(), a_payment(amount="40"), a_write_off(amount="60"), a_bounce(on=60)
    )
    assert _invoice(account).open == 4_000


def test_a_write_off_in_another_currency_shows_as_unmatched() -> None:
    account = _folded(an_invoice(), a_write_off(currency="USD"))
    assert (_invoice(account).open, account.unmatched) == (10_000, ("W1",))


def test_a_second_write_off_of_nothing_left_loses_nothing() -> None:
    account = _folded(an_invoice(), a_write_off(amount="100"), a_write_off(on=51, name="W2"))
    assert account.written_off == {"EUR": 10_000}


def test_an_invoice_in_error_was_no_loss() -> None:
    account = _folded(an_invoice(), a_write_off(amount="100"), a_cancellation(on=60))
    assert account.written_off == {"EUR": 0}


def test_a_recovery_makes_the_loss_less_and_owes_nothing() -> None:
    account = _folded(an_invoice(), a_write_off(amount="100"), a_recovery(amount="25"))
    assert account.written_off == {"EUR": 7_500}
    assert lost_within(account.histories["EUR"], after=day(0), through=day(100)) == 7_500
    assert account.receivables == {}


def test_a_write_off_is_seen_from_its_day_on() -> None:
    facts = (an_invoice(), a_write_off(amount="100", on=50))
    assert _invoice(account_as_of(facts, day(49), LEDGER)).open == 10_000
    assert _invoice(account_as_of(facts, day(50), LEDGER)).open == 0


@pytest.mark.parametrize("days", [0, 5])
def test_how_late_a_change_still_counts_is_policy(days: int) -> None:
    policy = replace(LEDGER, terms_change_moves_within_days=days)
    account = fold([an_invoice(), a_terms_change(due=70, on=33)], policy)
    assert (_invoice(account).due_date == day(70)) is (days == 5)
