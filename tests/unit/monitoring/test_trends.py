"""What each finished month adds."""

from typing import Any

import pytest

from services.monitoring.domain.conduct.rules import trend_rules
from services.monitoring.domain.conduct.trends import Month, Swing, Trend, after_month
from tests.unit.monitoring.warning_builders import SHIPPED, on_day

RULES = trend_rules(SHIPPED)


def a_month(number: int, **figures: Any) -> Month:  # Any: a test's fields, checked by the dataclass
    usual = {
        "days_late": 2.0,
        "days_outstanding": 40.0,
        "invoiced_days": 9,
        "oldest_days": 0,
        "liquid_share": 0.2,
    }
    return Month(on=on_day(30 * number), **{**usual, **figures})


def trend_of(*months: Month) -> Trend:
    trend = None
    for month in months:
        trend = after_month(trend, month, RULES)
    assert trend is not None
    return trend


def steady(months: int) -> list[Month]:
    return [a_month(number) for number in range(months)]


@pytest.mark.parametrize(("before", "norm"), [(5, None), (6, 40.0), (7, 40.0)])
def test_a_norm_rests_on_six_months_and_not_on_the_one_it_judges(
    before: int, norm: float | None
) -> None:
    assert trend_of(*steady(before), a_month(before, days_outstanding=90.0)).norm == norm


def test_the_norm_is_an_ewma_of_twelve_months() -> None:
    trend = trend_of(*steady(6), a_month(6, days_outstanding=66.0), a_month(7))
    assert trend.norm == pytest.approx(40 + 26 * 2 / 13)


@pytest.mark.parametrize("days", [None, 0.0])
def test_a_month_without_sales_teaches_nothing(days: float | None) -> None:
    trend = trend_of(*steady(7), a_month(7, days_outstanding=days, invoiced_days=0))
    assert (trend.norm, trend.outstanding.seen) == (40.0, 7)


def test_a_month_in_which_nothing_was_settled_is_no_month_of_lateness() -> None:
    assert trend_of(*steady(3), a_month(3, days_late=None)).drift.usual.seen == 3


@pytest.mark.parametrize(
    ("oldest", "rising"), [((5, 20), 2), ((5, 20, 20), 0), ((5, 20, 50), 3), ((50, 20), 0)]
)
def test_the_oldest_balance_rises_from_month_end_to_month_end(
    oldest: tuple[int, ...], rising: int
) -> None:
    months = [a_month(number, oldest_days=days) for number, days in enumerate((0, *oldest))]
    assert trend_of(*months).rising == rising


def test_a_first_month_with_something_old_is_a_rise() -> None:
    assert trend_of(a_month(0, oldest_days=10)).rising == 1


@pytest.mark.parametrize(("before", "known"), [(5, False), (6, True)])
def test_the_shift_of_goods_rests_on_six_months(before: int, *, known: bool) -> None:
    trend = trend_of(*steady(before), a_month(before, liquid_share=0.5))
    assert (trend.goods_z is not None) is known


def test_the_shift_is_in_deviations_of_no_less_than_the_floor() -> None:
    trend = trend_of(*steady(8), a_month(8, liquid_share=0.5))
    assert trend.goods_z == pytest.approx(0.3 / 0.05)


def test_a_month_of_few_orders_leaves_the_shift_as_it_was_last_known() -> None:
    shifted = trend_of(*steady(8), a_month(8, liquid_share=0.5))
    few = after_month(shifted, a_month(9, liquid_share=None), RULES)
    assert (few.goods_z, few.goods) == (shifted.goods_z, shifted.goods)


def test_steady_orders_do_not_swing() -> None:
    swing = Swing()
    for _ in range(20):
        swing = swing.after(7.0, short=0.3, long=0.08, first_variance=0.04)
    assert swing.ratio(floor=0.05) < 1


def test_one_huge_order_alone_is_no_swing() -> None:
    swing = Swing()
    for _ in range(20):
        swing = swing.after(7.0, short=0.3, long=0.08, first_variance=0.04)
    swing = swing.after(20.0, short=0.3, long=0.08, first_variance=0.04)
    assert swing.ratio(floor=0.05) < 1.8
