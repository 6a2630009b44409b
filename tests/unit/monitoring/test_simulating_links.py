"""Customers that hang together are replayed together, and hear of each other as they did live."""

from collections import Counter
from dataclasses import replace

import pytest

from services.monitoring.domain.learning import links
from services.monitoring.domain.learning.links import Links, kin_in
from services.monitoring.domain.learning.past import Past
from services.monitoring.domain.outside.group_standing import Edge
from services.monitoring.domain.standing import Standing
from services.monitoring.usecases.dry_run import DryRun, compared, shown_comparison
from services.monitoring.usecases.surroundings import Stage
from shared.contracts.screening import CustomerRegistered, Relationship
from tests.unit.monitoring.in_memory import Told as Sent
from tests.unit.monitoring.test_simulating import (
    ACTING,
    ERA,
    POLICY,
    STORY,
    a_past,
    deaf,
    issued,
    lived,
    on_day,
    paid,
    raised_in,
    told,
)

PAYS_WELL = (
    *(told(issued(f"G{number}", 10 * number), 10 * number) for number in range(30)),
    *(told(paid(f"G{number}", 10 * number + 5), 10 * number + 5) for number in range(30)),
)
DRY_RUN = DryRun(current=POLICY, proposed=deaf(POLICY), era=ERA, acting=ACTING)


def an_edge(one: str, other: str, on: int = 0) -> Edge:
    return Edge(customer_id=one, kind="controls", party=other, from_day=on_day(on))


def registered(*edges: Edge, **since: int) -> Links:
    return Links(edges=edges, since={name: on_day(on) for name, on in since.items()})


def together(known: Links, *pasts: Past, counted: str = "AB") -> list[Past]:
    """The pasts of registered customers, those named counted."""
    there = Standing(registered=True, country="DE")
    listed = [replace(each, standing=there, since=known.since[each.customer_id]) for each in pasts]
    return Stage(kin=kin_in(known), counted=set(counted)).placed(listed)


def an_entry(name: str, *parties: str) -> CustomerRegistered:
    named = tuple(Relationship(type="controls", party=party) for party in parties)
    return CustomerRegistered(customer_id=name, legal_names=(), country="DE", relationships=named)


def entered(name: str, *parties: str) -> Sent:
    return Sent(an_entry(name, *parties), name, on_day(0), id=f"r{name}")


def of_others(raised: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {key: count for key, count in raised.items() if key[0] in {"E11", "L05"}}


def test_trouble_of_another_is_heard_of_as_it_was_live() -> None:
    monitoring = lived(PAYS_WELL, 300, entered("A", "B"), entered("B"), B=STORY)
    pasts = together(
        registered(an_edge("A", "B"), A=0, B=0),
        a_past(*PAYS_WELL),
        a_past(*STORY, customer_id="B"),
    )
    found = compared(DRY_RUN, pasts)
    live = of_others(raised_in(monitoring))
    assert of_others(found.current.raised) == live
    assert live == {("E11", "watch"): 1, ("E11", "amber"): 1, ("E11", "red"): 1}
    assert found.proposed.raised == {("E11", "red"): 1}, "a default needs no threshold"
    assert (found.current.customers, found.crowded) == (2, 0)


def test_who_only_comes_along_is_not_counted_and_tells_all_the_same() -> None:
    pasts = together(
        registered(an_edge("A", "B"), A=0, B=0),
        a_past(),
        a_past(*STORY, customer_id="B"),
        counted="A",
    )
    found = compared(DRY_RUN, pasts)
    assert (found.current.customers, found.current.late) == (1, 0)
    assert set(found.current.raised) == {("E11", "watch"), ("E11", "amber"), ("E11", "red")}


def test_a_relationship_counts_from_the_day_on_which_both_are_registered() -> None:
    monitoring = lived((), 300, entered("A", "B"), B=(*STORY, told(an_entry("B"), 150)))
    known = registered(an_edge("A", "B"), A=0, B=150)
    pasts = together(known, a_past(), a_past(*STORY, customer_id="B"), counted="A")
    found = compared(DRY_RUN, pasts)
    live = of_others(raised_in(monitoring))
    assert of_others(found.current.raised) == live == {("E11", "amber"): 1, ("E11", "red"): 1}
    assert found.current.months == pytest.approx(151 / 30.4, rel=0.01)


def test_nothing_is_stored_of_any_of_them() -> None:
    pasts = together(registered(an_edge("A", "B"), A=0, B=0), a_past(), a_past(customer_id="B"))
    assert (compared(DRY_RUN, pasts).current.months, pasts[0].links.begins) == (0.0, None)


def test_groups_are_whoever_hangs_together_however_far() -> None:
    chain = [an_edge(one, other) for one, other in ("DC", "AB", "CB", "YX")]
    kin = kin_in(registered(*chain, **dict.fromkeys("ABCDXY", 0)))
    assert {name: "".join(found.since) for name, found in kin.together.items()} == {
        **dict.fromkeys("ABCD", "ABCD"),
        **dict.fromkeys("XY", "XY"),
    }
    assert len(kin.together["A"].edges) == 3
    assert kin.crowded == frozenset()


def test_too_many_together_are_left_by_themselves_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "MOST_TOGETHER", 1)
    pasts = together(
        registered(an_edge("A", "B"), A=0, B=0),
        a_past(*PAYS_WELL),
        a_past(*STORY, customer_id="B"),
    )
    found = compared(DRY_RUN, pasts)
    assert of_others(found.current.raised) == {}
    assert shown_comparison(found)["customers_without_links"] == 2
