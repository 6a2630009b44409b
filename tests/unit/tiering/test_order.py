"""The facts about an order."""

import pytest

from services.tiering.domain.order import OpenOrders
from shared.kernel.errors import InvalidInputError
from tests.unit.tiering.building import eur, order_facts


@pytest.mark.parametrize("amount", [0, -0.01, -1_000])
def test_an_order_of_nothing_or_less_is_refused(amount: float) -> None:
    with pytest.raises(InvalidInputError, match="above zero"):
        order_facts(amount)


def test_one_cent_is_an_order() -> None:
    assert order_facts(0.01).amount == eur("0.01")


def test_exposure_adds_up_what_is_owed_less_what_was_paid_ahead() -> None:
    facts = order_facts(
        receivables=eur(100),
        delivered_not_invoiced=eur(20),
        open_orders=(OpenOrders(eur(30)), OpenOrders(eur(3))),
        deposits=eur(50),
    )
    assert facts.exposure() == eur(103)


def test_exposure_is_never_negative() -> None:
    assert order_facts(deposits=eur(50)).exposure() == eur(0)
