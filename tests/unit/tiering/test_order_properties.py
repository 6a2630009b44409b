"""What holds for every order, whatever the account looks like."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.model import Action, Band, Tier
from services.tiering.domain.order import OrderDecision, OrderFacts
from services.tiering.domain.order_check import decide_order
from shared.kernel.money import Money
from tests.unit.tiering.building import (
    DAY,
    POLICY,
    eur,
    order_facts,
)


def decide(facts: OrderFacts) -> OrderDecision:
    return decide_order(facts, POLICY, as_of=DAY)


minor = st.integers(0, 20_000_000).map(lambda cents: Money(cents, "EUR"))
any_order = st.builds(
    order_facts,
    st.integers(1, 200_000),
    tier=st.sampled_from(Tier),
    receivables=minor,
    reserved=minor,
    deposits=minor,
    accepts_partial=st.booleans(),
    oldest_days_past_due=st.one_of(st.none(), st.integers(0, 60)),
    overdue_share=st.one_of(st.none(), st.floats(0, 1)),
    band=st.sampled_from(Band),
    terms_days=st.one_of(st.none(), st.integers(0, 120)),
    released_by=st.one_of(st.none(), st.just("Ada")),
)


@given(any_order)
def test_a_grant_never_takes_more_than_the_limit_and_its_tolerance(facts: OrderFacts) -> None:
    decision = decide(facts)
    if decision.granted is not None and facts.tier is not None and facts.limit is not None:
        tolerance = POLICY.tiers[facts.tier].order_tolerance
        taken = decision.exposure.minor + facts.reserved.minor + decision.granted.minor
        assert taken <= facts.limit.minor * (1 + tolerance)


@given(any_order)
def test_only_a_release_or_a_part_reserves_anything(facts: OrderFacts) -> None:
    decision = decide(facts)
    grants = decision.action in {Action.RELEASE, Action.PARTIAL}
    assert (decision.granted is not None) == grants
    assert (decision.reserved_until is not None) == grants


@given(any_order, minor)
def test_more_owed_is_never_answered_more_mildly(facts: OrderFacts, more: Money) -> None:
    worse = replace(facts, receivables=facts.receivables + more, deposits=eur(0))
    facts = replace(facts, deposits=eur(0))
    assert decide(worse).action.severity >= decide(facts).action.severity


@given(any_order)
def test_an_order_that_is_not_released_says_why(facts: OrderFacts) -> None:
    decision = decide(facts)
    assert decision.action is Action.RELEASE or decision.reasons
