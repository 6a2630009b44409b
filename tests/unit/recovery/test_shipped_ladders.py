"""The ladders as shipped, step by step and day by day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recovery.domain.dunning import DunningDecision, DunningFacts, decide_dunning
from services.recovery.domain.model import CaseState, Tier
from tests.unit.recovery.builders import POLICY, TODAY, a_claim

LADDERS = [
    (tier, index, step)
    for tier, ladder in sorted(POLICY.ladders.items())
    for index, step in enumerate(ladder)
]
TIERS = [tier.value for tier in Tier]


def _dunned(late: int, *, tier: str | None = "medium", last: str | None = None) -> DunningDecision:
    facts = DunningFacts("C1", tier, (a_claim(late),), last_step=last)
    return decide_dunning(facts, POLICY, as_of=TODAY)


@pytest.mark.parametrize(
    ("tier", "days"),
    [
        ("low", (7, 14, 24, 34, 49, 64, 95)),
        ("medium", (3, 10, 20, 30, 45, 60, 91)),
        ("high", (1, 6, 16, 26, 41, 56, 87)),
    ],
)
def test_a_tier_s_ladder_has_its_days(tier: str, days: tuple[int, ...]) -> None:
    assert tuple(step.days_past_due for step in POLICY.ladders[tier]) == days


@pytest.mark.parametrize(
    ("code", "action", "state"),
    [
        ("L1", "send_reminder", CaseState.REMINDED),
        ("L2", "send_interest_notice", CaseState.DUNNED),
        ("L3", "call_and_stop_new_credit", CaseState.DUNNED),
        ("L4", "send_formal_demand_and_stop_shipment", CaseState.FORMAL_DEMAND),
        ("L5", "send_final_notice_and_review_legally", CaseState.FORMAL_DEMAND),
        ("L6", "hand_over_to_agency_or_court", CaseState.FORMAL_DEMAND),
        ("L7", "treat_as_default", CaseState.FORMAL_DEMAND),
    ],
)
@pytest.mark.parametrize("tier", ["low", "medium"])
def test_a_step_has_its_action_and_its_state(
    tier: str, code: str, action: str, state: CaseState
) -> None:
    step = next(each for each in POLICY.ladders[tier] if each.code == code)

    assert (step.action, step.state) == (action, state)


@pytest.mark.parametrize(("tier", "index", "step"), LADDERS)
def test_the_day_before_a_step_is_still_the_one_before(tier: str, index: int, step: object) -> None:
    ladder = POLICY.ladders[tier]
    before = ladder[index - 1].code if index else None

    assert _dunned(ladder[index].days_past_due - 1, tier=tier).step == before, step


@pytest.mark.parametrize(("tier", "index", "step"), LADDERS)
def test_a_step_is_due_on_its_day(tier: str, index: int, step: object) -> None:
    ladder = POLICY.ladders[tier]

    assert _dunned(ladder[index].days_past_due, tier=tier).step == ladder[index].code, step


@pytest.mark.parametrize(("tier", "index", "step"), LADDERS)
def test_a_step_that_was_missed_is_due_the_day_after(tier: str, index: int, step: object) -> None:
    ladder = POLICY.ladders[tier]

    assert _dunned(ladder[index].days_past_due + 1, tier=tier).step == ladder[index].code, step


@pytest.mark.parametrize(("tier", "index", "step"), LADDERS)
def test_a_step_names_its_reason_and_its_bound(tier: str, index: int, step: object) -> None:
    expected = POLICY.ladders[tier][index]

    (reason,) = _dunned(expected.days_past_due, tier=tier).reasons
    assert reason.code == f"D-{expected.code}", step
    assert reason.value == reason.threshold == expected.days_past_due


@pytest.mark.parametrize(("tier", "index", "step"), LADDERS)
def test_a_taken_step_waits_for_the_next_one(tier: str, index: int, step: object) -> None:
    ladder = POLICY.ladders[tier]
    late = ladder[index].days_past_due

    decision = _dunned(late, tier=tier, last=ladder[index].code)
    assert decision.step is None, step
    assert decision.plan is not None
    if index + 1 < len(ladder):
        due_on = TODAY + timedelta(days=ladder[index + 1].days_past_due - late)
        assert (decision.plan.action, decision.plan.on) == (ladder[index + 1].action, due_on)
    else:
        review = TODAY + timedelta(days=POLICY.review_days)
        assert (decision.plan.action, decision.plan.on) == (POLICY.review_action, review)


@pytest.mark.parametrize("tier", TIERS)
def test_on_the_due_day_nobody_is_dunned(tier: str) -> None:
    decision = _dunned(0, tier=tier)

    assert decision.step is None
    assert [reason.code for reason in decision.reasons] == ["D-NOT-DUE"]


@pytest.mark.parametrize("tier", TIERS)
def test_the_end_of_a_ladder_is_looked_at_every_thirty_days(tier: str) -> None:
    decision = _dunned(200, tier=tier, last="L7")

    assert decision.waiting
    assert decision.plan is not None
    assert decision.plan.on == TODAY + timedelta(days=30)


def test_a_reason_behind_the_last_step_has_no_bound() -> None:
    (reason,) = _dunned(200, last="L7").reasons

    assert (reason.code, reason.value, reason.threshold) == ("D-NOT-DUE", 200, None)


@pytest.mark.parametrize("tier", [None, "unheard_of"])
@pytest.mark.parametrize("late", [2, 3, 9, 10, 29, 30])
def test_without_a_known_tier_the_medium_ladder_counts(tier: str | None, late: int) -> None:
    assert _dunned(late, tier=tier) == _dunned(late, tier="medium")


@given(late=st.integers(0, 200))
def test_a_worse_tier_is_never_dunned_later(late: int) -> None:
    low, medium, high = (_dunned(late, tier=tier).step or "" for tier in TIERS)

    assert low <= medium <= high


@given(late=st.integers(1, 200), tier=st.sampled_from(TIERS))
def test_whoever_is_dunned_knows_what_comes_next(late: int, tier: str) -> None:
    decision = _dunned(late, tier=tier)

    assert decision.plan is not None
    assert decision.plan.on > TODAY


@given(late=st.integers(0, 200), disputed=st.integers(0, 100))
def test_a_dispute_never_makes_dunning_more_urgent(late: int, disputed: int) -> None:
    undisputed = f"{100 - disputed}.00"
    oldest = late if disputed < 100 else None
    claim = a_claim(oldest, overdue="100.00", undisputed=undisputed)
    facts = DunningFacts("C1", "medium", (claim,))

    assert (decide_dunning(facts, POLICY, as_of=TODAY).step or "") <= (_dunned(late).step or "")


@pytest.mark.parametrize(
    ("currency", "least"), [("EUR", 25), ("USD", 25), ("GBP", 20), ("CNY", 200), ("JPY", 3000)]
)
def test_a_currency_has_its_minimum(currency: str, least: int) -> None:
    assert POLICY.minimum_amounts[currency] == least


@pytest.mark.parametrize(("amount", "step"), [("24.99", None), ("25.00", "L2"), ("25.01", "L2")])
def test_dunning_begins_at_the_minimum(amount: str, step: str | None) -> None:
    facts = DunningFacts("C1", "medium", (a_claim(10, overdue=amount),))

    assert decide_dunning(facts, POLICY, as_of=TODAY).step == step


def test_too_small_a_claim_says_so_and_is_looked_at_in_thirty_days() -> None:
    facts = DunningFacts("C1", "medium", (a_claim(10, overdue="24.99"),))
    decision = decide_dunning(facts, POLICY, as_of=TODAY)

    assert [reason.code for reason in decision.reasons] == ["D-TOO-SMALL"]
    assert decision.plan is not None
    assert decision.plan.on == TODAY + timedelta(days=30)


def test_a_dispute_is_looked_at_in_fourteen_days() -> None:
    facts = DunningFacts("C1", "medium", (a_claim(None),))
    decision = decide_dunning(facts, POLICY, as_of=TODAY)

    assert [reason.code for reason in decision.reasons] == ["D-DISPUTED"]
    assert decision.plan is not None
    assert (decision.plan.action, decision.plan.on) == (
        "resolve_dispute",
        TODAY + timedelta(days=14),
    )


@pytest.mark.parametrize(("ahead", "stopped"), [(-1, False), (0, False), (1, True), (2, True)])
def test_a_promise_stops_dunning_before_its_day_only(ahead: int, *, stopped: bool) -> None:
    facts = DunningFacts("C1", "medium", (a_claim(10),))
    facts = replace(facts, promise_until=TODAY + timedelta(days=ahead))

    assert (decide_dunning(facts, POLICY, as_of=TODAY).step is None) is stopped
