"""One fact more on an account: what waits, what is released, and what is past caring about."""

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.corrections import effective
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger, apply, fold
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


def _posted(*facts: Fact) -> Account:
    account = Account()
    for fact in facts:
        apply(account, fact, LEDGER)
    return account


def test_an_account_knows_its_newest_fact() -> None:
    account = _posted(an_invoice(on=0), a_payment(on=10))

    assert account.last_day == day(10)


def test_an_empty_account_has_no_day() -> None:
    assert Account().last_day is None


def test_an_older_fact_does_not_make_an_account_older() -> None:
    account = _posted(an_invoice(on=10), an_invoice("I0", on=3))

    assert account.last_day == day(10)


def test_a_resolution_of_an_invoice_let_go_changes_nothing() -> None:
    account = _posted(an_invoice(), a_dispute())
    account.receivables.clear()

    apply(account, a_resolution(outcome="upheld"), LEDGER)
    assert account.receivable("I1") is None


def test_a_fact_about_an_invoice_to_come_waits() -> None:
    account = _posted(a_credit(on=0))

    assert list(account.pending) == ["invoice/I1"]


def test_what_waited_is_posted_when_its_document_comes() -> None:
    account = _posted(a_credit(amount="30", on=0), an_invoice(on=3))

    invoice = account.receivable("I1")
    assert invoice is not None
    assert invoice.open == 7_000
    assert account.pending == {}


def test_what_waits_for_what_waits_is_posted_too() -> None:
    account = _posted(a_resolution(on=0, outcome="upheld"), a_dispute(on=1), an_invoice(on=3))

    invoice = account.receivable("I1")
    assert invoice is not None
    assert [each.conceded for each in invoice.disputes] == [True]
    assert account.pending == {}


def test_a_bounce_waits_for_its_payment() -> None:
    account = _posted(an_invoice(), a_bounce(on=3), a_payment(on=10))

    assert account.payments["P1"].bounced


def test_a_change_and_a_cancellation_wait_for_their_order() -> None:
    account = _posted(a_change(on=0), an_order_cancelled(on=1), an_order(on=3))

    assert account.orders["O1"].version == 2
    assert account.orders["O1"].open == 0


def test_of_two_versions_of_an_invoice_the_higher_counts() -> None:
    facts = [an_invoice(amount="100"), an_invoice(amount="80", version=2)]

    assert effective(facts) == [facts[1]]


def test_which_version_came_first_changes_nothing() -> None:
    facts = [an_invoice(amount="80", version=2), an_invoice(amount="100")]

    assert effective(facts) == [facts[0]]


def test_every_change_of_an_order_counts() -> None:
    facts = [a_change(version=2), a_change(version=3)]

    assert effective(facts) == facts


def test_a_ledger_without_facts_has_no_day() -> None:
    ledger = Ledger()

    assert ledger.day is None
    ledger.slim()
    assert ledger.earlier == Account()


def test_a_ledger_takes_facts_of_its_newest_day_in_any_order() -> None:
    ledger = Ledger()
    for fact in (a_payment(on=10), an_invoice(on=10, terms=0)):
        assert ledger.takes(fact)
        ledger.post(fact, LEDGER)

    assert ledger.account == fold([an_invoice(on=10, terms=0), a_payment(on=10)], LEDGER)


def test_a_ledger_does_not_take_what_came_too_late() -> None:
    ledger = Ledger()
    ledger.post(an_invoice(on=10), LEDGER)

    assert not ledger.takes(an_invoice("I0", on=9))
    assert ledger.takes(an_invoice("I0", on=10))
    assert ledger.takes(an_invoice("I0", on=11))


def test_a_ledger_rebuilt_is_as_if_all_had_come_in_time() -> None:
    facts = [an_invoice(), a_payment(on=10), a_cancellation(on=20)]
    ledger = Ledger()
    ledger.rebuild(list(reversed(facts)), LEDGER)

    assert ledger.account == fold(facts, LEDGER)
    assert ledger.day == day(20)


def test_a_ledger_that_was_kept_unfolds_to_what_it_was() -> None:
    ledger = Ledger()
    for fact in (an_invoice(), a_payment(on=10), an_invoice("I2", on=10)):
        ledger.post(fact, LEDGER)

    kept = Ledger.kept(ledger.earlier, list(ledger.recent))
    assert kept.unfold(LEDGER) == ledger.account
