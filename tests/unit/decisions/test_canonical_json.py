"""Canonical JSON: the same values give the same text, on any machine, in any order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.decisions.kinds import DecisionKind
from shared.decisions.stored import canonical_json, read_facts
from shared.kernel.money import Money
from shared.kernel.reasons import Reason


class Mood(StrEnum):
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Leaf:
    share: float
    owed: Money
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple[Leaf, ...]
    by_name: dict[str, float]
    day: date
    rate: Decimal
    reasons: tuple[Reason, ...] = ()


FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=64)
LEAVES = st.builds(
    Leaf,
    share=FLOATS,
    owed=st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY"])),
    mood=st.none() | st.just(Mood.CALM),
)
TREES = st.builds(
    Tree,
    leaves=st.lists(LEAVES, max_size=4).map(tuple),
    by_name=st.dictionaries(st.text(max_size=5), FLOATS, max_size=4),
    day=st.dates(),
    rate=st.decimals(allow_nan=False, allow_infinity=False, places=4),
)
KIND: DecisionKind[Tree, None, Tree] = DecisionKind(
    "tree", lambda facts, _policy, **_: facts, Tree, Tree, "tree-1"
)


@given(TREES)
def test_what_was_read_back_writes_the_same_text(tree: Tree) -> None:
    text = canonical_json(tree)
    assert canonical_json(read_facts(KIND, text)) == text


@given(TREES)
def test_writing_twice_gives_the_same_text(tree: Tree) -> None:
    assert canonical_json(tree) == canonical_json(tree)


@given(st.dictionaries(st.text(max_size=6), FLOATS, max_size=6))
def test_the_order_of_keys_leaves_no_trace(mapping: dict[str, float]) -> None:
    backwards = dict(reversed(mapping.items()))
    assert canonical_json(mapping) == canonical_json(backwards)


@given(FLOATS)
def test_canonical_text_is_a_fixed_point(value: float) -> None:
    once = canonical_json(value)
    assert canonical_json(msgspec.json.decode(once)) == once


@pytest.mark.parametrize(
    ("one", "other"), [(0.1 + 0.2, 0.3), (1 / 3, 0.333333333333), (1e22 / 3 * 3, 1e22)]
)
def test_noise_beyond_twelve_digits_leaves_no_trace(one: float, other: float) -> None:
    assert canonical_json(one) == canonical_json(other)


def test_the_twelfth_digit_still_counts() -> None:
    assert canonical_json(0.123456789012) != canonical_json(0.123456789013)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (10**17, "100000000000000000"),
        (0.5, "0.5"),
        ("ä", '"ä"'),
        (date(2026, 3, 1), '"2026-03-01"'),
        (Decimal("1.20"), '"1.20"'),
        ((1, 2.0), "[1,2.0]"),
        ([], "[]"),
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        (Mood.CALM, '"calm"'),
        (Money(5, "EUR"), '{"currency":"EUR","minor":5}'),
    ],
)
def test_each_plain_value_has_one_way_to_be_written(value: object, text: str) -> None:
    assert canonical_json(value) == text


def test_a_missing_figure_is_null_and_not_left_out() -> None:
    text = canonical_json(Reason("late"))
    assert text == '{"code":"late","contribution":null,"threshold":null,"value":null}'


def test_floats_are_rounded_however_deep_they_lie() -> None:
    assert canonical_json({"a": [{"b": (0.1 + 0.2,)}]}) == '{"a":[{"b":[0.3]}]}'


def test_facts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        read_facts(KIND, '{"leaves": 3}')
