"""What each kind of fact does to an account, one sentence each."""

import pytest

from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.ledger import Ledger, account_as_of, fold
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_cancellation,
    a_change,
    a_credit,
    a_dispute,
    a_payment,
    a_resolution,
    an_invoice,
    an_order,
    an_order_cancelled,
    day,
)


def folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


def invoice(account: Account, name: str = "I1") -> Receivable:
    found = account.receivable(name)
    assert found is not None
    return found


def unapplied(account: Account) -> int:
    return sum(payment.unapplied for payment in account.payments.values())


# --- invoices, credit notes, cancellations


def test_an_invoice_is_owed_in_full() -> None:
    assert invoice(folded(an_invoice())).open == 10_000


def test_a_yen_invoice_has_no_decimals() -> None:
    assert invoice(folded(an_invoice(amount="700", currency="JPY"))).open == 700


def test_a_credit_note_takes_its_amount_off() -> None:
    assert invoice(folded(an_invoice(), a_credit())).open == 9000


def test_a_credit_note_for_all_of_it_closes_the_invoice_without_settling_it() -> None:
    account = folded(an_invoice(), a_credit(amount="100"))
    assert account.receivables == {}
    assert account.histories["EUR"].settled == {}


def test_a_credit_beyond_what_is_owed_is_the_customers() -> None:
    account = folded(an_invoice(), a_payment(amount="95", on=1), a_credit(on=5))
    assert account.credits == {"EUR": 500}
    assert invoice(account).open == 0


def test_a_credit_note_in_another_currency_is_kept_apart() -> None:
    account = folded(an_invoice(), a_credit(currency="USD"))
    assert invoice(account).open == 10_000
    assert account.unmatched == ("C1",)


def test_a_credit_note_for_a_cancelled_invoice_gives_nothing_twice() -> None:
    account = folded(an_invoice(), a_cancellation(on=1), a_credit(amount="100", on=5))
    assert account.credits == {}


def test_a_cancelled_invoice_is_not_owed_and_frees_what_was_paid_on_it() -> None:
    account = folded(an_invoice(), a_payment(amount="60", on=1), a_cancellation(on=5))
    assert invoice(account).open == 0
    assert unapplied(account) == 6000


def test_a_cancelled_invoice_was_never_bought() -> None:
    account = folded(an_invoice(), a_cancellation())
    assert sum(account.histories["EUR"].purchased.values()) == 0


def test_cancelling_a_settled_invoice_takes_its_settlement_back() -> None:
    account = folded(an_invoice(), a_payment(on=1), a_cancellation(on=5))
    assert account.histories["EUR"].settled == {}


def test_cancelling_twice_is_cancelling_once() -> None:
    once, twice = a_cancellation(on=5), a_cancellation(on=6)
    assert invoice(folded(an_invoice(), once, twice)).open == 0


def test_the_highest_version_of_an_invoice_counts() -> None:
    account = folded(an_invoice(amount="100"), an_invoice(amount="80", version=2))
    assert invoice(account).open == 8000


def test_a_correction_counts_for_past_days_too() -> None:
    facts = [an_invoice(amount="100"), an_invoice(amount="80", version=2)]
    assert invoice(account_as_of(facts, day(0), LEDGER)).open == 8000


# --- payments


def test_a_payment_settles_the_invoice_it_names() -> None:
    account = folded(an_invoice(), a_payment(to={"I1": "100"}))
    assert invoice(account).settled_on == day(10)


def test_a_part_payment_settles_nothing() -> None:
    account = folded(an_invoice(), a_payment(amount="30", to={"I1": "30"}))
    assert (invoice(account).open, invoice(account).settled_on) == (7000, None)


def test_a_payment_without_a_word_pays_the_oldest_due_first() -> None:
    account = folded(
        an_invoice("I1", on=0, terms=60), an_invoice("I2", on=1, terms=10), a_payment(amount="150")
    )
    assert (invoice(account, "I2").open, invoice(account, "I1").open) == (0, 5000)


def test_of_two_invoices_due_the_same_day_the_older_is_paid_first() -> None:
    account = folded(an_invoice("I1", on=5, terms=25), an_invoice("I2", on=0), a_payment())
    assert (invoice(account, "I2").open, invoice(account, "I1").open) == (0, 10_000)


def test_what_exceeds_the_open_invoices_stays_unapplied() -> None:
    assert unapplied(folded(an_invoice(), a_payment(amount="130"))) == 3000


