"""What money is for, said later, and taken back: nothing of it is made or lost."""

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import account_as_of, fold
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_cancellation,
    a_payment,
    an_invoice,
    day,
)
from tests.unit.monitoring.undertaking_builders import an_allocation, an_unallocation

TWO = (an_invoice("I1"), an_invoice("I2", on=1))
HELD = (*TWO, a_payment(amount="100", to={"I9": "100"}))
"""Two invoices, and money for one that has not come."""


def _folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


def _invoice(account: Account, name: str = "I1") -> Receivable:
    found = account.receivable(name)
    assert found is not None
    return found


def _open(account: Account) -> tuple[int, int]:
    return _invoice(account, "I1").open, _invoice(account, "I2").open


def test_money_said_to_be_for_an_invoice_settles_it() -> None:
    account = _folded(*HELD, an_allocation({"I2": "100"}))
    assert _open(account) == (10_000, 0)
    assert account.allocations == {"A1": "P1"}


@pytest.mark.parametrize(("amount", "left"), [("99.99", 1), ("100", 0), ("100.01", 0)])
def test_an_allocation_takes_what_is_owed_and_there(amount: str, left: int) -> None:
    account = _folded(*HELD, an_allocation({"I1": amount}))
    assert _invoice(account).open == left


def test_what_is_said_of_money_ends_what_was_assumed_of_it() -> None:
    account = _folded(*TWO, a_payment(amount="100"), an_allocation({"I2": "40"}))
    assert _open(account) == (10_000, 6_000)
    assert account.payments["P1"].unapplied == 6_000


def test_what_was_said_when_the_money_came_goes_on() -> None:
    account = _folded(*TWO, a_payment(amount="100", to={"I1": "60"}), an_allocation({"I2": "60"}))
    assert _open(account) == (4_000, 6_000)


def test_two_allocations_share_the_money() -> None:
    account = _folded(
        *HELD, an_allocation({"I1": "30"}), an_allocation({"I2": "70"}, on=13, name="A2")
    )
    assert _open(account) == (7_000, 3_000)


def test_an_allocation_taken_back_leaves_the_invoice_owed() -> None:
    account = _folded(*HELD, an_allocation({"I1": "30", "I2": "70"}), an_unallocation())
    assert _open(account) == (10_000, 10_000)
    assert account.payments["P1"].unapplied == 10_000


def test_one_invoice_of_an_allocation_can_be_taken_back() -> None:
    account = _folded(*HELD, an_allocation({"I1": "30", "I2": "70"}), an_unallocation(invoice="I2"))
    assert _open(account) == (7_000, 10_000)


def test_another_allocation_of_the_same_money_stays() -> None:
    account = _folded(
        *HELD,
        an_allocation({"I1": "30"}),
        an_allocation({"I1": "20"}, on=13, name="A2"),
        an_unallocation("A1"),
    )
    assert (_invoice(account).paid, _invoice(account).paid_by) == (2_000, ("P1",))


def test_the_payments_own_number_names_what_it_settled_when_it_came() -> None:
    account = _folded(*TWO, a_payment(amount="100"), an_unallocation("P1"))
    assert _open(account) == (10_000, 10_000)


def test_money_can_be_moved_from_one_invoice_to_another() -> None:
    account = _folded(
        *TWO,
        a_payment(to={"I1": "100"}),
        an_unallocation("P1"),
        an_allocation({"I2": "100"}, on=15),
    )
    assert _open(account) == (10_000, 0)


def test_ageing_follows_the_allocation() -> None:
    facts = (*HELD, an_allocation({"I1": "100"}, on=40), an_unallocation(on=60))
    late = [
        age(
            account_as_of(facts, day(on), LEDGER), "EUR", as_of=day(on), policy=LEDGER
        ).max_days_past_due
        for on in (39, 40, 59, 60)
    ]
    assert late == [9, 9, 28, 30]


def test_money_allocated_late_was_there_in_time() -> None:
    account = _folded(*HELD, an_allocation({"I1": "100"}, on=50))
    assert _invoice(account).paid_on == day(10)
    settled = account.histories["EUR"].settled[day(50)]
    assert (settled.invoices, settled.most_days_late, settled.signed_days) == (1, 0, -200_000)


def test_no_invoice_is_settled_before_its_money_came() -> None:
    money = a_payment(on=40, to={"I9": "100"})
    account = fold([an_invoice(), an_allocation({"I1": "100"}, on=12), money], LEDGER)
    assert account.closed["I1"].settled_on == day(40)


def test_money_taken_back_never_settled_anything() -> None:
    account = _folded(*HELD, an_allocation({"I1": "100"}), an_unallocation())
    assert account.histories["EUR"].settled == {}
    assert account.histories["EUR"].on_time == {}


def test_an_allocation_waits_for_its_payment_and_its_invoice() -> None:
    account = _folded(
        an_allocation({"I1": "100"}, on=1), a_payment(on=5, to={"I9": "1"}), an_invoice(on=9)
    )
    assert _invoice(account).open == 0
    assert set(account.pending) == {"invoice/I9"}


def test_taking_back_waits_for_the_allocation() -> None:
    account = _folded(*HELD, an_unallocation(on=11), an_allocation({"I1": "100"}, on=12))
    assert _invoice(account).open == 10_000


def test_taking_back_what_waits_for_an_invoice_ends_the_waiting() -> None:
    account = _folded(a_payment(to={"I1": "100"}), an_unallocation("P1", on=11), an_invoice(on=12))
    assert _invoice(account).open == 10_000


def test_money_that_bounced_settles_nothing_any_more() -> None:
    account = _folded(*HELD, a_bounce(on=11), an_allocation({"I1": "100"}))
    assert _invoice(account).open == 10_000


def test_a_bounce_takes_allocated_money_back() -> None:
    account = _folded(*HELD, an_allocation({"I1": "60", "I2": "40"}), a_bounce(on=20))
    assert _open(account) == (10_000, 10_000)
    assert account.payments["P1"].shares == ()


def test_a_cancelled_invoice_frees_its_money_for_another() -> None:
    account = _folded(
        *HELD,
        an_allocation({"I1": "100"}),
        a_cancellation(on=14),
        an_allocation({"I2": "100"}, on=15, name="A2"),
    )
    assert _invoice(account, "I2").open == 0


def test_the_same_allocation_posted_again_changes_nothing() -> None:
    once = _folded(*HELD, an_allocation({"I1": "30"}))
    twice = _folded(*HELD, an_allocation({"I1": "30"}), an_allocation({"I1": "30"}, on=13))
    assert twice.payments == once.payments
