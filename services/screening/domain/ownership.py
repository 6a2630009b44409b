"""Who stands behind a customer: the 50 % aggregate rule with its cascade, and effective shares."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import fsum

from shared.kernel.errors import InvalidInputError
from shared.kernel.reasons import Reason

_EXACT_DIGITS = 9  # shares are given to at most this many digits; hides float dust in sums


@dataclass(frozen=True, slots=True)
class OwnershipEdge:
    """`owner` holds `share` (0 to 1) of `owned`."""

    owner: str
    owned: str
    share: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0:
            raise InvalidInputError(field="share", value=self.share, rule="must lie in 0 to 1")


@dataclass(frozen=True, slots=True)
class OwnershipPolicy:
    """Shares 0 to 1: blocked from `blocked_from_share`, a person looks from `refer_from_share`.

    `max_depth` is how many links of a chain effective shares follow.
    """

    blocked_from_share: float
    refer_from_share: float
    max_depth: int

    def __post_init__(self) -> None:
        if not 0.0 < self.refer_from_share <= self.blocked_from_share <= 1.0:
            raise InvalidInputError(
                field="ownership.refer_from_share",
                value=self.refer_from_share,
                rule="must lie above 0 and at most at blocked_from_share",
            )
        if self.max_depth < 1:
            raise InvalidInputError(
                field="ownership.max_depth", value=self.max_depth, rule="must be at least 1"
            )


@dataclass(frozen=True, slots=True)
class OwnershipFacts:
    """The ownership graph around `customer_id`, who is blocked, and who controls it otherwise."""

    customer_id: str
    edges: tuple[OwnershipEdge, ...]
    blocked: tuple[str, ...]
    controlled_by: tuple[str, ...] = ()


class OwnershipOutcome(StrEnum):
    """What ownership means for trading."""

    CLEAR = "clear"
    REFER = "refer"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class OwnershipDecision:
    """The outcome, the share blocked parties hold directly, and in economic terms, each 0 to 1."""

    outcome: OwnershipOutcome
    direct_share: float
    effective_share: float
    reasons: tuple[Reason, ...]


def decide_ownership(
    facts: OwnershipFacts, policy: OwnershipPolicy, *, as_of: date
) -> OwnershipDecision:
    """Apply the aggregate rule (OFAC 2014 guidance; EU Council Best Practices, 3 July 2024).

    Blocked when blocked parties, and whoever is blocked by them in turn, together hold the
    threshold: shares add up, they are never multiplied. Below it, a large economic share or control
    by a blocked party goes to a person.
    """
    del as_of  # edges are those that hold on the day
    blocked = blocked_parties(facts.edges, facts.blocked, policy)
    direct = _direct_share(facts.edges, facts.customer_id, blocked)
    effective = fsum(
        effective_share(facts.edges, owner, facts.customer_id, max_depth=policy.max_depth)
        for owner in sorted(set(facts.blocked) - {facts.customer_id})
    )
    effective = round(effective, _EXACT_DIGITS)
    outcome, reasons = _outcome(facts, policy, blocked=blocked, shares=(direct, effective))
    return OwnershipDecision(outcome, direct, effective, reasons)


def _outcome(
    facts: OwnershipFacts,
    policy: OwnershipPolicy,
    *,
    blocked: frozenset[str],
    shares: tuple[float, float],
) -> tuple[OwnershipOutcome, tuple[Reason, ...]]:
    direct, effective = shares
    if facts.customer_id in blocked:
        reason = Reason("H-OWN", value=direct, threshold=policy.blocked_from_share)
        return OwnershipOutcome.BLOCKED, (reason,)
    reasons = [Reason("R-OWN", value=by) for by in facts.controlled_by if by in blocked]
    if max(direct, effective) >= policy.refer_from_share:
        share = max(direct, effective)
        reasons.append(Reason("R-OWN", value=share, threshold=policy.refer_from_share))
    outcome = OwnershipOutcome.REFER if reasons else OwnershipOutcome.CLEAR
    return outcome, tuple(reasons)


def blocked_parties(
    edges: Iterable[OwnershipEdge], blocked: Iterable[str], policy: OwnershipPolicy
) -> frozenset[str]:
    """Everyone blocked, directly or by cascade: a blocked owner counts with its whole share."""
    edges = tuple(edges)
    reached = frozenset(blocked)
    while True:
        owned = {edge.owned for edge in edges if edge.owner in reached} - reached
        new = {
            name
            for name in owned
            if _direct_share(edges, name, reached) >= policy.blocked_from_share
        }
        if not new:
            return reached
        reached |= new


def effective_share(
    edges: Iterable[OwnershipEdge], owner: str, owned: str, *, max_depth: int
) -> float:
    """The economic share of `owner` in `owned`: over all paths, the sum of products of shares.

    A path passes nobody twice, so cross-holdings end.
    """
    holdings: dict[str, list[OwnershipEdge]] = defaultdict(list)
    for edge in edges:
        holdings[edge.owner].append(edge)
    share = _along(holdings, (owner,), target=owned, max_depth=max_depth)
    return round(share, _EXACT_DIGITS)


def _along(
    holdings: dict[str, list[OwnershipEdge]], path: tuple[str, ...], *, target: str, max_depth: int
) -> float:
    if path[-1] == target:
        return 1.0
    if len(path) > max_depth:
        return 0.0
    return fsum(
        edge.share * _along(holdings, (*path, edge.owned), target=target, max_depth=max_depth)
        for edge in holdings.get(path[-1], ())
        if edge.owned not in path
    )


def _direct_share(edges: Iterable[OwnershipEdge], owned: str, owners: frozenset[str]) -> float:
    shares = (edge.share for edge in edges if edge.owned == owned and edge.owner in owners)
    return round(fsum(shares), _EXACT_DIGITS)
