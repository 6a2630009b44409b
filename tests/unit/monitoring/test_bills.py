"""Bills of exchange: a bank's ends our exposure to the customer, a company's does not."""

from dataclasses import replace

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.figures.exposure import Exposure, exposure_of
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.bills import (
    UNPAID,
    bill_days,
    bills_outstanding,
    overdue_bills,
)
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import account_as_of, fold
from services.monitoring.domain.receivables.undertakings import BillState
from tests.unit.monitoring.ledger_builders import LEDGER, a_bounce, a_payment, an_invoice, day
from tests.unit.monitoring.undertaking_builders import (
    a_bill,
    a_bill_dishonoured,
    a_bill_passed_on,
    a_bill_settled,
)


def exposed(*facts: Fact, on: int = 50) -> Exposure:
    account = account_as_of(facts, day(on), LEDGER)
    return exposure_of(account, age(account, "EUR", as_of=day(on), policy=LEDGER), LEDGER)


def _folded(*facts: Fact) -> Account:
    return fold(facts, LEDGER)


@pytest.mark.parametrize(("kind", "total"), [("bank", 0), ("commercial", 10_000)])
def test_exposure_ends_only_where_a_bank_answers(kind: str, total: int) -> None:
    exposure = exposed(an_invoice(), a_bill(kind=kind))
    assert (exposure.open, exposure.bills, exposure.total) == (0, total, total)


@pytest.mark.parametrize("kind", ["bank", "commercial"])
def test_a_bill_for_nothing_in_particular_is_counted_once(kind: str) -> None:
    on_account = a_bill(kind=kind, to={"I9": "100"})
    total = exposed(an_invoice(), on_account).total
    assert total == (0 if kind == "bank" else 10_000)


def test_a_bill_settles_the_oldest_due_like_money() -> None:
    account = _folded(an_invoice(), an_invoice("I2", on=1), a_bill(amount="150"))
    assert [each.open for each in account.receivables.values()] == [5_000]


def test_a_bill_says_who_accepted_it() -> None:
    bill = _folded(a_bill()).bills["B1"]
    assert (bill.acceptor, bill.payment_id, bill.due) == ("Acceptor", "bill/B1", day(100))


def test_a_bill_and_a_payment_of_the_same_number_are_two() -> None:
    account = _folded(a_bill("P1"), a_payment("P1"))
    assert sorted(account.payments) == ["P1", "bill/P1"]


def test_once_paid_it_is_no_exposure() -> None:
    facts = (an_invoice(), a_bill(), a_bill_settled(on=100))
    assert [exposed(*facts, on=on).total for on in (99, 100)] == [10_000, 0]


def test_a_held_bill_counts_until_we_hear_of_it() -> None:
    assert exposed(an_invoice(), a_bill(due=100), on=400).total == 10_000


@pytest.mark.parametrize(("on", "total"), [(129, 10_000), (130, 10_000), (131, 0)])
def test_a_bill_passed_on_may_come_back_for_a_while(on: int, total: int) -> None:
    exposure = exposed(an_invoice(), a_bill(due=100), a_bill_passed_on(), on=on)
    assert (exposure.recourse, exposure.total) == (total, total)


def test_a_bill_passed_on_without_recourse_is_gone() -> None:
    facts = (an_invoice(), a_bill(), a_bill_passed_on(on=20, how="without_recourse"))
    assert [exposed(*facts, on=on).total for on in (19, 20)] == [10_000, 0]


@pytest.mark.parametrize("kind", ["bank", "commercial"])
def test_a_dishonoured_bill_opens_what_it_settled_with_the_old_due_date(kind: str) -> None:
    facts = (an_invoice(terms=30), a_bill(kind=kind, due=100), a_bill_dishonoured(on=101))
    account = account_as_of(facts, day(101), LEDGER)
    ageing = age(account, "EUR", as_of=day(101), policy=LEDGER)
    assert (ageing.open, ageing.max_days_past_due) == (10_000, 71)
    assert exposed(*facts, on=101).total == 10_000


def test_a_dishonoured_bill_counts_as_a_dishonour() -> None:
    dishonour = _folded(an_invoice(), a_bill(), a_bill_dishonoured()).dishonours[0]
    assert (dishonour.payment_id, dishonour.reason) == ("bill/B1", UNPAID)


