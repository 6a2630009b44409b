"""The dunning ladder: which step is due on which day, for which tier, and what is left out."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recovery.domain.dunning import DunningDecision, DunningFacts, decide_dunning
from services.recovery.domain.model import CaseState, Claim
from services.recovery.usecases import DUNNING
from shared.decisions.stored import canonical_json, read_facts
from shared.kernel.money import Money
from tests.unit.recovery.builders import POLICY, TODAY, a_claim, days, eur

STEPS = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
DUE = {
    "low": (7, 14, 24, 34, 49, 64, 95),
    "medium": (3, 10, 20, 30, 45, 60, 91),
    "high": (1, 6, 16, 26, 41, 56, 87),
}


def dun(
    *claims: Claim, tier: str | None = "medium", last: str | None = None, promise: int | None = None
) -> DunningDecision:
    facts = DunningFacts(
        customer_id="C1",
        tier=tier,
        claims=claims,
        last_step=last,
        promise_until=None if promise is None else TODAY + days(promise),
    )
    return decide_dunning(facts, POLICY, as_of=TODAY)


@pytest.mark.parametrize(
    ("tier", "index"), [(tier, index) for tier in DUE for index in range(len(STEPS))]
)
def test_each_step_is_due_on_its_day_and_not_the_day_before(tier: str, index: int) -> None:
    day, before = DUE[tier][index], STEPS[index - 1] if index else None
    assert dun(a_claim(day - 1), tier=tier, last=before).step is None
    assert dun(a_claim(day), tier=tier, last=before).step == STEPS[index]
    assert dun(a_claim(day + 1), tier=tier, last=before).step == STEPS[index]


def test_low_waits_four_days_longer_than_medium_and_high_is_four_faster_after_the_call() -> None:
    assert [day - 4 for day in DUE["low"]] == list(DUE["medium"])
    assert [day + 4 for day in DUE["high"][1:]] == list(DUE["medium"][1:])
    assert DUE["high"][0] == 1


def test_the_shipped_ladders_are_those_of_the_domain() -> None:
    shown = {
        tier: tuple(step.days_past_due for step in ladder)
        for tier, ladder in POLICY.ladders.items()
    }
    assert shown == DUE


def test_tier_high_begins_by_phone() -> None:
    assert POLICY.ladder("high")[0].action == "call_customer"


def test_a_customer_without_a_tier_is_dunned_as_medium() -> None:
    assert dun(a_claim(3), tier=None).step == "L1"
    assert dun(a_claim(2), tier=None).step is None


def test_on_the_due_day_nothing_is_due() -> None:
    assert dun(a_claim(0), tier="high").step is None


def test_a_step_says_why_with_its_figures() -> None:
    reason = dun(a_claim(12)).reasons[0]
    assert (reason.code, reason.value, reason.threshold) == ("D-L2", 12, 10)


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("L1", CaseState.REMINDED),
        ("L2", CaseState.DUNNED),
        ("L3", CaseState.DUNNED),
        ("L4", CaseState.FORMAL_DEMAND),
        ("L7", CaseState.FORMAL_DEMAND),
    ],
)
def test_a_step_leads_to_its_state(step: str, state: CaseState) -> None:
    late = DUE["medium"][STEPS.index(step)]
    assert dun(a_claim(late)).state is state


def test_a_jump_takes_the_highest_step_once_and_not_all() -> None:
    decision = dun(a_claim(33))
    assert decision.step == "L4"
    assert dun(a_claim(33), last="L4").step is None


def test_a_step_that_was_taken_is_not_taken_again() -> None:
    for index, step in enumerate(STEPS):
        assert dun(a_claim(DUE["medium"][index]), last=step).step is None


def test_what_comes_next_is_the_step_after_the_one_taken() -> None:
    plan = dun(a_claim(3)).plan
    assert plan is not None
    assert (plan.action, plan.on) == ("send_interest_notice", TODAY + days(7))


def test_before_the_first_step_the_first_one_is_next() -> None:
    plan = dun(a_claim(1)).plan
    assert plan is not None
    assert (plan.action, plan.on) == ("send_reminder", TODAY + days(2))


def test_behind_the_last_step_a_review_is_next() -> None:
    plan = dun(a_claim(91)).plan
    assert plan is not None
    assert (plan.action, plan.on) == ("review_case", TODAY + days(30))


def test_when_the_oldest_invoice_is_paid_the_ladder_waits_where_it_stood() -> None:
    decision = dun(a_claim(2), last="L3")
    assert decision.step is None
    assert decision.plan is not None
    assert decision.plan.on == TODAY + days(28)


def test_a_worse_tier_does_not_repeat_what_was_done_on_a_better_one() -> None:
    assert dun(a_claim(7), tier="low").step == "L1"
    assert dun(a_claim(7), tier="high", last="L1").step == "L2"
    assert dun(a_claim(7), tier="high", last="L2").step is None


def test_a_step_that_the_ladder_no_longer_has_is_not_followed_by_old_ones() -> None:
    assert dun(a_claim(33), last="L2b").step is None


def test_the_oldest_claim_leads() -> None:
    other = Claim(Money.parse("500", "USD"), Money.parse("500", "USD"), TODAY - days(20))
    decision = dun(a_claim(4), other)
    assert decision.step == "L3"
    assert decision.amount == Money.parse("500", "USD")


def test_only_the_undisputed_part_is_dunned() -> None:
    decision = dun(a_claim(10, overdue="100.00", undisputed="40.00"))
    assert decision.step == "L2"
    assert decision.amount == eur("40.00")


def test_a_wholly_disputed_claim_is_not_dunned_but_its_dispute_is_to_be_settled() -> None:
    decision = dun(a_claim(None))
    assert decision.step is None
    assert [reason.code for reason in decision.reasons] == ["D-DISPUTED"]
    assert decision.plan is not None
    assert decision.plan.action == "resolve_dispute"


def test_an_undisputed_claim_is_dunned_beside_a_disputed_one() -> None:
    disputed = Claim(Money.parse("900", "USD"), Money.zero("USD"), None)
    assert dun(disputed, a_claim(3)).step == "L1"


@pytest.mark.parametrize(("amount", "step"), [("24.99", None), ("25.00", "L2"), ("25.01", "L2")])
def test_less_than_the_minimum_is_not_dunned(amount: str, step: str | None) -> None:
    assert dun(a_claim(10, overdue=amount)).step == step


def test_too_small_a_claim_is_looked_at_again() -> None:
    decision = dun(a_claim(10, overdue="1.00"))
    assert [reason.code for reason in decision.reasons] == ["D-TOO-SMALL"]
    assert decision.plan is not None
    assert decision.plan.action == "review_case"


def test_a_currency_without_a_minimum_is_dunned_from_the_first_cent() -> None:
    tiny = Money.parse("0.01", "CHF")
    assert dun(Claim(tiny, tiny, TODAY - days(3))).step == "L1"


def test_nothing_owed_needs_no_plan() -> None:
    decision = dun()
    assert decision.plan is None
    assert decision.step is None


@pytest.mark.parametrize(("promise", "step"), [(1, None), (0, "L2"), (-1, "L2")])
def test_a_promise_stops_the_ladder_until_its_day(promise: int, step: str | None) -> None:
    assert dun(a_claim(10), last="L1", promise=promise).step == step


def test_a_promise_that_holds_is_checked_on_its_day() -> None:
    plan = dun(a_claim(10), promise=4).plan
    assert plan is not None
    assert (plan.action, plan.on) == ("check_promise", TODAY + days(4))


claims = st.builds(
    a_claim,
    st.none() | st.integers(0, 200),
    overdue=st.integers(1, 10_000).map(lambda cents: f"{cents / 100:.2f}"),
)
facts_of_any_kind = st.builds(
    DunningFacts,
    customer_id=st.just("C1"),
    tier=st.sampled_from([None, "low", "medium", "high"]),
    claims=st.lists(claims, max_size=1).map(tuple),
    last_step=st.sampled_from([None, *STEPS]),
    promise_until=st.none() | st.dates(TODAY - days(30), TODAY + days(30)),
)


@given(facts_of_any_kind)
def test_whoever_owes_money_has_a_next_day_that_is_still_to_come(facts: DunningFacts) -> None:
    decision = decide_dunning(facts, POLICY, as_of=TODAY)
    assert (decision.plan is not None) == bool(facts.claims)
    if decision.plan is not None:
        assert decision.plan.on > TODAY


@given(facts_of_any_kind)
def test_a_step_taken_lies_always_behind_the_last_one(facts: DunningFacts) -> None:
    decision = decide_dunning(facts, POLICY, as_of=TODAY)
    if decision.step is not None and facts.last_step is not None:
        assert STEPS.index(decision.step) > STEPS.index(facts.last_step)


@given(facts_of_any_kind)
def test_deciding_again_on_the_same_day_takes_no_second_step(facts: DunningFacts) -> None:
    first = decide_dunning(facts, POLICY, as_of=TODAY)
    if first.step is not None:
        again = decide_dunning(replace(facts, last_step=first.step), POLICY, as_of=TODAY)
        assert again.step is None
        assert again.plan == first.plan


@given(st.integers(0, 150), st.integers(0, 150), st.sampled_from(["low", "medium", "high"]))
def test_being_later_never_means_a_lower_step(late: int, more: int, tier: str) -> None:
    def height(decision: DunningDecision) -> int:
        return -1 if decision.step is None else STEPS.index(decision.step)

    assert height(dun(a_claim(late + more), tier=tier)) >= height(dun(a_claim(late), tier=tier))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_no_step_is_ever_taken_twice_however_days_pass(leaps: list[int]) -> None:
    due, day, last, taken = date(2026, 1, 1), date(2026, 1, 1), None, []
    for leap in leaps:
        day += days(leap)
        claim = Claim(eur("100"), eur("100"), due)
        facts = DunningFacts("C1", "medium", (claim,), last_step=last)
        decision = decide_dunning(facts, POLICY, as_of=day)
        if decision.step is not None:
            taken.append(decision.step)
            last = decision.step
    assert taken == sorted(set(taken))


@given(facts_of_any_kind)
def test_a_stored_decision_can_be_taken_again(facts: DunningFacts) -> None:
    stored = read_facts(DUNNING, canonical_json(facts))
    again = decide_dunning(stored, POLICY, as_of=TODAY)
    assert canonical_json(again) == canonical_json(decide_dunning(facts, POLICY, as_of=TODAY))
