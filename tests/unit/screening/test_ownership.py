"""The 50 % aggregate rule with its cascade, effective shares, and referral for control."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.ownership import (
    OwnershipDecision,
    OwnershipEdge,
    OwnershipFacts,
    OwnershipOutcome,
    OwnershipPolicy,
    blocked_parties,
    decide_ownership,
    effective_share,
)
from shared.kernel.errors import InvalidInputError

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "screening.json").read_text())
POLICY = OwnershipPolicy(blocked_from_share=0.5, refer_from_share=0.25, max_depth=10)
DAY = date(2026, 3, 1)


def edges_of(*rows: tuple[str, str, float]) -> tuple[OwnershipEdge, ...]:
    return tuple(OwnershipEdge(owner, owned, share) for owner, owned, share in rows)


def decided(
    customer_id: str,
    *rows: tuple[str, str, float],
    blocked: tuple[str, ...] = ("X",),
    controlled_by: tuple[str, ...] = (),
) -> OwnershipDecision:
    facts = OwnershipFacts(customer_id, edges_of(*rows), blocked, controlled_by)
    return decide_ownership(facts, POLICY, as_of=DAY)


def golden_edges(case: str) -> tuple[OwnershipEdge, ...]:
    return edges_of(*(tuple(row) for row in GOLDEN[case]["in"]["edges"]))


def golden_decision(case: str, customer_id: str) -> OwnershipDecision:
    blocked = tuple(GOLDEN[case]["in"]["blocked"])
    facts = OwnershipFacts(customer_id, golden_edges(case), blocked)
    return decide_ownership(facts, POLICY, as_of=DAY)


def test_golden_id_5_blocks_down_the_chain_although_the_economic_share_is_small() -> None:
    decision = golden_decision("ID-5", "C")
    assert decision.outcome is OwnershipOutcome.BLOCKED
    assert decision.effective_share == GOLDEN["ID-5"]["out"]["effective_X_in_C"]
    assert [reason.code for reason in decision.reasons] == ["H-OWN"]


def test_golden_id_6_adds_up_the_shares_of_several_blocked_owners() -> None:
    decision = golden_decision("ID-6", "Z")
    assert decision.outcome is OwnershipOutcome.BLOCKED
    assert decision.direct_share == 0.5


def test_golden_id_7_refers_a_large_share_that_does_not_block() -> None:
    decision = golden_decision("ID-7", "C")
    assert decision.outcome is OwnershipOutcome.REFER
    assert decision.effective_share == GOLDEN["ID-7"]["out"]["effective_X_in_C"]
    assert [reason.code for reason in decision.reasons] == [GOLDEN["ID-7"]["out"]["reason"]]


@pytest.mark.parametrize(
    ("share", "outcome"),
    [
        (0.24, OwnershipOutcome.CLEAR),
        (0.25, OwnershipOutcome.REFER),
        (0.49, OwnershipOutcome.REFER),
        (0.5, OwnershipOutcome.BLOCKED),
        (0.51, OwnershipOutcome.BLOCKED),
    ],
)
def test_the_bounds_are_a_quarter_and_a_half(share: float, outcome: OwnershipOutcome) -> None:
    assert decided("C", ("X", "C", share)).outcome is outcome


def test_control_by_a_blocked_party_goes_to_a_person() -> None:
    decision = decided("C", ("X", "C", 0.1), controlled_by=("X",))
    assert decision.outcome is OwnershipOutcome.REFER
    assert decision.reasons[0].value == "X"


def test_control_by_an_unblocked_party_says_nothing() -> None:
    assert decided("C", controlled_by=("Y",)).outcome is OwnershipOutcome.CLEAR


def test_a_blocked_customer_is_blocked_without_owners() -> None:
    assert decided("X").outcome is OwnershipOutcome.BLOCKED


def test_an_unblocked_majority_owner_stops_the_cascade() -> None:
    rows = (("X", "B", 0.4), ("Y", "B", 0.6), ("B", "C", 1.0))
    decision = decided("C", *rows)
    assert decision.outcome is OwnershipOutcome.REFER
    assert decision.effective_share == 0.4


def test_a_direct_and_an_indirect_share_add_up() -> None:
    rows = (("X", "B", 0.5), ("B", "C", 0.3), ("X", "C", 0.2))
    decision = decided("C", *rows)
    assert decision.outcome is OwnershipOutcome.BLOCKED
    assert decision.direct_share == 0.5
    assert decision.effective_share == 0.35


def test_shares_that_are_tenths_add_up_without_dust() -> None:
    rows = (("X", "C", 0.1), ("Y", "C", 0.2), ("Z", "C", 0.2))
    assert decided("C", *rows, blocked=("X", "Y", "Z")).direct_share == 0.5


def test_cross_holdings_end() -> None:
    rows = edges_of(("A", "B", 0.5), ("B", "A", 0.5), ("B", "C", 0.5))
    assert effective_share(rows, "A", "C", max_depth=10) == 0.25


def test_chains_longer_than_the_policy_follows_are_left_out() -> None:
    rows = edges_of(("A", "B", 1.0), ("B", "C", 1.0), ("C", "D", 1.0))
    assert effective_share(rows, "A", "D", max_depth=2) == 0.0
    assert effective_share(rows, "A", "D", max_depth=3) == 1.0


def test_nobody_blocked_means_clear() -> None:
    assert decided("C", ("Y", "C", 1.0), blocked=()).outcome is OwnershipOutcome.CLEAR


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_a_share_lies_between_nothing_and_everything(share: float) -> None:
    with pytest.raises(InvalidInputError, match="0 to 1"):
        OwnershipEdge("A", "B", share)


@pytest.mark.parametrize(("blocked", "refer"), [(0.5, 0.0), (0.25, 0.5), (1.2, 0.5)])
def test_the_policy_keeps_its_bounds_in_order(blocked: float, refer: float) -> None:
    with pytest.raises(InvalidInputError):
        OwnershipPolicy(blocked_from_share=blocked, refer_from_share=refer, max_depth=3)


def test_the_policy_follows_at_least_one_link() -> None:
    with pytest.raises(InvalidInputError):
        OwnershipPolicy(blocked_from_share=0.5, refer_from_share=0.25, max_depth=0)


names = st.sampled_from("ABCDEF")
graphs = st.lists(
    st.builds(
        OwnershipEdge,
        owner=names,
        owned=names,
        share=st.integers(0, 20).map(lambda twentieths: twentieths / 20),
    ),
    max_size=10,
).map(tuple)


@given(graphs, st.sets(names), names)
def test_blocking_one_more_party_never_unblocks_anybody(
    edges: tuple[OwnershipEdge, ...], blocked: set[str], another: str
) -> None:
    before = blocked_parties(edges, blocked, POLICY)
    assert before <= blocked_parties(edges, blocked | {another}, POLICY)


@given(graphs, st.sets(names))
def test_the_cascade_comes_to_rest(edges: tuple[OwnershipEdge, ...], blocked: set[str]) -> None:
    once = blocked_parties(edges, blocked, POLICY)
    assert blocked_parties(edges, once, POLICY) == once
