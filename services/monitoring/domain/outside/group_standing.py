"""Relationships between customers, and how each linked one stood at the close of a day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from shared.kernel.dates import days_between, previous_day

ENDED_KEPT_DAYS = 60
"""How long a relationship that ended is kept, for partitions that are still behind."""
FULL_SCORE: Final = 100.0
"""What a customer in default counts as, whatever its own score."""
OWNED: Final = frozenset({"owns", "votes"})
CONTROLLED: Final = frozenset({"controls", "consolidates"})
DEPENDENT: Final = frozenset({"guarantees", "economically_dependent"})
"""What makes a group (domain.md §1.1): ownership above a share, control, dependence from a share on."""

EdgeKey = tuple[str, str, str]
"""Whose register entry names it, its kind, and whom it leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A relationship that a customer's register entry names; it counts from a day, until another."""

    customer_id: str
    kind: str
    party: str
    share: float | None = None
    from_day: date
    until: date | None = None

    @property
    def key(self) -> EdgeKey:
        """What tells it from all others."""
        return self.customer_id, self.kind, self.party

    def other(self, customer_id: str) -> str:
        """The end that is not this customer."""
        return self.party if customer_id == self.customer_id else self.customer_id


@dataclass(slots=True, kw_only=True)
class GroupStanding:
    """The relationships that the register names of a customer, and since when it is registered."""

    since: date | None = None
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAmount:
    """A member's exposure in one currency, and its limit if it has one, in minor units."""

    currency: str
    exposure: int
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDay:
    """How a linked customer stood at the close of a day, until the next such record.

    `ews` is its own score, what it got from others left out: else two of them would frighten each
    other for ever.
    """

    customer_id: str
    day: date
    ews: float
    in_default: bool
    amounts: tuple[MemberAmount, ...] = ()

    @property
    def trouble(self) -> float:
        """How much of it may pass to others, 0 to 100."""
        return FULL_SCORE if self.in_default else self.ews

    def says_the_same_as(self, other: "MemberDay") -> bool:
        """Whether two records differ in their day alone."""
        return replace(self, day=other.day) == other


@dataclass(slots=True, kw_only=True)
class Groups:
    """What a batch knows of groups: relationships in reach, since when their ends are registered.

    `members` are the records of a customer by day, `complete_on` the newest day that every other
    partition has closed (None: none yet). `news` and `changed` are to be saved.
    """

    edges: dict[EdgeKey, Edge] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)
    members: dict[str, list[MemberDay]] = field(default_factory=dict)
    complete_on: date | None = None
    news: list[MemberDay] = field(default_factory=list)
    changed: dict[str, tuple[Edge, ...]] = field(default_factory=dict)
    _by_end: dict[str, dict[EdgeKey, Edge]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for edge in self.edges.values():
            self._index(edge)

    def note_edge(self, edge: Edge) -> None:
        """Take in a relationship, or what it has become."""
        self.edges[edge.key] = edge
        self._index(edge)

    def members_on(self, as_of: date) -> date | None:
        """The newest day before a day that all partitions have closed."""
        before = previous_day(as_of)
        return None if self.complete_on is None else min(before, self.complete_on)

    def edges_of(self, customer_id: str, day: date) -> Iterator[Edge]:
        """The customer's relationships on a day to others that were registered by then, in order."""
        for _, edge in sorted(self._by_end.get(customer_id, {}).items()):
            if self._counts(edge, day):
                yield edge

    def is_linked(self, customer_id: str, day: date) -> bool:
        """Whether the customer is linked to another one."""
        return any(True for _ in self.edges_of(customer_id, day))

    def record_of(self, customer_id: str, day: date) -> MemberDay | None:
        """How a customer stood at the close of a day; None if it left no record by then."""
        known = [each for each in self.members.get(customer_id, ()) if each.day <= day]
        return known[-1] if known else None

    def note_member(self, record: MemberDay) -> None:
        """Keep how a member stands, if it stands otherwise than before."""
        known = self.members.setdefault(record.customer_id, [])
        if not known or not known[-1].says_the_same_as(record):
            known.append(record)
            self.news.append(record)

    def _index(self, edge: Edge) -> None:
        for end in (edge.customer_id, edge.party):
            self._by_end.setdefault(end, {})[edge.key] = edge

    def _counts(self, edge: Edge, day: date) -> bool:
        ends = self.since.get(edge.customer_id), self.since.get(edge.party)
        if None in ends or (edge.until is not None and edge.until <= day):
            return False
        return all(each <= day for each in (edge.from_day, *ends) if each is not None)


def note_relationships(
    standing: GroupStanding,
    customer_id: str,
    given: Iterable[tuple[str, str, float | None]],
    *,
    on: date,
) -> bool:
    """Take over the relationships (kind, party, share) of a register entry; whether any changed."""
    named = {(kind, party): share for kind, party, share in given if party != customer_id}
    known = {(each.kind, each.party): each for each in standing.edges}
    kept = {
        key: edge if key in named or edge.until is not None else replace(edge, until=on)
        for key, edge in known.items()
    }
    for key, share in named.items():
        before = kept.get(key)
        if before is None or before.until is not None or before.share != share:
            kind, party = key
            kept[key] = Edge(
                customer_id=customer_id, kind=kind, party=party, share=share, from_day=on
            )
    edges = tuple(edge for _, edge in sorted(kept.items()) if _is_recent(edge, on))
    changed = edges != standing.edges
    standing.edges = edges
    return changed


def binds(edge: Edge, control_share: float) -> bool:
    """Whether a relationship makes its ends one group: a majority, control, guarantee or dependence.

    Control that was found binds whatever the share: it need not come from one.
    """
    if edge.kind in OWNED:
        return (edge.share or 0.0) > control_share
    if edge.kind in CONTROLLED:
        return True
    return edge.kind in DEPENDENT and (edge.share is None or edge.share >= control_share)


def step_weight(kind: str, share: float | None, weights: Mapping[str, float]) -> float:
    """How much trouble passes over a relationship, 0 to 1; a stake passes its share, if it is known."""
    weight = weights.get(kind, 0.0)
    return weight if share is None or kind not in OWNED else weight * share


def _is_recent(edge: Edge, on: date) -> bool:
    return edge.until is None or days_between(edge.until, on) <= ENDED_KEPT_DAYS
