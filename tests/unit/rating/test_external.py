"""Agencies' grades: mapped, aged, and the one that counts."""

from datetime import date

import pytest

from services.rating.domain.external import (
    ExternalGrade,
    agency_key,
    check_opinion,
    current_opinions,
    external_grade,
    mapped_grade,
    second_best,
)
from services.rating.domain.master_scale import MasterScale
from services.rating.domain.model import ExternalOpinion, OpinionKind, Outlook
from shared.kernel.errors import InvalidInputError
from tests.unit.rating.builders import DAY, GOLDEN, POLICY, an_opinion

RULES = POLICY.external
SCALE = MasterScale(POLICY.master_scale)


def counted(*opinions: ExternalOpinion, as_of: date = DAY) -> ExternalGrade | None:
    return external_grade(opinions, RULES, SCALE, as_of=as_of)


@pytest.mark.parametrize("case", ["one", "two", "three", "four"])
def test_golden_rt_3_of_several_grades_the_second_best_counts(case: str) -> None:
    grades = GOLDEN["RT-3"]["in"][case]
    assert second_best(grades, SCALE) == GOLDEN["RT-3"]["out"][case]


@pytest.mark.parametrize("case", ["one", "two", "three", "four"])
def test_golden_rt_3_holds_among_agencies(case: str) -> None:
    agencies = ["S&P", "Fitch", "S&P Global", "Standard and Poor's"]
    known = ["sp", "fitch", "spglobal", "spglobalratings"]
    grades = GOLDEN["RT-3"]["in"][case]
    opinions = [an_opinion(grade, agency=known[at]) for at, grade in enumerate(grades)]
    found = counted(*opinions)
    assert len(agencies) >= len(grades)
    assert found is not None
    assert found.grade == GOLDEN["RT-3"]["out"][case]


def test_no_opinion_is_none() -> None:
    assert second_best([], SCALE) is None
    assert counted() is None


@pytest.mark.parametrize(
    ("agency", "key"),
    [("S&P", "sp"), ("Moody's", "moodys"), ("FITCH Ratings", "fitchratings"), ("中诚信", "中诚信")],
)
def test_agencies_are_named_by_their_letters(agency: str, key: str) -> None:
    assert agency_key(agency) == key


@pytest.mark.parametrize(
    ("agency", "letters", "grade"),
    [
        ("S&P", "BB-", "BB-"),
        ("Fitch", "RD", "C"),
        ("Moody's", "Baa3", "BBB-"),
        ("Moody's", "Ca", "CC"),
        ("CCXI", "AAA", "BBB+"),
        ("CCXI", "AA+", "BB+"),
        ("Lianhe", "AA", "BB-"),
        ("Dagong", "AA-", "B+"),
        ("Dagong", "A+", "B"),
        ("Dagong", "A", "CCC+"),
        ("Dagong", "BBB", "CCC+"),
    ],
)
def test_letters_map_to_our_scale(agency: str, letters: str, grade: str) -> None:
    assert mapped_grade(an_opinion(letters, agency=agency), RULES) == grade


def test_a_minus_sign_is_a_minus() -> None:
    assert mapped_grade(an_opinion("BB\N{MINUS SIGN}"), RULES) == "BB-"


def test_an_unknown_agency_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="agency"):
        check_opinion(an_opinion(agency="My Cousin"), RULES)


def test_letters_of_another_agency_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="scale of Moody's"):
        check_opinion(an_opinion("BBB-", agency="Moody's"), RULES)


def test_a_withdrawn_grade_may_be_told() -> None:
    check_opinion(an_opinion("NR"), RULES)


def test_a_withdrawn_grade_is_no_opinion() -> None:
    assert counted(an_opinion("BB"), an_opinion("wr", affirmed_on=date(2025, 5, 1))) is None


@pytest.mark.parametrize(
    ("as_of", "z"),
    [
        (date(2026, 3, 31), 1.0),
        (date(2026, 4, 1), 0.5),
        (date(2026, 9, 30), 0.5),
        (date(2026, 10, 1), None),
    ],
)
def test_an_opinion_ages(as_of: date, z: float | None) -> None:
    found = counted(an_opinion(), as_of=as_of)
    assert (None if found is None else found.credibility) == z


def test_an_opinion_from_the_future_does_not_count() -> None:
    assert counted(an_opinion(), as_of=date(2025, 3, 30)) is None


def test_a_newer_opinion_replaces_the_agency_s_older_one() -> None:
    newer = an_opinion("B", affirmed_on=date(2025, 6, 1))
    assert current_opinions([newer, an_opinion("BB")]) == (newer,)


def test_an_opinion_on_a_single_issue_is_left_out() -> None:
    assert counted(an_opinion(kind=OpinionKind.ISSUE)) is None


def test_unsolicited_opinions_count_only_alone() -> None:
    unsolicited = an_opinion("B", agency="Fitch", kind=OpinionKind.UNSOLICITED)
    alone, beside = counted(unsolicited), counted(unsolicited, an_opinion("BB"))
    assert alone is not None
    assert beside is not None
    assert (alone.grade, beside.grade) == ("B", "BB")


@pytest.mark.parametrize(
    ("outlook", "grade"),
    [
        (Outlook.WATCH_NEGATIVE, "BB-"),
        (Outlook.NEGATIVE, "BB"),
        (Outlook.STABLE, "BB"),
        (Outlook.POSITIVE, "BB"),
        (Outlook.WATCH_POSITIVE, "BB"),
    ],
)
def test_only_a_negative_watch_costs_a_notch(outlook: Outlook, grade: str) -> None:
    found = counted(an_opinion(outlook=outlook))
    assert found is not None
    assert found.grade == grade
