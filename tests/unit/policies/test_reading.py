"""Reading policies strictly: wrong types, unknown names at any depth, rules of their own."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import InvalidInputError
from shared.policies.book import ALWAYS, PolicyBook, PolicyVersion, read_policy, shipped


@dataclass(frozen=True, slots=True)
class Band:
    upto: int
    rate: float


@dataclass(frozen=True, slots=True)
class BandPolicy:
    bands: tuple[Band, ...]
    by_grade: dict[int, Band]
    from_day: date
    floor: Decimal
    notes: list[str] = field(default_factory=list)


TEXT = """
bands: [{upto: 1, rate: 0.5}]
by_grade: {1: {upto: 3, rate: 1.0}}
from_day: 2026-03-01
floor: "10.50"
"""


def test_every_kind_of_field_is_read() -> None:
    policy = read_policy(TEXT, BandPolicy)
    assert policy.bands == (Band(1, 0.5),)
    assert policy.by_grade == {1: Band(3, 1.0)}
    assert (policy.from_day, policy.floor) == (date(2026, 3, 1), Decimal("10.50"))


def test_the_same_text_is_read_once() -> None:
    assert read_policy(TEXT, BandPolicy) is read_policy(TEXT, BandPolicy)


def test_an_unknown_name_at_the_top_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_policy(f"{TEXT}extra: 1\n", BandPolicy)
    assert caught.value.field == "policy.extra"


def test_a_name_that_is_a_number_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        read_policy(f"{TEXT}1: x\n", BandPolicy)


@pytest.mark.parametrize(
    ("old", "new", "field_name"),
    [
        ("upto: 1,", "upto: 1, more: 2,", "policy.bands[0].more"),
        ("upto: 3,", "upto: 3, more: 2,", "policy.by_grade.1.more"),
    ],
)
def test_an_unknown_name_inside_is_refused_with_its_place(
    old: str, new: str, field_name: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_policy(TEXT.replace(old, new), BandPolicy)
    assert caught.value.field == field_name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("upto: 1", "upto: many"),
        ("rate: 0.5", "rate: []"),
        ("[{upto: 1, rate: 0.5}]", "none"),
        ("2026-03-01", "soon"),
        ('"10.50"', "much"),
        ("{1: {upto: 3, rate: 1.0}}", "[]"),
        ("upto: 1, ", ""),
        ("bands:", "bonds:"),
    ],
)
def test_a_wrong_type_or_a_missing_field_is_refused(old: str, new: str) -> None:
    with pytest.raises(InvalidInputError):
        read_policy(TEXT.replace(old, new), BandPolicy)


@pytest.mark.parametrize("text", ["", "[]", "7", "just words", "null"])
def test_what_is_no_mapping_is_no_policy(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_policy(text, BandPolicy)


@pytest.mark.parametrize("text", ["{", "a: [", "\tx: 1", "\x00", "a: b: c"])
def test_what_is_no_yaml_is_refused_like_any_other_mistake(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_policy(text, BandPolicy)
    assert caught.value.field == "policy"


def test_a_shipped_policy_is_read_from_its_file_once(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(f"version: v7{TEXT}")
    first = shipped(path, BandPolicy)
    path.write_text("gone")
    assert shipped(path, BandPolicy) == first
    assert (first.version, first.effective_from) == ("v7", ALWAYS)


def test_a_shipped_policy_without_a_version_does_not_start(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT)
    with pytest.raises(KeyError, match="version"):
        shipped(path, BandPolicy)


@given(st.lists(st.dates(), min_size=1, max_size=8), st.dates())
def test_the_order_of_approval_does_not_change_what_is_in_force(
    days: list[date], day: date
) -> None:
    versions = [PolicyVersion(str(each), each, each) for each in sorted(set(days))]
    forwards = PolicyBook([PolicyVersion("", ALWAYS, ALWAYS), *versions])
    backwards = PolicyBook([PolicyVersion("", ALWAYS, ALWAYS), *reversed(versions)])
    assert forwards.in_force(day) == backwards.in_force(day)
