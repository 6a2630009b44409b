"""How much room a limit leaves, and what is offered when it is too little."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.limit_room import LimitRoom, offers, prepayment_share, room_for
from services.tiering.domain.model import Tier
from services.tiering.domain.order import OpenOrders, OrderFacts
from services.tiering.domain.policy import LimitCheck
from shared.kernel.money import Money
from tests.unit.tiering.building import (
    DAY,
    GOLDEN,
    POLICY,
    changed,
    eur,
    golden_order,
    order_facts,
)

STATIC = replace(POLICY, order=changed(POLICY.order, "limit_check", LimitCheck.STATIC))


def room(facts: OrderFacts, tier: Tier = Tier.MEDIUM) -> LimitRoom:
    return room_for(facts, tier, POLICY, as_of=DAY)


@pytest.mark.parametrize("case", ["TR-8", "TR-9", "TR-10"])
def test_golden_totals_and_headroom(case: str) -> None:
    out, found = GOLDEN[case]["out"], room(golden_order(GOLDEN[case]))
    assert found.static == eur(out["static"])
    assert found.dynamic == eur(out["dynamic"])
    assert found.headroom == eur(out["headroom_before"])
    assert (found.static_fits, found.dynamic_fits) == (out["static_ok"], out["dynamic_ok"])


def test_golden_tr_8_would_be_released_on_tier_low() -> None:
    assert room(golden_order(GOLDEN["TR-8"]), Tier.LOW).fits


def offered(facts: OrderFacts) -> dict[str, str | float]:
    return {each.code: each.value for each in offers(facts, room(facts), step=0.05)}


def test_golden_tr_8_offers_a_fifth_prepaid_or_a_part() -> None:
    out = GOLDEN["TR-8"]["out"]
    assert offered(golden_order(GOLDEN["TR-8"])) == {
        "prepay_share": out["prepay_pct"],
        "prepay_amount": f"{out['prepay_amt']:.2f}",
        "partial_amount": f"{out['partial_max']:.2f}",
    }


def test_golden_tr_10_prepaying_a_new_order_does_not_cure_an_old_excess() -> None:
    assert offered(golden_order(GOLDEN["TR-10"])) == {}


def test_nothing_is_offered_where_the_order_fits() -> None:
    assert offered(golden_order(GOLDEN["TR-9"])) == {}


def orders_due(days: int) -> OrderFacts:
    planned = DAY + timedelta(days=days)
    return order_facts(open_orders=(OpenOrders(eur(500), planned),))


@pytest.mark.parametrize(("days", "counted"), [(59, 1_500), (60, 1_500), (61, 1_000)])
def test_open_orders_beyond_the_horizon_are_left_out(days: int, counted: float) -> None:
    assert room(orders_due(days)).dynamic == eur(counted)


def test_the_static_count_leaves_no_order_out() -> None:
    assert room(orders_due(365)).static == eur(1_500)


def test_the_policy_may_go_by_the_static_count() -> None:
    found = room_for(orders_due(365), Tier.MEDIUM, STATIC, as_of=DAY)
    assert found.counted == found.static
    assert found.exposure == eur(500)


def test_an_order_without_a_planned_delivery_counts_now() -> None:
    assert room(order_facts(open_orders=(OpenOrders(eur(500)),))).dynamic == eur(1_500)


@pytest.mark.parametrize(
    ("amount", "fits"), [("99999.99", True), ("100000.00", True), ("100000.01", False)]
)
def test_an_order_may_fill_the_limit_to_the_cent(amount: str, *, fits: bool) -> None:
    assert room(order_facts(float(amount))).fits is fits


@pytest.mark.parametrize(
    ("amount", "fits"), [("104999.99", True), ("105000.00", True), ("105000.01", False)]
)
def test_tier_low_tolerates_five_percent(amount: str, *, fits: bool) -> None:
    assert room(order_facts(float(amount)), Tier.LOW).fits is fits


def test_what_is_tolerated_is_rounded_down() -> None:
    facts = order_facts(0.01, limit=eur(0.19))
    assert room(facts, Tier.LOW).ceiling == eur(0.19)


@pytest.mark.parametrize("limit", [None, Money(10**9, "USD")])
def test_without_a_limit_in_the_currency_nothing_fits(limit: Money | None) -> None:
    found = room(order_facts(limit=limit))
    assert found.headroom is None
    assert not any((found.fits, found.static_fits, found.dynamic_fits))


def test_reservations_of_other_orders_take_room() -> None:
    assert room(order_facts(reserved=eur(99_500))).headroom == eur(500)


def test_deposits_make_room_but_never_more_than_the_limit() -> None:
    facts = order_facts(receivables=eur(100), deposits=eur(5_000))
    assert room(facts).headroom == eur(100_000)


def test_goods_delivered_but_not_billed_count() -> None:
    assert room(order_facts(delivered_not_invoiced=eur(700))).exposure == eur(700)


def test_exposure_through_a_day_leaves_later_orders_out() -> None:
    facts = order_facts(open_orders=(OpenOrders(eur(1), date(2025, 6, 3)),))
    assert facts.exposure(through=date(2025, 6, 2)) == eur(0)
    assert facts.exposure(through=date(2025, 6, 3)) == eur(1)


@pytest.mark.parametrize(
    ("order", "headroom", "share"),
    [
        (100, 100, Fraction(0)),
        (100, 99.99, Fraction(5, 100)),
        (100, 95, Fraction(5, 100)),
        (100, 94.99, Fraction(10, 100)),
        (120_000, 100_000, Fraction(20, 100)),
        (100, 0.01, Fraction(1)),
        (100, -500, Fraction(1)),
    ],
)
def test_prepayment_is_rounded_up_to_a_twentieth(
    order: float, headroom: float, share: Fraction
) -> None:
    assert prepayment_share(eur(order), eur(headroom), step=0.05) == share


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_after_the_prepayment_the_rest_fits(order: int, headroom: int) -> None:
    share = prepayment_share(Money(order, "EUR"), Money(headroom, "EUR"), step=0.05)
    assert order * (1 - share) <= headroom
    assert 0 <= share <= 1


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(Tier))
def test_headroom_and_fitting_agree(order: int, owed: int, reserved: int, tier: Tier) -> None:
    facts = replace(
        order_facts(),
        amount=Money(order, "EUR"),
        receivables=Money(owed, "EUR"),
        reserved=Money(reserved, "EUR"),
    )
    found = room(facts, tier)
    assert found.headroom is not None
    assert found.fits == (facts.amount <= found.headroom)