def test_one_passed_on_with_recourse_comes_back() -> None:
    facts = (an_invoice(), a_bill(), a_bill_passed_on(), a_bill_dishonoured())
    assert exposed(*facts, on=101).open == 10_000


def test_one_passed_on_without_recourse_does_not_come_back() -> None:
    passed_on = a_bill_passed_on(how="without_recourse")
    account = _folded(an_invoice(), a_bill(), passed_on, a_bill_dishonoured())
    assert (account.receivables, account.dishonours) == ({}, ())


def test_a_settlement_that_is_taken_back_opens_everything_again() -> None:
    account = _folded(an_invoice(), a_bill(), a_bill_settled(on=100), a_bill_dishonoured(on=103))
    assert account.bills["B1"].state is BillState.DISHONOURED
    assert account.receivables["I1"].open == 10_000


def test_a_dishonoured_bill_cannot_be_settled_or_passed_on() -> None:
    account = _folded(
        an_invoice(),
        a_bill(),
        a_bill_dishonoured(),
        a_bill_settled(on=110),
        a_bill_passed_on(on=111),
    )
    assert account.bills["B1"].state is BillState.DISHONOURED


def test_what_became_of_a_bill_waits_for_the_bill() -> None:
    account = _folded(an_invoice(), a_bill_dishonoured(on=1), a_bill(on=10))
    assert account.receivables["I1"].open == 10_000


@pytest.mark.parametrize(("on", "late"), [(99, 0), (100, 0), (101, 1)])
def test_a_bill_is_overdue_from_the_day_after(on: int, late: int) -> None:
    account = account_as_of((an_invoice(), a_bill(due=100)), day(on), LEDGER)
    assert len(overdue_bills(account, as_of=day(on))) == late


def test_a_bill_passed_on_is_not_ours_to_collect() -> None:
    account = _folded(an_invoice(), a_bill(due=100), a_bill_passed_on())
    assert overdue_bills(account, as_of=day(300)) == []


def _paid_by_bill(method: str) -> Fact:
    return replace(a_payment(), reason=method)


@pytest.mark.parametrize(
    ("method", "total"), [("transfer", 0), ("cheque", 0), ("bank_bill", 0), ("trade_bill", 10_000)]
)
def test_a_payment_by_trade_bill_is_no_cash(method: str, total: int) -> None:
    assert exposed(an_invoice(), _paid_by_bill(method)).total == total


@pytest.mark.parametrize(("on", "total"), [(193, 10_000), (194, 10_000), (195, 0)])
def test_a_bill_without_a_due_date_counts_for_the_longest_tenor(on: int, total: int) -> None:
    assert exposed(an_invoice(), _paid_by_bill("trade_bill"), on=on).total == total


def test_a_payment_by_bill_bounces_as_a_payment_and_counts_once() -> None:
    facts = (an_invoice(), _paid_by_bill("trade_bill"), a_bounce(on=20))
    assert (exposed(*facts).open, exposed(*facts).bills) == (10_000, 0)
    assert _folded(*facts).bills["payment/P1"].state is BillState.DISHONOURED


def test_bills_of_another_currency_are_left_out() -> None:
    bill = replace(a_bill(), currency="CNY")
    account = _folded(an_invoice(), bill)
    assert bills_outstanding(account, "EUR", LEDGER.bills, as_of=day(50)) == []
    assert exposed(an_invoice(), bill).total == 10_000


def test_the_days_that_change_a_bill_by_themselves_are_named() -> None:
    account = _folded(a_bill("B1", due=100), a_bill("B2", due=90), a_bill_passed_on("B2"))
    assert bill_days(account, LEDGER.bills, after=day(50)) == [day(121), day(101)]
    assert bill_days(account, LEDGER.bills, after=day(101)) == [day(121)]


def test_a_bill_and_a_payment_by_bill_of_the_same_number_are_two() -> None:
    again = replace(_paid_by_bill("trade_bill"), document="B1", on=day(11))
    account = _folded(an_invoice(amount="200"), a_bill("B1"), again, a_bill_settled("B1"))
    assert sorted(account.bills) == ["B1", "payment/B1"]
    assert bills_outstanding(account, "EUR", LEDGER.bills, as_of=day(50)) == [
        account.bills["payment/B1"]
    ]


def test_what_is_told_of_a_bill_before_it_came_does_not_age_it() -> None:
    account = _folded(a_bill_settled(on=1), a_bill(on=10))
    assert account.bills["B1"].changed_on == day(10)
