"""The 50 % rule: the share before a bound, the bound, the share after it; and what never helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.ownership import (
    OwnershipDecision,
    OwnershipEdge,
    OwnershipFacts,
    OwnershipOutcome,
    blocked_parties,
    decide_ownership,
    effective_share,
)
from tests.unit.screening.builders import POLICY, TODAY

RULES = POLICY.ownership
SEVERITY = [OwnershipOutcome.CLEAR, OwnershipOutcome.REFER, OwnershipOutcome.BLOCKED]


def _edges(*holdings: tuple[str, str, float]) -> tuple[OwnershipEdge, ...]:
    return tuple(OwnershipEdge(*holding) for holding in holdings)


def _decided(
    *holdings: tuple[str, str, float],
    blocked: tuple[str, ...] = ("X",),
    controlled_by: tuple[str, ...] = (),
) -> OwnershipDecision:
    facts = OwnershipFacts("C1", _edges(*holdings), blocked, controlled_by)
    return decide_ownership(facts, RULES, as_of=TODAY)


@pytest.mark.parametrize(
    ("share", "outcome"),
    [
        (0.0, OwnershipOutcome.CLEAR),
        (0.249999999, OwnershipOutcome.CLEAR),
        (0.25, OwnershipOutcome.REFER),
        (0.250000001, OwnershipOutcome.REFER),
        (0.499999999, OwnershipOutcome.REFER),
        (0.5, OwnershipOutcome.BLOCKED),
        (0.500000001, OwnershipOutcome.BLOCKED),
        (1.0, OwnershipOutcome.BLOCKED),
    ],
)
def test_a_direct_share_has_two_bounds(share: float, outcome: OwnershipOutcome) -> None:
    assert _decided(("X", "C1", share)).outcome is outcome


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (0.12, 0.12, OwnershipOutcome.CLEAR),
        (0.125, 0.125, OwnershipOutcome.REFER),
        (0.25, 0.249999999, OwnershipOutcome.REFER),
        (0.25, 0.25, OwnershipOutcome.BLOCKED),
        (0.3, 0.2, OwnershipOutcome.BLOCKED),
    ],
)
def test_shares_of_two_blocked_owners_add_up(
    one: float, other: float, outcome: OwnershipOutcome
) -> None:
    decision = _decided(("X", "C1", one), ("Y", "C1", other), blocked=("X", "Y"))

    assert decision.outcome is outcome


@pytest.mark.parametrize(("first", "blocked"), [(0.499999999, False), (0.5, True)])
def test_a_holding_is_blocked_by_its_owner_from_half(first: float, *, blocked: bool) -> None:
    found = blocked_parties(_edges(("X", "H", first), ("H", "C1", 0.5)), ("X",), RULES)

    assert ("H" in found) is blocked
    assert ("C1" in found) is blocked


def test_a_block_says_the_share_and_the_bound() -> None:
    (reason,) = _decided(("X", "C1", 0.6)).reasons

    assert (reason.code, reason.value, reason.threshold) == ("H-OWN", 0.6, 0.5)


def test_a_referral_says_the_share_and_the_bound() -> None:
    (reason,) = _decided(("X", "C1", 0.3)).reasons

    assert (reason.code, reason.value, reason.threshold) == ("R-OWN", 0.3, 0.25)


def test_control_says_by_whom() -> None:
    (reason,) = _decided(controlled_by=("X",)).reasons

    assert (reason.code, reason.value) == ("R-OWN", "X")


def test_control_and_a_large_share_are_two_reasons() -> None:
    decision = _decided(("X", "C1", 0.3), controlled_by=("X",))

    assert [reason.code for reason in decision.reasons] == ["R-OWN", "R-OWN"]


def test_without_a_blocked_owner_there_is_no_reason() -> None:
    decision = _decided(("Z", "C1", 1.0))

    assert (decision.outcome, decision.reasons) == (OwnershipOutcome.CLEAR, ())


def test_an_economic_share_is_the_product_along_the_chain() -> None:
    edges = _edges(("X", "H", 0.4), ("H", "C1", 0.5))

    assert effective_share(edges, "X", "C1", max_depth=10) == pytest.approx(0.2)


def test_economic_shares_of_two_chains_add_up() -> None:
    edges = _edges(("X", "H", 0.4), ("H", "C1", 0.5), ("X", "K", 0.5), ("K", "C1", 0.5))

    assert effective_share(edges, "X", "C1", max_depth=10) == pytest.approx(0.45)


@pytest.mark.parametrize(("depth", "share"), [(1, 0.0), (2, 0.0), (3, 1.0), (4, 1.0)])
def test_a_chain_is_followed_for_as_many_links_as_the_policy_says(depth: int, share: float) -> None:
    edges = _edges(("X", "A", 1.0), ("A", "B", 1.0), ("B", "C1", 1.0))

    assert effective_share(edges, "X", "C1", max_depth=depth) == share


@given(one=st.floats(0, 1), other=st.floats(0, 1))
def test_a_larger_blocked_share_never_gives_a_milder_outcome(one: float, other: float) -> None:
    less, more = sorted((one, other))

    milder = _decided(("X", "C1", less)).outcome
    harder = _decided(("X", "C1", more)).outcome
    assert SEVERITY.index(milder) <= SEVERITY.index(harder)


HOLDINGS = st.lists(
    st.tuples(
        st.sampled_from(["X", "A", "B", "C1"]),
        st.sampled_from(["A", "B", "C1"]),
        st.sampled_from([0.1, 0.25, 0.3, 0.5, 1.0]),
    ),
    max_size=6,
)


@given(holdings=HOLDINGS)
def test_the_order_of_holdings_changes_nothing(holdings: list[tuple[str, str, float]]) -> None:
    assert _decided(*holdings) == _decided(*reversed(holdings))
