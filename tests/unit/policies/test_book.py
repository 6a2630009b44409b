"""Policies: read strictly, in force by the day."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import InvalidInputError
from shared.policies.book import ALWAYS, PolicyBook, PolicyVersion, read_policy, shipped


@dataclass(frozen=True, slots=True)
class Step:
    days: int
    name: str


@dataclass(frozen=True, slots=True)
class LadderPolicy:
    steps: tuple[Step, ...]
    share: float
    caps: dict[str, float]

    def __post_init__(self) -> None:
        if self.share > 1:
            raise InvalidInputError(field="share", value=self.share, rule="must be at most 1")


TEXT = """
steps: [{days: 3, name: reminder}, {days: 10, name: call}]
share: 0.5
caps: {low: 1.0, high: 2.0}
"""


def test_a_policy_is_read_from_yaml() -> None:
    policy = read_policy(TEXT, LadderPolicy)
    assert policy.steps == (Step(3, "reminder"), Step(10, "call"))
    assert policy.caps == {"low": 1.0, "high": 2.0}


def test_a_policy_is_read_from_json() -> None:
    text = '{"steps":[{"days":3,"name":"x"}],"share":1e-1,"caps":{}}'
    assert read_policy(text, LadderPolicy).share == 0.1


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("share: 0.5", "", "share"),
        ("share: 0.5", "share: half", "share"),
        ("share: 0.5", "share: 0.5\nshape: 1", "shape"),
        ("days: 3, name: reminder", "days: 3, name: reminder, hour: 9", r"steps\[0\].hour"),
        ("share: 0.5", "share: 1.5", "share"),
        ("days: 3", "days: 3.5", "days"),
    ],
)
def test_a_policy_with_a_mistake_is_refused_and_the_place_named(
    old: str, new: str, named: str
) -> None:
    assert old in TEXT
    with pytest.raises(InvalidInputError, match=named):
        read_policy(TEXT.replace(old, new), LadderPolicy)


def test_the_shipped_policy_names_its_version_and_always_was(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(f"version: 2026-01\n{TEXT}")
    version = shipped(file, LadderPolicy)
    assert (version.version, version.effective_from) == ("2026-01", ALWAYS)


def a_book(*days: date) -> PolicyBook[str]:
    versions = [PolicyVersion(day.isoformat(), day, day.isoformat()) for day in days]
    return PolicyBook([PolicyVersion("shipped", ALWAYS, "shipped"), *versions])


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2026, 3, 31), "shipped"),
        (date(2026, 4, 1), "2026-04-01"),
        (date(2026, 4, 30), "2026-04-01"),
        (date(2026, 5, 1), "2026-05-01"),
        (date(2030, 1, 1), "2026-05-01"),
    ],
)
def test_a_version_is_in_force_from_its_first_day_on(day: date, version: str) -> None:
    book = a_book(date(2026, 5, 1), date(2026, 4, 1))
    assert book.in_force(day).version == version


@given(st.lists(st.dates(min_value=date(2000, 1, 1)), unique=True), st.dates(date(1999, 1, 1)))
def test_the_version_in_force_is_the_latest_that_has_begun(days: list[date], day: date) -> None:
    begun = [each for each in days if each <= day]
    wanted = max(begun).isoformat() if begun else "shipped"
    assert a_book(*days).in_force(day).version == wanted


def test_of_two_that_begin_together_the_one_approved_later_counts() -> None:
    day = date(2026, 4, 1)
    book = PolicyBook([PolicyVersion("first", day, 1), PolicyVersion("second", day, 2)])
    assert book.in_force(day).version == "second"


def test_a_version_is_found_by_its_name() -> None:
    book = a_book(date(2026, 4, 1))
    found = book.version("2026-04-01")
    assert found is not None
    assert found.effective_from == date(2026, 4, 1)
    assert book.version("nothing") is None
