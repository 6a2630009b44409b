"""Relationships between customers: what is told, when it counts, and what binds a group."""

from datetime import date, timedelta

import pytest

from services.monitoring.domain.outside.group_standing import (
    ENDED_KEPT_DAYS,
    Edge,
    Groups,
    GroupStanding,
    MemberDay,
    binds,
    note_relationships,
    step_weight,
)

DAY = date(2025, 3, 3)


def on_day(number: int) -> date:
    return DAY + timedelta(days=number)


def an_edge(kind: str = "owns", share: float | None = None, *, since: int = 0) -> Edge:
    return Edge(customer_id="C1", kind=kind, party="C2", share=share, from_day=on_day(since))


def a_record(ews: float, *, on: int = 0) -> MemberDay:
    return MemberDay(customer_id="C1", day=on_day(on), ews=ews, in_default=False)


def told(*given: tuple[str, str, float | None]) -> GroupStanding:
    standing = GroupStanding()
    note_relationships(standing, "C1", given, on=DAY)
    return standing


def test_a_relationship_counts_from_the_day_it_was_told() -> None:
    assert told(("owns", "C2", 0.6)).edges == (an_edge(share=0.6),)


def test_nobody_is_related_to_itself() -> None:
    assert told(("owns", "C1", 1.0)).edges == ()


def test_the_same_entry_again_changes_nothing() -> None:
    standing = told(("owns", "C2", 0.6))
    again = note_relationships(standing, "C1", [("owns", "C2", 0.6)], on=on_day(5))
    assert (again, standing.edges) == (False, (an_edge(share=0.6),))


def test_what_is_named_no_more_ends_and_may_come_back() -> None:
    standing = told(("owns", "C2", 0.6))
    assert note_relationships(standing, "C1", [], on=on_day(5))
    assert standing.edges[0].until == on_day(5)
    note_relationships(standing, "C1", [("owns", "C2", 0.6)], on=on_day(7))
    assert standing.edges == (an_edge(share=0.6, since=7),)


def test_another_share_counts_from_the_day_it_was_told() -> None:
    standing = told(("owns", "C2", 0.6))
    note_relationships(standing, "C1", [("owns", "C2", 0.4)], on=on_day(5))
    assert standing.edges == (an_edge(share=0.4, since=5),)


@pytest.mark.parametrize(("later", "kept"), [(ENDED_KEPT_DAYS, 1), (ENDED_KEPT_DAYS + 1, 0)])
def test_what_ended_long_ago_is_forgotten(later: int, kept: int) -> None:
    standing = told(("owns", "C2", 0.6))
    for day in (DAY, on_day(later)):
        note_relationships(standing, "C1", [], on=day)
    assert len(standing.edges) == kept


@pytest.mark.parametrize(
    ("kind", "share", "group"),
    [
        ("owns", 0.5, False),
        ("owns", 0.51, True),
        ("votes", 0.5, False),
        ("votes", 0.51, True),
        ("owns", None, False),
        ("controls", None, True),
        ("controls", 0.4, True),
        ("consolidates", 0.1, True),
        ("guarantees", None, True),
        ("economically_dependent", 0.49, False),
        ("economically_dependent", 0.5, True),
        ("director", None, False),
    ],
)
def test_control_guarantees_and_dependence_bind(
    kind: str,
    share: float | None,
    group: bool,  # noqa: FBT001  # a table
) -> None:
    assert binds(an_edge(kind, share), 0.5) is group


@pytest.mark.parametrize(
    ("kind", "share", "weight"),
    [("owns", 0.3, 0.3), ("owns", None, 1.0), ("director", 0.3, 0.5), ("friend", None, 0.0)],
)
def test_a_stake_passes_its_share_of_the_trouble(
    kind: str, share: float | None, weight: float
) -> None:
    assert step_weight(kind, share, {"owns": 1.0, "director": 0.5}) == weight


@pytest.mark.parametrize(
    ("day", "linked"), [(-1, False), (0, False), (2, True), (8, True), (9, False)]
)
def test_a_relationship_counts_while_both_ends_are_registered(
    day: int,
    linked: bool,  # noqa: FBT001  # a table
) -> None:
    edge = Edge(customer_id="C1", kind="owns", party="C2", from_day=on_day(1), until=on_day(9))
    groups = Groups(edges={("C1", "owns", "C2"): edge}, since={"C1": DAY, "C2": on_day(2)})
    assert groups.is_linked("C1", on_day(day)) is linked
    assert groups.is_linked("C2", on_day(day)) is linked
    assert not groups.is_linked("C3", on_day(day))


def test_a_name_that_is_no_customer_links_nobody() -> None:
    groups = Groups(edges={("C1", "owns", "C2"): an_edge()}, since={"C1": DAY})
    assert not groups.is_linked("C1", on_day(3))


def test_a_record_stands_until_the_next() -> None:
    groups = Groups()
    groups.note_member(a_record(10.0, on=1))
    groups.note_member(a_record(20.0, on=4))
    found = [groups.record_of("C1", on_day(number)) for number in range(6)]
    assert [None if each is None else each.ews for each in found] == [None, 10, 10, 10, 20, 20]


def test_a_record_that_says_the_same_is_not_kept() -> None:
    groups = Groups()
    for number in range(3):
        groups.note_member(a_record(10.0, on=number))
    assert groups.news == [a_record(10.0)]


@pytest.mark.parametrize(
    ("complete", "seen"), [(None, None), (-5, -5), (1, 1), (2, 2), (3, 2), (9, 2)]
)
def test_others_are_seen_as_of_the_newest_day_that_all_have_closed(
    complete: int | None, seen: int | None
) -> None:
    groups = Groups(complete_on=None if complete is None else on_day(complete))
    assert groups.members_on(on_day(3)) == (None if seen is None else on_day(seen))
