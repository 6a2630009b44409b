"""From an account to the facts an order is decided on."""

from datetime import date

import pytest

from services.tiering.domain.model import Lifecycle, Tier
from services.tiering.domain.order import OrderFacts
from services.tiering.storage.book import Account, KnownExposure
from services.tiering.storage.checks import Standing
from services.tiering.usecases.order_facts import OrderAsked, order_facts
from tests.unit.tiering.building import DAY, eur
from tests.unit.tiering.events import CUSTOMER

ORDER = OrderAsked("O-1", CUSTOMER, eur(100), 30, accepts_partial=False, asked_by="shop")


def facts(account: Account, *, as_of: date = DAY) -> OrderFacts:
    standing = Standing(account, 0, 1, as_of, eur(7), None)
    return order_facts(ORDER, standing, as_of=as_of, released_by=None)


def test_an_unknown_customer_has_neither_tier_nor_limit() -> None:
    found = order_facts(ORDER, None, as_of=DAY, released_by=None)
    assert (found.tier, found.limit, found.verdict) == (None, None, None)
    assert found.reserved == eur(0)


def test_exposure_is_taken_in_the_orders_currency() -> None:
    known = (KnownExposure("USD", 1, 1, 1, 1), KnownExposure("EUR", 500, 200, 300, 50))
    found = facts(Account(CUSTOMER, exposures=known))
    assert (found.receivables, found.deposits) == (eur(5), eur("0.50"))
    assert found.exposure() == eur("7.50")
    assert found.overdue_share == 0.4


def test_nothing_open_in_the_currency_is_no_exposure() -> None:
    found = facts(Account(CUSTOMER, exposures=(KnownExposure("USD", 1, 1, 1, 1),)))
    assert found.exposure() == eur(0)
    assert found.overdue_share is None


def test_reservations_of_other_orders_come_along() -> None:
    assert facts(Account(CUSTOMER)).reserved == eur(7)


@pytest.mark.parametrize(
    ("oldest", "told_on", "expected"),
    [
        (0, None, None),
        (0, date(2025, 5, 1), 0),
        (4, DAY, 4),
        (4, date(2025, 5, 30), 7),
        (4, date(2025, 6, 30), 4),
    ],
)
def test_an_overdue_invoice_ages_until_we_hear_otherwise(
    oldest: int, told_on: date | None, expected: int | None
) -> None:
    account = Account(CUSTOMER, oldest_days_past_due=oldest, arrears_on=told_on)
    assert facts(account).oldest_days_past_due == expected


@pytest.mark.parametrize(
    ("in_default", "lifecycle"), [(True, Lifecycle.RECOVERY), (False, Lifecycle.ACTIVE)]
)
def test_a_customer_in_default_is_in_recovery(*, in_default: bool, lifecycle: Lifecycle) -> None:
    assert facts(Account(CUSTOMER, in_default=in_default)).lifecycle is lifecycle


def test_tier_limit_and_verdict_come_from_the_account() -> None:
    account = Account(CUSTOMER, tier=Tier.LOW, limit=eur(9), verdict="pass")
    found = facts(account)
    assert (found.tier, found.limit, found.verdict) == (Tier.LOW, eur(9), "pass")