def test_unapplied_money_is_not_taken_for_later_invoices() -> None:
    account = folded(a_payment(on=0), an_invoice(on=5))
    assert (invoice(account).open, unapplied(account)) == (10_000, 10_000)


def test_a_portion_takes_no_more_than_the_invoice_is_owed() -> None:
    account = folded(an_invoice(amount="50"), a_payment(to={"I1": "100"}))
    assert (invoice(account).open, unapplied(account)) == (0, 5000)


def test_portions_take_no_more_than_the_payment_has() -> None:
    account = folded(an_invoice("I1"), an_invoice("I2"), a_payment(to={"I1": "70", "I2": "70"}))
    assert (invoice(account, "I1").open, invoice(account, "I2").open) == (3000, 7000)


def test_a_portion_for_an_invoice_to_come_waits_for_it() -> None:
    payment = a_payment(on=0, to={"I1": "100"})
    assert unapplied(folded(payment)) == 10_000
    account = folded(payment, an_invoice(on=5))
    assert (invoice(account).open, unapplied(account)) == (0, 0)
    assert invoice(account).settled_on == day(5)


def test_a_payment_never_pays_an_invoice_in_another_currency() -> None:
    account = folded(an_invoice(currency="USD"), a_payment(to={"I1": "100"}))
    assert invoice(account).open == 10_000
    assert account.unmatched == ("P1/I1",)


def test_money_without_a_word_pays_its_own_currency() -> None:
    account = folded(an_invoice("I1", currency="USD"), an_invoice("I2", on=3), a_payment())
    assert (invoice(account, "I1").open, invoice(account, "I2").open) == (10_000, 0)


def test_two_payments_on_one_invoice_are_two_parts() -> None:
    account = folded(an_invoice(), a_payment("P1", "60"), a_payment("P2", "40", on=12))
    assert account.histories["EUR"].settled[day(12)].in_parts == 1


# --- bounces


def test_a_bounce_opens_the_invoice_again_with_its_old_due_date() -> None:
    account = folded(an_invoice(), a_payment(), a_bounce())
    assert (invoice(account).open, invoice(account).due_date) == (10_000, day(30))


def test_a_bounce_takes_the_settlement_back() -> None:
    account = folded(an_invoice(), a_payment(), a_bounce())
    assert account.histories["EUR"].settled == {}


def test_a_bounced_payment_leaves_no_unapplied_money() -> None:
    assert unapplied(folded(a_payment(), a_bounce())) == 0


def test_a_bounce_leaves_the_other_payments_where_they_are() -> None:
    account = folded(an_invoice(), a_payment("P1", "60"), a_payment("P2", "40"), a_bounce("P2"))
    assert invoice(account).open == 4000


def test_a_payment_bounces_once() -> None:
    account = folded(an_invoice(), a_payment(), a_bounce(on=20), a_bounce(on=21))
    assert len(account.dishonours) == 1


def test_a_bounce_that_comes_first_waits_for_its_payment() -> None:
    account = folded(an_invoice(), a_bounce(on=5), a_payment(on=10))
    assert (invoice(account).open, unapplied(account)) == (10_000, 0)


def test_a_settlement_after_a_bounce_is_dated_by_the_second_payment() -> None:
    again = a_payment("P2", on=45)
    account = folded(an_invoice(), a_payment(), a_bounce(), again)
    assert account.histories["EUR"].settled[day(45)].most_days_late == 15


# --- disputes


def test_a_dispute_changes_nothing_that_is_owed() -> None:
    account = folded(an_invoice(), a_dispute())
    assert (invoice(account).open, invoice(account).disputed) == (10_000, 4000)


def test_a_dispute_is_never_larger_than_its_invoice() -> None:
    assert invoice(folded(an_invoice(), a_dispute(amount="500"))).disputed == 10_000


@pytest.mark.parametrize(
    ("outcome", "amount", "left"),
    [
        ("rejected", None, 0),
        ("upheld", None, 4000),
        ("upheld", "25", 2500),
        ("settled", "25", 1500),
        ("settled", None, 0),
    ],
)
def test_what_a_resolution_concedes(outcome: str, amount: str | None, left: int) -> None:
    account = folded(an_invoice(), a_dispute(), a_resolution(outcome=outcome, amount=amount))
    assert invoice(account).disputed == left


def test_a_credit_note_answers_the_dispute() -> None:
    account = folded(an_invoice(), a_dispute(), a_credit(amount="40", on=30))
    assert (invoice(account).open, invoice(account).disputed) == (6000, 0)


