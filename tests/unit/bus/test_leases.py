"""Fair shares: every partition has one place, shares differ by at most one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.leases import fair_share

MEMBERS = st.lists(st.text("abcdef", min_size=1, max_size=6), min_size=1, max_size=9, unique=True)


def test_one_member_holds_everything() -> None:
    assert fair_share(12, ["a"], "a") == 12


def test_two_members_halve() -> None:
    assert [fair_share(4, ["a", "b"], who) for who in "ab"] == [2, 2]


def test_the_rest_goes_to_the_first_by_name() -> None:
    assert [fair_share(8, ["c", "a", "b"], who) for who in "abc"] == [3, 3, 2]


def test_more_members_than_partitions_leave_some_without() -> None:
    assert [fair_share(2, ["a", "b", "c"], who) for who in "abc"] == [1, 1, 0]


def test_who_has_not_signed_in_holds_nothing() -> None:
    assert fair_share(4, ["a"], "b") == 0


def test_without_members_nobody_holds_anything() -> None:
    assert fair_share(4, [], "a") == 0


@pytest.mark.parametrize("order", [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]])
def test_the_order_in_which_members_are_found_does_not_matter(order: list[str]) -> None:
    assert fair_share(7, order, "a") == 3


@given(st.integers(0, 64), MEMBERS)
def test_shares_add_up_to_all_partitions(partitions: int, members: list[str]) -> None:
    assert sum(fair_share(partitions, members, who) for who in members) == partitions


@given(st.integers(0, 64), MEMBERS)
def test_shares_differ_by_at_most_one(partitions: int, members: list[str]) -> None:
    shares = [fair_share(partitions, members, who) for who in members]
    assert max(shares) - min(shares) <= 1


@given(st.integers(0, 64), MEMBERS)
def test_a_newcomer_never_gives_anyone_more(partitions: int, members: list[str]) -> None:
    more = [*members, "newcomer"]
    assert all(
        fair_share(partitions, more, who) <= fair_share(partitions, members, who) for who in members
    )
