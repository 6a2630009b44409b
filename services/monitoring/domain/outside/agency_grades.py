"""Agencies and the order of their grades, best first: the letters of S&P and Fitch, Moody's beside them."""

from typing import Final

_LETTERS: Final = (
    *("AAA", "AA+", "AA", "AA-", "A+", "A", "A-", "BBB+", "BBB", "BBB-"),
    *("BB+", "BB", "BB-", "B+", "B", "B-", "CCC+", "CCC", "CCC-", "CC", "C", "D"),
)
_MOODYS: Final = (
    *("Aaa", "Aa1", "Aa2", "Aa3", "A1", "A2", "A3", "Baa1", "Baa2", "Baa3"),
    *("Ba1", "Ba2", "Ba3", "B1", "B2", "B3", "Caa1", "Caa2", "Caa3", "Ca"),
)
_RANKS: Final[dict[str, int]] = {
    **{grade: rank for rank, grade in enumerate(_MOODYS, start=1)},
    **{grade: rank for rank, grade in enumerate(_LETTERS, start=1)},
    "SD": len(_LETTERS),
    "RD": len(_LETTERS),
}
_WITHDRAWN: Final = frozenset({"nr", "wr", "wd"})


def agency_key(agency: str) -> str:
    """An agency's name as it is told from others: letters and digits only, lower case."""
    return "".join(letter for letter in agency.casefold() if letter.isalnum())


def is_withdrawn(grade: str) -> bool:
    """Whether the agency has taken its grade back, or has none."""
    return grade.strip().casefold() in _WITHDRAWN


def grade_rank(grade: str) -> int | None:
    """A grade's place, 1 for AAA to 22 for D (domain.md §3.5); None for one that nobody knows.

    Chinese agencies write S&P's letters: the steps between them are what counts here.
    """
    return _RANKS.get(grade.strip().replace("\N{MINUS SIGN}", "-"))