def test_a_credit_note_answers_the_older_dispute_first() -> None:
    account = folded(
        an_invoice(),
        a_dispute(amount="40", on=10, name="D1"),
        a_dispute(amount="30", on=11, name="D2"),
        a_credit(amount="50", on=30),
    )
    assert invoice(account).disputed == 2000


def test_a_resolution_that_comes_first_waits_for_its_dispute() -> None:
    account = folded(an_invoice(), a_resolution(on=5), a_dispute(on=12))
    assert invoice(account).disputed == 0


# --- orders


def test_an_order_is_open_until_it_is_invoiced() -> None:
    account = folded(an_order(), an_invoice(amount="60", on=3, refers_to="O1"))
    assert account.orders["O1"].open == 4000


def test_an_order_never_opens_below_nothing() -> None:
    account = folded(an_order(), an_invoice(amount="160", on=3, refers_to="O1"))
    assert account.orders["O1"].open == 0


def test_cancelling_the_invoice_opens_the_order_again() -> None:
    account = folded(an_order(), an_invoice(on=3, refers_to="O1"), a_cancellation(on=5))
    assert account.orders["O1"].open == 10_000


def test_an_invoice_may_come_before_its_order() -> None:
    account = folded(an_invoice(amount="60", on=0, refers_to="O1"), an_order(on=2))
    assert account.orders["O1"].open == 4000


def test_the_highest_version_of_an_order_counts() -> None:
    account = folded(
        an_order(), a_change(amount="70", version=3), a_change(amount="50", version=2, on=4)
    )
    assert account.orders["O1"].open == 7000


def test_a_cancelled_order_is_not_open() -> None:
    assert folded(an_order(), an_order_cancelled()).orders["O1"].open == 0


def test_a_change_that_comes_first_waits_for_its_order() -> None:
    account = folded(a_change(on=0), an_order(on=1))
    assert account.orders["O1"].open == 5000


# --- the kept ledger


def test_facts_of_a_day_are_taken_invoices_first() -> None:
    ledger = Ledger()
    for fact in (a_payment(on=3), an_invoice(on=3)):
        ledger.post(fact, LEDGER)
    assert invoice(ledger.account).open == 0


def test_a_late_fact_needs_all_facts() -> None:
    ledger = Ledger()
    ledger.post(an_invoice(on=3), LEDGER)
    assert not ledger.takes(a_payment(on=2))


def test_a_fact_about_a_document_not_held_needs_all_facts() -> None:
    ledger = Ledger()
    assert not ledger.takes(a_bounce())
    assert not ledger.takes(a_payment(to={"I1": "1"}))


def test_a_correction_needs_all_facts() -> None:
    assert not Ledger().takes(an_invoice(version=2))


def test_a_kept_ledger_comes_back_the_same() -> None:
    ledger = Ledger()
    for fact in (an_invoice(on=0), a_payment(on=3), an_invoice("I2", on=3)):
        ledger.post(fact, LEDGER)
    again = Ledger.kept(ledger.earlier, ledger.recent)
    assert again.unfold(LEDGER) == ledger.account


def test_what_is_long_over_is_let_go_and_what_is_open_stays() -> None:
    ledger = Ledger()
    for fact in (
        an_invoice("I1", on=0),
        an_invoice("I2", on=0),
        a_payment(on=10, to={"I1": "100"}),
        an_invoice("I3", on=300),
        an_invoice("I4", on=301),
    ):
        ledger.post(fact, LEDGER)
    ledger.slim()
    assert (list(ledger.earlier.receivables), list(ledger.earlier.closed)) == (["I2", "I3"], [])
    assert ledger.earlier.payments == {}


def test_a_document_that_the_newest_day_is_about_is_not_let_go() -> None:
    ledger = Ledger()
    for fact in (an_invoice("I1"), a_payment(on=10), an_invoice("I2", on=300)):
        ledger.post(fact, LEDGER)
    ledger.post(a_credit("I1", on=301), LEDGER)
    ledger.slim()
    assert list(ledger.earlier.closed) == ["I1"]


def test_facts_sort_by_day_then_kind_then_document() -> None:
    facts = [a_bounce(on=1), a_payment("P2", on=1), a_payment("P1", on=1), an_invoice(on=1)]
    kinds = [fact.kind for fact in sorted(facts, key=lambda each: each.key)]
    assert kinds[0] is FactKind.INVOICE_ISSUED
    assert kinds[-1] is FactKind.PAYMENT_BOUNCED
