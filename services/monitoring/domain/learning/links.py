"""Customers whom relationships tie to one another, for a replay of them together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.monitoring.domain.outside.group_standing import Edge, Groups

MOST_TOGETHER: Final = 100
"""The most customers that are replayed together: the work grows with the square of them and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Relationships between registered customers, and since when each of these is registered.

    `begins` is the first day of which anything is stored of any of them; None: nothing is.
    """

    edges: tuple[Edge, ...] = ()
    since: Mapping[str, date] = field(default_factory=dict)
    begins: date | None = None

    def groups(self) -> Groups:
        """What a replay knows of them before anyone has left word of how it stands."""
        edges = {each.key: each for each in self.edges}
        return Groups(
            edges=dict(sorted(edges.items())), since=dict(self.since), complete_on=date.max
        )

    def starts(self, customer_id: str) -> set[date]:
        """The days on which a relationship of the customer's begins to count."""
        if self.begins is None:
            return set()
        return {
            max(self.begins, each.from_day, self.since[each.customer_id], self.since[each.party])
            for each in self.edges
            if customer_id in {each.customer_id, each.party}
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """By customer those that it hangs together with; `crowded` are those with too many of them."""

    together: Mapping[str, Links] = field(default_factory=dict)
    crowded: frozenset[str] = frozenset()


def kin_in(links: Links) -> Kin:
    """Sort all relationships by who hangs together, through however many others."""
    edges: dict[str, list[Edge]] = {}
    leads = _leads((each.customer_id, each.party) for each in links.edges)
    for each in links.edges:
        edges.setdefault(_first(leads, each.customer_id), []).append(each)
    members: dict[str, list[str]] = {}
    for name in sorted(leads):
        members.setdefault(_first(leads, name), []).append(name)
    together, crowded = dict[str, Links](), set[str]()
    for first, names in members.items():
        if len(names) > MOST_TOGETHER:
            crowded.update(names)
            continue
        theirs = Links(edges=tuple(edges[first]), since={name: links.since[name] for name in names})
        together |= dict.fromkeys(names, theirs)
    return Kin(together=together, crowded=frozenset(crowded))


def _leads(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For everyone in the pairs another one that hangs together with it, or itself (union-find)."""
    leads: dict[str, str] = {}
    for pair in pairs:
        one, other = (_first(leads, leads.setdefault(name, name)) for name in pair)
        leads[max(one, other)] = min(one, other)
    return leads


def _first(leads: dict[str, str], name: str) -> str:
    """The one that all who hang together lead to; the way there is made shorter."""
    while leads[name] != name:
        leads[name] = leads[leads[name]]
        name = leads[name]
    return name
