"""The small ledger and its rules, which the prototype and the peers run."""

from datetime import date

import pytest

from benchmarks.few_rules import RULES, Account, Part, Told, minor, ordinal, step

TODAY = date(2026, 3, 5).toordinal()


def order(name: str = "O1", amount: str = "100.00") -> Told:
    return Told("order.placed", amount, order_id=name)


def invoice(name: str = "I1", amount: str = "100.00", *, due: str = "2026-04-04") -> Told:
    return Told("invoice.issued", amount, invoice_id=name, due_date=due)


def payment(name: str = "P1", amount: str = "100.00", *, to: str = "I1") -> Told:
    parts = [Part(to, amount)]
    return Told("payment.received", amount, payment_id=name, allocations=parts)


def bounce(name: str = "P1") -> Told:
    return Told("payment.bounced", payment_id=name)


def after(*facts: Told) -> Account:
    account = Account()
    for fact in facts:
        step(account, fact, TODAY)
    return account


def rules(account: Account, told: Told) -> dict[str, int]:
    return {RULES[each.rule]: each.severity for each in step(account, told, TODAY)}


def test_amounts_are_read_to_the_cent() -> None:
    assert [minor("0.01"), minor("520.50"), minor("1000000.00")] == [1, 52_050, 100_000_000]


def test_days_are_numbers() -> None:
    assert ordinal("2026-03-05") == TODAY


def test_an_invoice_takes_its_order_up() -> None:
    account = after(order(), invoice())
    assert (account.open, account.ordered) == (10_000, 10_000)
    taken = after(
        order(),
        Told("invoice.issued", "100.00", order_id="O1", invoice_id="I1", due_date="2026-04-04"),
    )
    assert (taken.open, taken.ordered) == (10_000, 0)


def test_half_of_what_is_ordered_counts_as_exposure() -> None:
    assert after(order(), invoice()).exposure == 15_000


def test_a_payment_settles_its_invoice() -> None:
    account = after(invoice(), payment())
    assert (account.open, account.unapplied, account.invoices) == (0, 0, {})


def test_money_for_an_unknown_invoice_stays_unapplied() -> None:
    assert after(payment(to="I9")).unapplied == 10_000


def test_a_part_payment_leaves_the_rest_open() -> None:
    account = after(invoice(), payment(amount="40.00"))
    assert account.open == 6_000
    assert account.invoices["I1"][0] == 6_000


def test_a_bounce_opens_what_was_paid_with_its_old_due_date() -> None:
    account = after(invoice(), payment(), bounce())
    assert account.open == 10_000
    assert account.invoices["I1"] == [10_000, ordinal("2026-04-04")]


def test_a_bounce_warns_once_and_the_second_is_worse() -> None:
    account = after(invoice(), payment())
    assert rules(account, bounce()) == {"T09": 2}
    step(account, payment("P2"), TODAY)
    assert rules(account, bounce("P2")) == {"T09": 3}


@pytest.mark.parametrize(("due", "found"), [("2026-02-26", {}), ("2026-02-25", {"T01": 1})])
def test_more_than_seven_days_late_is_a_warning(due: str, found: dict[str, int]) -> None:
    assert rules(Account(), invoice(due=due)) == found


def test_what_is_said_once_is_not_said_again() -> None:
    account = after(invoice(due="2026-02-01"))
    assert rules(account, order()) == {}


def test_an_event_that_nobody_posts_changes_nothing() -> None:
    account = after(Told("dispute.opened"))
    assert account == Account()
