"""The order of agencies' grades."""

import pytest

from services.monitoring.domain.outside.agency_grades import grade_rank


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
