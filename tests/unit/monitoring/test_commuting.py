"""Which facts of one day may be posted behind those they come before."""

from dataclasses import replace

import pytest

from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.commuting import commutes, may_come_late
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import Ledger, fold
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_bounce,
    a_change,
    a_credit,
    a_payment,
    an_invoice,
    an_order,
)
from tests.unit.monitoring.undertaking_builders import a_bill, a_delivery, a_promise

DAY = 5
OPEN = an_invoice("I0", "100", 0, 20)


def _with(*facts: Fact) -> Account:
    return fold([OPEN, *facts], LEDGER)


def _paid(name: str, invoice: str | None) -> Fact:
    return a_payment(name, "20", DAY, to=None if invoice is None else {invoice: "20"})


def _issued(name: str, terms: int = 30, order: str | None = None) -> Fact:
    return an_invoice(name, "20", DAY, terms, refers_to=order)


@pytest.mark.parametrize(
    "fact",
    [
        an_order("O1", on=DAY),
        a_change("O0", on=DAY),
        a_delivery("L1", on=DAY, order="O0"),
        _issued("I1"),
        _issued("I1", order="O0"),
        _paid("P1", "I0"),
    ],
)
def test_what_touches_only_what_it_names_may_come_late(fact: Fact) -> None:
    assert may_come_late(_with(an_order("O0")), fact)


@pytest.mark.parametrize(
    "fact",
    [
        a_change("O9", on=DAY),
        a_delivery("L1", on=DAY, order=None),
        a_delivery("L1", on=DAY, order="O9"),
        _paid("P1", None),
        _paid("P1", "I9"),
        replace(_paid("P1", "I0"), currency="USD"),
        replace(_paid("P1", "I0"), reason="trade_bill"),
        a_bill(on=DAY, to={"I0": "1"}),
        a_promise(on=DAY, due=DAY),
        a_credit("I0", on=DAY),
        a_bounce("P0", on=DAY),
    ],
)
def test_everything_else_comes_in_its_order(fact: Fact) -> None:
    assert not may_come_late(_with(an_order("O0"), a_payment("P0", "1", 1)), fact)


@pytest.mark.parametrize(
    ("due", "currency", "late"),
    [(8, "EUR", False), (DAY, "EUR", False), (0, "EUR", True), (8, "USD", True)],
)
def test_money_that_is_promised_comes_in_its_order(due: int, currency: str, *, late: bool) -> None:
    promise = replace(a_promise(on=0, due=due), currency=currency)
    assert may_come_late(_with(promise), _paid("P1", "I0")) is late


def test_what_something_waits_for_comes_in_its_order() -> None:
    assert not may_come_late(_with(_paid("P1", "I1")), _issued("I1"))


def test_an_invoice_without_an_order_takes_goods_in_its_order() -> None:
    assert not may_come_late(_with(a_delivery(order=None, on=1)), _issued("I1"))


@pytest.mark.parametrize(
    ("fact", "later", "either"),
    [
        (an_order("O1", on=DAY), _issued("I2", order="O2"), True),
        (an_order("O1", on=DAY), _issued("I2", order="O1"), False),
        (an_order("O1", on=DAY), _paid("P2", None), True),
        (_issued("I1"), _issued("I2"), True),
        (_issued("I1", order="O1"), _issued("I2", order="O1"), False),
        (an_order("O1", on=DAY), a_delivery("L1", on=DAY, order="O1"), False),
        (an_order("O1", on=DAY), a_delivery("L1", on=DAY, order="O2"), True),
        (a_delivery("L1", on=DAY, order="O1"), a_delivery("L2", on=DAY, order="O1"), False),
        (an_order("I2", on=DAY), _issued("I2"), True),
        (_issued("I1", terms=14), _issued("I2", terms=30), False),
        (_issued("I1"), _paid("P2", "I0"), True),
        (_issued("I1"), _paid("P2", "I1"), False),
        (_paid("P1", "I0"), _paid("P2", "I3"), True),
        (_paid("P1", "I0"), _paid("P2", "I0"), False),
        (_paid("P1", "I0"), _paid("P2", None), False),
        (_issued("I1"), a_bounce("P0", on=DAY), False),
        (_issued("I1"), replace(_paid("P2", "I0"), reason="bank_bill"), False),
        (an_order("O1", on=DAY), a_credit("I0", on=DAY), False),
    ],
)
def test_either_order_will_do_where_no_document_is_shared(
    fact: Fact, later: Fact, *, either: bool
) -> None:
    assert commutes(_with(later), fact, later) is either


@pytest.mark.parametrize(("terms", "either"), [(14, False), (15, True), (16, True)])
def test_money_spent_on_older_invoices_is_no_matter_to_a_newer_one(
    terms: int, *, either: bool
) -> None:
    money = _paid("P2", None)  # all of it goes to I0, due on day 20
    assert commutes(_with(money), _issued("I1", terms=terms), money) is either


def test_money_that_is_left_is_for_the_invoice_that_comes() -> None:
    money = replace(_paid("P2", None), amount=a_payment(amount="200").amount)
    assert not commutes(_with(money), _issued("I1"), money)


def test_a_busy_day_is_posted_without_folding_it_again() -> None:
    ledger = Ledger()
    ledger.post(OPEN, LEDGER)
    for number in reversed(range(20)):
        for fact in (
            an_order(f"O{number}", "20", DAY),
            _issued(f"I-{number}", order=f"O{number}"),
            _paid(f"P{number}", f"I-{number}"),
        ):
            account = ledger.account
            ledger.post(fact, LEDGER)
            assert ledger.account is account
    assert ledger.account == fold([OPEN, *ledger.recent], LEDGER)


BOUNCED = (_issued("I3"), a_payment("P0", "20", DAY, to={"I3": "20"}), a_bounce("P0", on=DAY))


@pytest.mark.parametrize(
    ("fact", "either"),
    [
        (an_order("O1", on=DAY), True),
        (_issued("I1"), True),
        (_paid("P1", "I0"), True),
        (_paid("P1", "I3"), False),
    ],
)
def test_a_bounce_is_no_matter_to_what_its_payment_had_no_share_of(
    fact: Fact, *, either: bool
) -> None:
    account = _with(*BOUNCED)
    assert commutes(account, fact, BOUNCED[-1]) is either
    if either:
        ledger = Ledger()
        for each in (OPEN, *BOUNCED, fact):
            ledger.post(each, LEDGER)
        assert ledger.account == _with(*BOUNCED, fact)
