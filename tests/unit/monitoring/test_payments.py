"""Where money goes, posted payment by payment: none of it is made, none is lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.receivables.account import Account, Receivable, Share
from services.monitoring.domain.receivables.allocations import take
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from services.monitoring.domain.receivables.payments import (
    bounce_payment,
    keep_promise,
    oldest_due,
    receive_payment,
)
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_payment,
    an_invoice,
    day,
)

WAITING = replace(LEDGER, oldest_due_first=False)


def _folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


def _invoice(account: Account, name: str = "I1") -> Receivable:
    found = account.receivable(name)
    assert found is not None
    return found


def _open(account: Account, name: str = "I1") -> int:
    return _invoice(account, name).open


@pytest.mark.parametrize(("paid", "left"), [("99.99", 1), ("100", 0), ("100.01", 0)])
def test_a_payment_settles_up_to_what_is_owed(paid: str, left: int) -> None:
    assert _open(_folded(an_invoice(), a_payment(amount=paid))) == left


@pytest.mark.parametrize(("paid", "unapplied"), [("99.99", 0), ("100", 0), ("100.01", 1)])
def test_what_exceeds_the_debt_stays_unapplied(paid: str, unapplied: int) -> None:
    account = _folded(an_invoice(), a_payment(amount=paid))

    assert account.payments["P1"].unapplied == unapplied


def test_the_same_payment_posted_again_changes_nothing() -> None:
    account = _folded(an_invoice(), a_payment(amount="40"))
    before = account.copy()

    receive_payment(account, a_payment(amount="60"), oldest_first=True)
    assert account == before


def test_money_without_a_word_pays_the_oldest_due_first() -> None:
    account = _folded(
        an_invoice("I1", terms=60), an_invoice("I2", terms=30), a_payment(amount="100")
    )

    assert (_open(account, "I1"), _open(account, "I2")) == (10_000, 0)


def test_money_without_a_word_waits_if_the_policy_says_so() -> None:
    account = fold((an_invoice(), a_payment(amount="100")), WAITING)

    assert _open(account) == 10_000
    assert account.payments["P1"].unapplied == 10_000


def test_money_with_a_word_goes_where_it_is_meant_whatever_the_policy() -> None:
    account = fold((an_invoice(), a_payment(amount="100", to={"I1": "100"})), WAITING)

    assert _open(account) == 0


def test_invoices_due_on_one_day_are_paid_by_their_dates_and_numbers() -> None:
    account = _folded(
        an_invoice("I3", on=1, terms=29), an_invoice("I2", terms=30), an_invoice("I1", terms=30)
    )

    assert [each.invoice_id for each in oldest_due(account, "EUR")] == ["I1", "I2", "I3"]


def test_money_in_one_currency_pays_nothing_in_another() -> None:
    account = _folded(an_invoice(currency="USD"), a_payment(amount="100"))

    assert _open(account) == 10_000
    assert oldest_due(account, "EUR") == []


def test_a_portion_in_another_currency_is_unmatched() -> None:
    account = _folded(an_invoice(currency="USD"), a_payment(to={"I1": "100"}))

    assert account.unmatched == ("P1/I1",)
    assert account.payments["P1"].unapplied == 10_000


def test_a_portion_for_an_invoice_to_come_is_promised() -> None:
    account = _folded(a_payment(on=0, to={"I1": "60"}))

    assert [(share.invoice_id, share.amount) for share in account.payments["P1"].promised] == [
        ("I1", 6_000)
    ]
    assert account.payments["P1"].unapplied == 10_000


def test_a_promise_is_kept_when_the_invoice_comes() -> None:
    account = _folded(a_payment(on=0, to={"I1": "60"}), an_invoice(on=5))

    assert _open(account) == 4_000
    assert account.payments["P1"].promised == ()


def test_a_promise_of_a_payment_that_is_not_there_is_nothing() -> None:
    account = _folded(an_invoice())
    before = account.copy()

    keep_promise(account, "P9", "I1", on=day(3))
    assert account == before


def test_a_promise_to_one_invoice_is_not_kept_to_another() -> None:
    account = _folded(a_payment(on=0, to={"I1": "60", "I2": "40"}), an_invoice("I2", on=5))

    assert _open(account, "I2") == 6_000
    assert [share.invoice_id for share in account.payments["P1"].promised] == ["I1"]


def test_a_portion_takes_no_more_than_its_payment_has() -> None:
    account = _folded(an_invoice(), a_payment(amount="30", to={"I1": "100"}))

    assert _open(account) == 7_000


def test_nothing_is_taken_of_a_payment_that_is_used_up() -> None:
    account = _folded(an_invoice("I1"), an_invoice("I2"), a_payment(to={"I1": "100"}))
    before = account.copy()

    take(account, "P1", _invoice(account, "I2"), Share(invoice_id="I2", amount=10_000), on=day(11))
    assert account == before


def test_a_second_portion_for_an_invoice_is_no_second_payment() -> None:
    account = _folded(an_invoice(), a_payment(amount="100", to={"I1": "30"}))
    take(account, "P1", _invoice(account), Share(invoice_id="I1", amount=2_000), on=day(11))

    assert _invoice(account).paid_by == ("P1",)
    assert _invoice(account).paid == 5_000


def test_two_payments_are_two_parts() -> None:
    account = _folded(an_invoice(), a_payment("P1", "30"), a_payment("P2", "70", on=11))

    assert _invoice(account).paid_by == ("P1", "P2")


def test_a_bounced_payment_is_owed_again() -> None:
    account = _folded(an_invoice(), a_payment(amount="100"), a_bounce())

    assert _open(account) == 10_000
    assert _invoice(account).settled_on is None
    assert account.payments["P1"].unapplied == 0


def test_a_bounce_is_remembered_with_its_reason() -> None:
    account = _folded(an_invoice(), a_payment(), a_bounce(reason="account_closed"))

    assert [(each.payment_id, each.reason) for each in account.dishonours] == [
        ("P1", "account_closed")
    ]


def test_a_payment_bounces_once() -> None:
    account = _folded(an_invoice(), a_payment(), a_bounce())
    before = account.copy()

    bounce_payment(account, a_bounce(on=25), account.payments["P1"])
    assert account == before


def test_a_bounce_takes_back_its_own_money_only() -> None:
    account = _folded(
        an_invoice(), a_payment("P1", "30"), a_payment("P2", "20", on=11), a_bounce("P1")
    )

    assert _open(account) == 8_000
    assert _invoice(account).paid_by == ("P2",)


def test_a_bounce_forgets_what_had_been_promised() -> None:
    account = _folded(a_payment(on=0, to={"I1": "60"}), a_bounce(on=2), an_invoice(on=5))

    assert _open(account) == 10_000


def test_a_bounce_whose_invoice_was_let_go_is_remembered_all_the_same() -> None:
    account = _folded(an_invoice(), a_payment(amount="100"))
    account.closed.clear()

    bounce_payment(account, a_bounce(), account.payments["P1"])
    assert account.payments["P1"].bounced
    assert len(account.dishonours) == 1


STORY = st.lists(
    st.tuples(st.sampled_from(["invoice", "payment", "bounce"]), st.integers(1, 20_000)),
    max_size=12,
)


def _told(story: list[tuple[str, int]]) -> list[Fact]:
    facts: list[Fact] = []
    for number, (kind, cents) in enumerate(story):
        amount = f"{cents / 100:.2f}"
        if kind == "invoice":
            facts.append(an_invoice(f"I{number}", amount, on=number))
        elif kind == "payment":
            facts.append(a_payment(f"P{number}", amount, on=number))
        elif number:
            facts.append(a_bounce(f"P{number - 1}", on=number))
    return facts


@given(story=STORY)
def test_money_that_came_in_is_applied_or_unapplied_or_bounced(
    story: list[tuple[str, int]],
) -> None:
    account = _folded(*_told(story))

    for payment in account.payments.values():
        shares = sum(share.amount for share in payment.shares)
        assert payment.applied == shares
        assert payment.bounced or payment.unapplied + shares == payment.amount


@given(story=STORY)
def test_what_invoices_were_paid_is_what_payments_gave(story: list[tuple[str, int]]) -> None:
    account = _folded(*_told(story))

    paid = sum(each.paid for each in (*account.receivables.values(), *account.closed.values()))
    assert paid == sum(payment.applied for payment in account.payments.values())


@given(story=STORY)
def test_nothing_is_owed_below_zero(story: list[tuple[str, int]]) -> None:
    account = _folded(*_told(story))

    assert all(each.open > 0 for each in account.receivables.values())
    assert all(each.open == 0 for each in account.closed.values())


@given(story=STORY)
def test_the_order_of_arrival_changes_nothing(story: list[tuple[str, int]]) -> None:
    facts = _told(story)

    assert _folded(*reversed(facts)) == _folded(*facts)
