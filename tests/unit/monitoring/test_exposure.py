"""Exposure: open invoices and orders, less money that has no invoice yet."""

from dataclasses import replace

import pytest

from services.monitoring.domain.figures.ageing import age
from services.monitoring.domain.figures.exposure import Exposure, exposure_of
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.ledger import fold
from shared.kernel.errors import InvalidInputError
from tests.unit.monitoring.ledger_builders import (
    LEDGER,
    a_change,
    a_credit,
    a_payment,
    an_invoice,
    an_order,
    day,
)
from tests.unit.monitoring.undertaking_builders import a_delivery


def exposed(*facts: Fact, factor: float = 0.5) -> Exposure:
    policy = replace(LEDGER, order_conversion_factor=factor)
    account = fold(facts, policy)
    return exposure_of(account, age(account, "EUR", as_of=day(40), policy=policy), policy)


def test_open_invoices_are_exposure_in_full() -> None:
    assert exposed(an_invoice()).total == 10_000


def test_open_orders_count_at_their_conversion_factor() -> None:
    exposure = exposed(an_invoice(), an_order(amount="80"))
    assert (exposure.open_orders, exposure.orders, exposure.total) == (8000, 1, 14_000)


@pytest.mark.parametrize(
    ("planned", "total"),
    [(None, 5000), (20, 5000), (99, 5000), (100, 5000), (101, 0), (300, 0)],
    ids=["no day", "past", "near", "the last day", "a day later", "far off"],
)
def test_an_order_counts_once_its_delivery_is_within_sixty_days(
    planned: int | None, total: int
) -> None:
    exposure = exposed(an_order(planned=planned))
    assert (exposure.total, exposure.open_orders) == (total, 10_000)


def test_a_change_may_bring_a_delivery_within_the_horizon() -> None:
    nearer = replace(a_change(amount="100", on=5), delivery=day(90))
    assert exposed(an_order(planned=300), nearer).total == 5000


def test_what_is_delivered_counts_whenever_it_was_planned() -> None:
    delivered = a_delivery(amount="40", on=5, order="O1")
    assert exposed(an_order(planned=300), delivered).total == 4000


def test_without_a_horizon_every_order_counts() -> None:
    account = fold([an_order(planned=300)], LEDGER)
    older = replace(LEDGER, order_horizon_days=None)
    ageing = age(account, "EUR", as_of=day(40), policy=older)
    assert exposure_of(account, ageing, older).total == 5000


def test_a_horizon_shorter_than_what_is_kept_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="order_horizon_days"):
        replace(LEDGER, order_horizon_days=29)


@pytest.mark.parametrize(("factor", "total"), [(0.0, 0), (0.5, 17), (1.0, 33)])
def test_the_conversion_factor_is_policy_and_rounds_half_up(factor: float, total: int) -> None:
    assert exposed(an_order(amount="0.33"), factor=factor).total == total


def test_unapplied_money_reduces_exposure() -> None:
    exposure = exposed(an_order(), a_payment(amount="20"))
    assert (exposure.unapplied, exposure.total) == (2000, 3000)


def test_exposure_is_never_below_nothing() -> None:
    assert exposed(a_payment()).total == 0


def test_credits_beyond_what_is_owed_reduce_exposure() -> None:
    facts = [an_invoice(), a_payment(amount="95", on=1), a_credit(on=5), an_invoice("I2", on=6)]
    assert exposed(*facts).total == 9500


def test_an_order_taken_up_by_its_invoice_counts_once() -> None:
    assert exposed(an_order(), an_invoice(on=3, refers_to="O1")).total == 10_000


def test_overdue_is_part_of_open() -> None:
    exposure = exposed(an_invoice(), an_invoice("I2", on=20))
    assert (exposure.open, exposure.overdue) == (20_000, 10_000)


def test_a_conversion_factor_above_one_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        replace(LEDGER, order_conversion_factor=1.1)
