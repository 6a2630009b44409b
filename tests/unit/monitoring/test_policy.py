"""Each rule of the ledger's policy broken once, from one that keeps them all."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from services.monitoring.domain.policies.ledger import (
    BehaviourWindows,
    DefaultPolicy,
    LedgerPolicy,
    minor_by_currency,
)
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.handlers import SERVICE
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money
from shared.policies.book import shipped
from tests.unit.monitoring.ledger_builders import DEFAULTS, LEDGER, WINDOWS


def test_the_shipped_policy_keeps_its_own_rules() -> None:
    assert shipped(SERVICE.policy_file, MonitoringPolicy).version


def test_thresholds_are_worth_about_the_same_in_every_currency() -> None:
    policy = shipped(SERVICE.policy_file, MonitoringPolicy).policy
    for currency, rate in policy.handling.queue.rates.items():
        for amounts, euros in (
            (policy.ledger.de_minimis, 5),
            (policy.ledger.default.material_amount, 500),
        ):
            minor = minor_by_currency(amounts, currency)
            worth = float(Money(minor, currency).amount) * rate
            assert worth == pytest.approx(euros, rel=0.26), currency


@pytest.mark.parametrize(
    ("currency", "minor"), [("EUR", 50_000), ("CNY", 500_000), ("JPY", 500), ("KWD", 500_000)]
)
def test_an_amount_is_read_in_its_currency_or_as_for_all_others(currency: str, minor: int) -> None:
    assert minor_by_currency(DEFAULTS.material_amount, currency) == minor


@pytest.mark.parametrize("amounts", [{}, {"EUR": Decimal(5)}])
def test_an_amount_for_all_other_currencies_is_needed(amounts: dict[str, Decimal]) -> None:
    with pytest.raises(InvalidInputError, match=r"de_minimis.*'otherwise'"):
        replace(LEDGER, de_minimis=amounts)


def test_an_amount_below_zero_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="none below 0"):
        replace(LEDGER, de_minimis={"otherwise": Decimal(5), "EUR": Decimal("-0.01")})


def test_an_amount_of_nothing_is_allowed() -> None:
    assert replace(LEDGER, de_minimis={"otherwise": Decimal(0)}).de_minimis["otherwise"] == 0


@pytest.mark.parametrize("factor", [-0.01, 1.01])
def test_orders_count_by_a_share(factor: float) -> None:
    with pytest.raises(InvalidInputError, match="order_conversion_factor"):
        replace(LEDGER, order_conversion_factor=factor)


@pytest.mark.parametrize("factor", [0.0, 1.0])
def test_orders_may_count_not_at_all_or_whole(factor: float) -> None:
    assert replace(LEDGER, order_conversion_factor=factor).order_conversion_factor == factor


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (lambda: replace(LEDGER, dispute_pauses_within_days=-1), "dispute_pauses_within_days"),
        (lambda: replace(LEDGER, limit_cut_counts_after_days=-1), "limit_cut_counts_after_days"),
        (lambda: replace(LEDGER, purchase_months=0), "purchase_months"),
        (lambda: replace(LEDGER, active_months=0), "active_months"),
        (lambda: replace(LEDGER, report_at_settled=0), "report_at_settled"),
    ],
)
def test_a_number_below_its_least_is_refused_by_name(
    policy: Callable[[], LedgerPolicy], field: str
) -> None:
    with pytest.raises(InvalidInputError, match=field):
        policy()


def test_a_number_may_be_its_least() -> None:
    least = replace(
        LEDGER,
        dispute_pauses_within_days=0,
        limit_cut_counts_after_days=0,
        purchase_months=1,
        active_months=1,
        report_at_settled=1,
    )

    assert least.dispute_pauses_within_days == 0


@pytest.mark.parametrize(
    "windows",
    [
        lambda: replace(WINDOWS, settled_months=0),
        lambda: replace(WINDOWS, lateness_months=0),
        lambda: replace(WINDOWS, trend_months=0),
        lambda: replace(WINDOWS, worst_months=0),
        lambda: replace(WINDOWS, dishonour_months=0),
        lambda: replace(WINDOWS, settled_months=25),
    ],
    ids=["settled", "lateness", "trend", "worst", "dishonour", "history"],
)
def test_a_window_has_a_month_and_history_two_years(
    windows: Callable[[], BehaviourWindows],
) -> None:
    with pytest.raises(InvalidInputError, match="1 month or more, and 24 at most"):
        windows()


@pytest.mark.parametrize("trend", [12, 13])
def test_a_trend_is_shorter_than_what_it_is_held_against(trend: int) -> None:
    with pytest.raises(InvalidInputError, match="shorter than lateness_months"):
        replace(WINDOWS, trend_months=trend, lateness_months=12)


def test_a_trend_may_be_a_month_shorter() -> None:
    assert replace(WINDOWS, trend_months=11, lateness_months=12).trend_months == 11


@pytest.mark.parametrize(
    "defaults",
    [lambda: replace(DEFAULTS, days_past_due=0), lambda: replace(DEFAULTS, cure_months=0)],
    ids=["days", "months"],
)
def test_a_default_takes_a_day_and_its_cure_a_month(
    defaults: Callable[[], DefaultPolicy],
) -> None:
    with pytest.raises(InvalidInputError, match="must be 1 or more"):
        defaults()


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_what_is_material_is_a_share(share: float) -> None:
    with pytest.raises(InvalidInputError, match=r"default\.material_share"):
        replace(DEFAULTS, material_share=share)


def test_what_is_material_has_an_amount_for_all_currencies() -> None:
    with pytest.raises(InvalidInputError, match=r"default\.material_amount"):
        replace(DEFAULTS, material_amount={"EUR": Decimal(500)})
