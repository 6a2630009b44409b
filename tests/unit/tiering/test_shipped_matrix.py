"""The matrix and the order check's bounds as shipped: each cell, and each bound from both sides."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.credit_limit import decide_credit_limit
from services.tiering.domain.model import Action, Band, Confidence, Lifecycle, Tier
from services.tiering.domain.order import OrderDecision
from services.tiering.domain.order_check import add_business_days, decide_order
from services.tiering.domain.tier import decide_tier
from tests.unit.tiering.building import (
    DAY,
    GRADES,
    POLICY,
    eur,
    limit_facts,
    order_facts,
    tier_facts,
)

BANDS = (Band.GREEN, Band.YELLOW, Band.AMBER, Band.RED)
ROWS = {"P1": "LLMH", "P2": "LMMH", "P3": "MMHH", "P4": "MHHH", "P5": "HHHH", "P6": "HHHH"}
LETTERS = {"L": Tier.LOW, "M": Tier.MEDIUM, "H": Tier.HIGH}
CELLS = [
    (name, band, LETTERS[letter])
    for name, row in ROWS.items()
    for band, letter in zip(BANDS, row, strict=True)
]


def _tier(grade: str, band: Band = Band.GREEN, **more: Any) -> Tier:
    return decide_tier(tier_facts(grade, band=band, **more), POLICY, as_of=DAY).tier


def _order(amount: float = 1_000, **more: Any) -> OrderDecision:
    return decide_order(order_facts(amount, **more), POLICY, as_of=DAY)


def _codes(decision: OrderDecision) -> list[str]:
    return [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(("name", "band", "tier"), CELLS)
def test_a_cell_of_the_matrix_gives_its_tier(name: str, band: Band, tier: Tier) -> None:
    assert POLICY.bands[name].tier(band) is tier


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("band", BANDS)
def test_a_first_tier_is_that_of_the_grade_s_row(grade: str, band: Band) -> None:
    row = ROWS[POLICY.grade(grade).band]

    assert _tier(grade, band) is LETTERS[row[BANDS.index(band)]]


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("trigger", ["E04", "E08", "X99"])
def test_a_hard_trigger_is_tier_high_whatever_the_grade(grade: str, trigger: str) -> None:
    assert _tier(grade, hard_triggers=(trigger,)) is Tier.HIGH


@pytest.mark.parametrize("grade", GRADES)
def test_a_default_is_tier_high_whatever_the_grade(grade: str) -> None:
    assert _tier(grade, in_default=True) is Tier.HIGH


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("band", BANDS)
def test_with_low_confidence_nobody_is_tier_low(grade: str, band: Band) -> None:
    assert _tier(grade, band, confidence=Confidence.LOW) is not Tier.LOW


@given(one=st.sampled_from(GRADES), other=st.sampled_from(GRADES), band=st.sampled_from(BANDS))
def test_a_worse_grade_never_gives_a_better_tier(one: str, other: str, band: Band) -> None:
    better, worse = sorted((one, other), key=GRADES.index)

    assert not _tier(better, band).is_worse_than(_tier(worse, band))


@given(grade=st.sampled_from(GRADES), one=st.sampled_from(BANDS), other=st.sampled_from(BANDS))
def test_a_worse_warning_never_gives_a_better_tier(grade: str, one: Band, other: Band) -> None:
    better, worse = sorted((one, other), key=BANDS.index)

    assert not _tier(grade, better).is_worse_than(_tier(grade, worse))


@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("current", list(Tier))
def test_nobody_gets_better_between_month_ends(grade: str, current: Tier) -> None:
    tier = _tier(grade, current=current, since=date(2020, 1, 1), month_end=False, better_count=9)

    assert not current.is_worse_than(tier)


@pytest.mark.parametrize(("count", "tier"), [(0, Tier.HIGH), (1, Tier.HIGH), (2, Tier.MEDIUM)])
def test_the_third_better_month_end_counts(count: int, tier: Tier) -> None:
    since = DAY - timedelta(days=400)

    assert _tier("AAA", current=Tier.HIGH, since=since, better_count=count) is tier


@pytest.mark.parametrize(("days", "tier"), [(89, Tier.HIGH), (90, Tier.MEDIUM), (91, Tier.MEDIUM)])
def test_a_better_tier_takes_ninety_days(days: int, tier: Tier) -> None:
    since = DAY - timedelta(days=days)

    assert _tier("AAA", current=Tier.HIGH, since=since, better_count=2) is tier


@pytest.mark.parametrize(
    ("oldest", "held"), [(None, False), (0, False), (14, False), (15, False), (16, True)]
)
def test_the_oldest_invoice_holds_an_order_on_medium_after_fifteen_days(
    oldest: int | None, *, held: bool
) -> None:
    assert ("O-OLDEST" in _codes(_order(oldest_days_past_due=oldest))) is held


@pytest.mark.parametrize(("oldest", "held"), [(29, False), (30, False), (31, True)])
def test_the_oldest_invoice_holds_an_order_on_low_after_thirty_days(
    oldest: int, *, held: bool
) -> None:
    decision = _order(tier=Tier.LOW, oldest_days_past_due=oldest)

    assert ("O-OLDEST" in _codes(decision)) is held


@pytest.mark.parametrize(
    ("share", "held"), [(None, False), (0.0, False), (0.149, False), (0.15, False), (0.151, True)]
)
def test_an_overdue_share_holds_an_order_on_medium_above_fifteen_percent(
    share: float | None, *, held: bool
) -> None:
    assert ("O-OVD" in _codes(_order(overdue_share=share))) is held


@pytest.mark.parametrize(("share", "held"), [(0.299, False), (0.3, False), (0.301, True)])
def test_an_overdue_share_holds_an_order_on_low_above_thirty_percent(
    share: float, *, held: bool
) -> None:
    assert ("O-OVD" in _codes(_order(tier=Tier.LOW, overdue_share=share))) is held


@pytest.mark.parametrize(
    ("amount", "held"), [(49_999.99, False), (50_000, False), (50_000.01, True)]
)
def test_one_order_takes_half_the_limit_at_most(amount: float, *, held: bool) -> None:
    assert ("O-MAX" in _codes(_order(amount))) is held


@pytest.mark.parametrize(
    ("valid_to", "held"),
    [(DAY + timedelta(days=1), False), (DAY, False), (DAY - timedelta(days=1), True)],
)
def test_on_medium_a_rating_counts_through_its_last_day(valid_to: date, *, held: bool) -> None:
    assert ("O-REV" in _codes(_order(rating_valid_to=valid_to))) is held


@pytest.mark.parametrize(("ago", "held"), [(14, False), (15, False), (16, True)])
def test_on_low_a_rating_has_fifteen_days_of_grace(ago: int, *, held: bool) -> None:
    valid_to = DAY - timedelta(days=ago)

    assert ("O-REV" in _codes(_order(tier=Tier.LOW, rating_valid_to=valid_to))) is held


@pytest.mark.parametrize("band", BANDS)
def test_only_a_red_warning_holds_an_order(band: Band) -> None:
    assert ("O-EWS" in _codes(_order(band=band))) is (band is Band.RED)


@pytest.mark.parametrize(
    ("tier", "asked", "too_long"),
    [
        (Tier.LOW, 90, False),
        (Tier.LOW, 91, True),
        (Tier.MEDIUM, 45, False),
        (Tier.MEDIUM, 46, True),
        (Tier.HIGH, 0, False),
        (Tier.HIGH, 1, True),
        (Tier.HIGH, None, False),
    ],
)
def test_longer_terms_than_the_tier_s_are_repriced(
    tier: Tier, asked: int | None, *, too_long: bool
) -> None:
    assert ("O-TERM" in _codes(_order(tier=tier, terms_days=asked))) is too_long


@pytest.mark.parametrize(
    ("verdict", "action"),
    [
        ("pass", Action.RELEASE),
        ("refer", Action.HOLD),
        ("reject_credit", Action.PREPAY),
        ("reject", Action.REJECT),
        (None, Action.HOLD),
        ("unheard_of", Action.HOLD),
    ],
)
def test_screening_s_verdict_has_its_action(verdict: str | None, action: Action) -> None:
    assert _order(verdict=verdict).action is action


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_only_an_active_customer_gets_credit(lifecycle: Lifecycle) -> None:
    rejected = _order(lifecycle=lifecycle).action is Action.REJECT

    assert rejected is (lifecycle is not Lifecycle.ACTIVE)


@pytest.mark.parametrize("tier", list(Tier))
def test_a_person_decides_every_order_of_tier_high_only(tier: Tier) -> None:
    assert ("O-TIER" in _codes(_order(tier=tier, terms_days=0))) is (tier is Tier.HIGH)


@pytest.mark.parametrize(
    ("tier", "used", "fits"),
    [
        (Tier.MEDIUM, 98_999.99, True),
        (Tier.MEDIUM, 99_000, True),
        (Tier.MEDIUM, 99_000.01, False),
        (Tier.LOW, 104_000, True),
        (Tier.LOW, 104_000.01, False),
    ],
)
def test_an_order_fits_up_to_the_limit_and_its_tolerance(
    tier: Tier, used: float, *, fits: bool
) -> None:
    decision = _order(1_000, tier=tier, receivables=eur(used))

    assert ("O-LIM-D" not in _codes(decision)) is fits


@given(used=st.integers(0, 200_000), more=st.integers(0, 100_000))
def test_owing_more_never_makes_an_answer_milder(used: int, more: int) -> None:
    less = _order(receivables=eur(used)).action
    rather = _order(receivables=eur(used + more)).action

    assert less.severity <= rather.severity


@given(amount=st.integers(1, 60_000), used=st.integers(0, 120_000), partial=st.booleans())
def test_no_more_is_granted_than_asked_for_and_than_fits(
    amount: int, used: int, *, partial: bool
) -> None:
    decision = _order(amount, receivables=eur(used), accepts_partial=partial)

    if decision.granted is not None:
        assert decision.headroom is not None
        assert eur(0) < decision.granted <= eur(amount)
        assert decision.granted <= decision.headroom


@pytest.mark.parametrize("grade", GRADES)
def test_no_credit_is_given_below_ccc_plus(grade: str) -> None:
    decision = decide_credit_limit(limit_facts(grade=grade, tier=Tier.LOW), POLICY, as_of=DAY)

    assert (decision.amount.minor > 0) is (GRADES.index(grade) <= GRADES.index("CCC+"))


@pytest.mark.parametrize("verdict", [None, "pass", "refer", "reject_credit", "reject"])
def test_a_rejected_customer_has_no_limit(verdict: str | None) -> None:
    decision = decide_credit_limit(limit_facts(verdict=verdict), POLICY, as_of=DAY)

    assert (decision.amount.minor == 0) is (verdict in {"reject_credit", "reject"})


@given(bought=st.integers(0, 10**8), pd=st.floats(0.0001, 0.9), more=st.floats(0, 0.1))
def test_a_higher_pd_never_raises_a_limit(bought: int, pd: float, more: float) -> None:
    facts = limit_facts(purchases_12m=eur(bought), pd=pd)

    lower = decide_credit_limit(facts, POLICY, as_of=DAY).amount
    higher = decide_credit_limit(replace(facts, pd=pd + more), POLICY, as_of=DAY).amount
    assert higher <= lower


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2025, 6, 2), 0, date(2025, 6, 2)),
        (date(2025, 6, 2), 3, date(2025, 6, 5)),
        (date(2025, 6, 5), 1, date(2025, 6, 6)),
        (date(2025, 6, 6), 1, date(2025, 6, 9)),
        (date(2025, 6, 7), 1, date(2025, 6, 9)),
        (date(2025, 6, 8), 1, date(2025, 6, 9)),
        (date(2025, 6, 5), 3, date(2025, 6, 10)),
    ],
)
def test_a_reservation_lives_for_business_days(day: date, days: int, expected: date) -> None:
    assert add_business_days(day, days) == expected
