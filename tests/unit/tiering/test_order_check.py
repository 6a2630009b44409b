"""May an order go on credit? Every check alone, at its edge, and all together."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.tiering.domain.model import Action, Band, Lifecycle, Tier
from services.tiering.domain.order import OrderDecision, OrderFacts
from services.tiering.domain.order_check import add_business_days, decide_order
from services.tiering.domain.policy import LimitCheck
from shared.kernel.money import Money
from tests.unit.tiering.building import (
    DAY,
    GOLDEN,
    POLICY,
    TIERS,
    changed,
    eur,
    golden_order,
    order_facts,
)

FRIDAY = date(2025, 6, 6)


def decide(facts: OrderFacts, *, as_of: date = DAY) -> OrderDecision:
    return decide_order(facts, POLICY, as_of=as_of)


def codes(decision: OrderDecision) -> list[str]:
    return [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(
    ("case", "action"),
    [("TR-8", Action.PREPAY), ("TR-9", Action.RELEASE), ("TR-10", Action.HOLD)],
)
def test_golden_limit_cases(case: str, action: Action) -> None:
    assert action.upper() in GOLDEN[case]["out"]["actions"]
    assert decide(golden_order(GOLDEN[case])).action is action


def test_golden_tr_8_goes_in_part_where_the_customer_accepts_that() -> None:
    facts = replace(golden_order(GOLDEN["TR-8"]), accepts_partial=True)
    decision = decide(facts)
    assert decision.action is Action.PARTIAL
    assert decision.granted == eur(GOLDEN["TR-8"]["out"]["partial_max"])


@pytest.mark.parametrize("case", ["TR-11", "TR-13"])
def test_golden_overdue_cases(case: str) -> None:
    given_, out = GOLDEN[case]["in"], GOLDEN[case]["out"]
    facts = order_facts(
        tier=TIERS[given_["tier"]],
        oldest_days_past_due=given_["oldest_dpd"],
        overdue_share=given_["overdue_share"],
        band={"G": Band.GREEN, "Y": Band.YELLOW}[given_["ews_band"]],
    )
    decision = decide(facts)
    assert decision.action == out["decision"].lower()
    assert codes(decision) == out["reasons"]


def test_a_customer_without_a_tier_is_not_yet_rated() -> None:
    decision = decide(order_facts(tier=None))
    assert (decision.action, codes(decision)) == (Action.HOLD, ["not_yet_rated"])
    assert decision.granted is None


def test_a_released_order_is_reserved_whole_for_three_business_days() -> None:
    decision = decide(order_facts(1_000), as_of=FRIDAY)
    assert decision.granted == eur(1_000)
    assert decision.reserved_until == date(2025, 6, 11)


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (date(2025, 6, 2), 0, date(2025, 6, 2)),
        (date(2025, 6, 2), 3, date(2025, 6, 5)),
        (FRIDAY, 1, date(2025, 6, 9)),
        (date(2025, 6, 7), 1, date(2025, 6, 9)),
        (date(2025, 6, 8), 3, date(2025, 6, 11)),
    ],
)
def test_weekends_are_no_business_days(day: date, days: int, then: date) -> None:
    assert add_business_days(day, days) == then


@pytest.mark.parametrize(
    ("verdict", "action"),
    [
        ("pass", Action.RELEASE),
        ("refer", Action.HOLD),
        ("reject_credit", Action.PREPAY),
        ("reject", Action.REJECT),
        (None, Action.HOLD),
        ("a word from the future", Action.HOLD),
    ],
)
def test_screenings_verdict_decides_first(verdict: str | None, action: Action) -> None:
    decision = decide(order_facts(verdict=verdict))
    assert decision.action is action
    assert codes(decision) == ([] if action is Action.RELEASE else ["O-SANC"])


def test_rejected_credit_means_all_of_it_ahead() -> None:
    decision = decide(order_facts(verdict="reject_credit"))
    assert [(each.code, each.value) for each in decision.conditions] == [("prepay_share", 1.0)]


@pytest.mark.parametrize("state", [Lifecycle.RECOVERY, Lifecycle.BLOCKED, Lifecycle.EXITED])
def test_nothing_goes_on_credit_to_a_customer_we_recover_from(state: Lifecycle) -> None:
    decision = decide(order_facts(lifecycle=state))
    assert (decision.action, codes(decision)) == (Action.REJECT, ["O-STATE"])


@pytest.mark.parametrize(
    ("tier", "oldest", "held"),
    [
        (Tier.LOW, 29, False),
        (Tier.LOW, 30, False),
        (Tier.LOW, 31, True),
        (Tier.MEDIUM, 14, False),
        (Tier.MEDIUM, 15, False),
        (Tier.MEDIUM, 16, True),
        (Tier.MEDIUM, None, False),
    ],
)
def test_the_oldest_overdue_invoice_holds_an_order(
    tier: Tier,
    oldest: int | None,
    *,
    held: bool,
) -> None:
    decision = decide(order_facts(tier=tier, oldest_days_past_due=oldest))
    assert ("O-OLDEST" in codes(decision)) is held


@pytest.mark.parametrize(
    ("tier", "share", "held"),
    [
        (Tier.LOW, 0.30, False),
        (Tier.LOW, 0.31, True),
        (Tier.MEDIUM, 0.15, False),
        (Tier.MEDIUM, 0.16, True),
        (Tier.MEDIUM, None, False),
    ],
)
def test_too_large_an_overdue_share_holds_an_order(
    tier: Tier,
    share: float | None,
    *,
    held: bool,
) -> None:
    decision = decide(order_facts(tier=tier, overdue_share=share))
    assert ("O-OVD" in codes(decision)) is held


@pytest.mark.parametrize(
    ("amount", "held"), [(49_999.99, False), (50_000, False), (50_000.01, True)]
)
def test_one_order_may_take_half_the_limit(amount: float, *, held: bool) -> None:
    assert ("O-MAX" in codes(decide(order_facts(amount)))) is held


@pytest.mark.parametrize(
    ("tier", "days", "held"),
    [
        (Tier.MEDIUM, 0, False),
        (Tier.MEDIUM, 1, True),
        (Tier.LOW, 14, False),
        (Tier.LOW, 15, False),
        (Tier.LOW, 16, True),
    ],
)
def test_an_expired_rating_holds_an_order_after_its_grace(
    tier: Tier,
    days: int,
    *,
    held: bool,
) -> None:
    facts = order_facts(tier=tier, rating_valid_to=DAY - timedelta(days=days))
    assert ("O-REV" in codes(decide(facts))) is held


def test_a_rating_without_an_end_does_not_expire() -> None:
    assert decide(order_facts(rating_valid_to=None)).action is Action.RELEASE


@pytest.mark.parametrize(
    ("band", "held"),
    [(Band.GREEN, False), (Band.AMBER, False), (Band.RED, True), (None, False)],
)
def test_a_red_band_holds_an_order(band: Band | None, *, held: bool) -> None:
    assert ("O-EWS" in codes(decide(order_facts(band=band)))) is held


def test_a_hard_trigger_holds_an_order_and_is_named() -> None:
    decision = decide(order_facts(hard_triggers=("insolvency",)))
    assert decision.action is Action.HOLD
    assert decision.reasons[0].value == "insolvency"


@pytest.mark.parametrize(("terms", "held"), [(44, False), (45, False), (46, True), (None, False)])
def test_longer_terms_than_the_tiers_are_cut(terms: int | None, *, held: bool) -> None:
    decision = decide(order_facts(terms_days=terms))
    assert (decision.action is Action.REPRICE) is held
    assert [each.value for each in decision.conditions] == ([45] if held else [])


def test_a_repriced_order_reserves_nothing_yet() -> None:
    assert decide(order_facts(terms_days=60)).granted is None


def test_on_tier_high_a_person_decides_every_order() -> None:
    decision = decide(order_facts(tier=Tier.HIGH, terms_days=0))
    assert (decision.action, codes(decision)) == (Action.HOLD, ["O-TIER"])


def test_any_overdue_day_holds_an_order_of_tier_high() -> None:
    facts = order_facts(tier=Tier.HIGH, terms_days=0, oldest_days_past_due=1, overdue_share=0.01)
    assert codes(decide(facts)) == ["O-OLDEST", "O-OVD", "O-TIER"]


def test_an_order_in_another_currency_than_the_limit_is_held() -> None:
    decision = decide(order_facts(limit=Money(10**9, "USD")))
    assert (decision.action, codes(decision)) == (Action.HOLD, ["no_limit_in_currency"])


def test_all_checks_run_and_the_most_severe_wins() -> None:
    facts = order_facts(
        90_000,
        receivables=eur(50_000),
        verdict="reject",
        oldest_days_past_due=99,
        overdue_share=0.9,
        rating_valid_to=date(2020, 1, 1),
        band=Band.RED,
        terms_days=120,
        lifecycle=Lifecycle.RECOVERY,
    )
    decision = decide(facts)
    assert decision.action is Action.REJECT
    assert codes(decision) == [
        "O-SANC",
        "O-STATE",
        "O-LIM-D",
        "O-OLDEST",
        "O-OVD",
        "O-MAX",
        "O-REV",
        "O-EWS",
        "O-TERM",
    ]


def test_the_static_check_says_its_name() -> None:
    policy = replace(POLICY, order=changed(POLICY.order, "limit_check", LimitCheck.STATIC))
    decision = decide_order(golden_order(GOLDEN["TR-8"]), policy, as_of=DAY)
    assert codes(decision) == ["O-LIM-S"]
    assert decision.action is Action.HOLD


def test_a_person_may_waive_what_is_waivable() -> None:
    facts = order_facts(oldest_days_past_due=99, band=Band.RED, released_by="Ada")
    decision = decide(facts)
    assert (decision.action, decision.granted) == (Action.RELEASE, eur(1_000))
    assert [(each.code, each.value) for each in decision.reasons] == [
        ("released_by_person", "Ada"),
        ("waived", "O-OLDEST"),
        ("waived", "O-EWS"),
    ]


@pytest.mark.parametrize(
    ("more", "action"),
    [
        ({"receivables": eur(100_000)}, Action.HOLD),
        ({"verdict": "refer"}, Action.HOLD),
        ({"verdict": "reject"}, Action.REJECT),
        ({"lifecycle": Lifecycle.RECOVERY}, Action.REJECT),
        ({"limit": None}, Action.HOLD),
        ({"tier": None}, Action.HOLD),
    ],
)
def test_no_person_waives_the_limit_the_verdict_or_the_state(
    more: dict[str, Any], action: Action
) -> None:
    decision = decide(order_facts(released_by="Ada", **more))
    assert decision.action is action
    assert decision.granted is None
