"""The order of agencies' grades."""

import pytest

from services.monitoring.domain.outside.agency_grades import agency_key, grade_rank, is_withdrawn


@pytest.mark.parametrize(
    ("grade", "rank"),
    [("AAA", 1), ("Aaa", 1), ("BBB-", 10), ("Baa3", 10), ("CCC+", 17), ("Caa1", 17), ("SD", 22)],
)
def test_letters_and_moodys_share_one_scale(grade: str, rank: int) -> None:
    assert grade_rank(grade) == rank


def test_a_typographic_minus_is_a_minus() -> None:
    assert grade_rank(" AA\N{MINUS SIGN}") == grade_rank("AA-")


def test_a_grade_of_nobodys_is_unknown() -> None:
    assert grade_rank("WR") is None


@pytest.mark.parametrize("grade", ["WR", " wd ", "NR"])
def test_a_grade_that_was_taken_back_is_known_by_its_letters(grade: str) -> None:
    assert is_withdrawn(grade)
    assert not is_withdrawn("D")


def test_an_agency_is_known_however_it_is_spelt() -> None:
    assert agency_key("s & p") == agency_key("S&P") != agency_key("Fitch")
