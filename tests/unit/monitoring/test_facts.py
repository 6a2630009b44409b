"""Which facts the ledger refuses, and how amounts become minor units."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.receivables.facts import Fact, checked
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.ledger_builders import (
    a_change,
    a_credit,
    a_payment,
    a_resolution,
    an_invoice,
    day,
)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1.00", "EUR", 100),
        ("1", "JPY", 1),
        ("1.234", "KWD", 1234),
        ("0.005", "EUR", 1),
        ("0.004", "EUR", 0),
    ],
)
def test_amounts_become_minor_units_rounded_half_up(amount: str, currency: str, minor: int) -> None:
    assert minor_of(Decimal(amount), currency) == minor


def test_no_amount_is_nothing() -> None:
    assert minor_of(None, "EUR") == 0


def test_a_fact_that_makes_sense_is_taken_as_it_is() -> None:
    assert checked(an_invoice()) == an_invoice()


@pytest.mark.parametrize(
    "broken",
    [
        replace(an_invoice(), amount=Decimal(0)),
        replace(an_invoice(), amount=Decimal(-1)),
        replace(an_invoice(), amount=Decimal("1.001")),
        replace(an_invoice(), amount=Decimal("NaN")),
        replace(an_invoice(), amount=Decimal("1e15")),
        replace(an_invoice(), currency="EURO"),
        replace(an_invoice(), currency="eur"),
        replace(an_invoice(), due=day(-1)),
        replace(an_invoice(), due=date(2200, 1, 1)),
        replace(an_invoice(), version=0),
        replace(an_invoice(), version=10**9),
        replace(an_invoice(), document=""),
        replace(an_invoice(), document="x" * 201),
        replace(an_invoice(), document="a\x00b"),
        replace(an_invoice(), refers_to=""),
        replace(an_invoice(), delivery=date(1900, 1, 1)),
    ],
)
def test_an_invoice_that_makes_no_sense_is_refused(broken: Fact) -> None:
    with pytest.raises(InvalidInputError):
        checked(broken)


def test_a_portion_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="allocations"):
        checked(a_payment(to={"I1": "0"}))


def test_a_credit_note_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        checked(a_credit(amount="0"))


def test_an_order_may_be_changed_to_nothing_but_not_to_less() -> None:
    assert checked(a_change(amount="0")).amount == 0
    with pytest.raises(InvalidInputError):
        checked(a_change(amount="-1"))


def test_a_dispute_may_be_settled_for_nothing() -> None:
    assert checked(a_resolution(outcome="settled", amount="0")).amount == 0


def test_an_invoice_may_be_due_on_its_own_day() -> None:
    assert checked(an_invoice(terms=0)).due == day(0)


def test_the_business_key_leaves_the_amount_out() -> None:
    assert an_invoice(amount="1").business_key == an_invoice(amount="2").business_key
