"""The master scale and the agencies' letters as shipped, grade by grade."""

import math
from itertools import pairwise

import pytest

from services.rating.domain.external import mapped_grade
from services.rating.domain.master_scale import MasterScale
from tests.unit.rating.builders import POLICY, an_opinion

SCALE = MasterScale(POLICY.master_scale)
GRADES = [step.grade for step in POLICY.master_scale]


@pytest.mark.parametrize(
    ("grade", "pd", "band"),
    [
        ("AAA", 0.0001, "P1"),
        ("AA+", 0.00015, "P1"),
        ("AA", 0.0002, "P1"),
        ("AA-", 0.00025, "P1"),
        ("A+", 0.00035, "P1"),
        ("A", 0.00045, "P1"),
        ("A-", 0.0006, "P1"),
        ("BBB+", 0.0009, "P1"),
        ("BBB", 0.0014, "P1"),
        ("BBB-", 0.0022, "P1"),
        ("BB+", 0.0034, "P2"),
        ("BB", 0.0054, "P2"),
        ("BB-", 0.0095, "P2"),
        ("B+", 0.0165, "P3"),
        ("B", 0.028, "P3"),
        ("B-", 0.05, "P4"),
        ("CCC+", 0.10, "P4"),
        ("CCC", 0.18, "P5"),
        ("CCC-", 0.28, "P5"),
        ("CC", 0.40, "P5"),
        ("C", 0.60, "P5"),
        ("D", 1.0, "P6"),
    ],
)
def test_a_grade_stands_for_a_pd_in_a_band(grade: str, pd: float, band: str) -> None:
    step = SCALE.step(grade)

    assert (step.pd, step.band) == (pd, band)


@pytest.mark.parametrize(("better", "worse"), list(pairwise(GRADES[:-1])))
def test_just_below_a_bound_is_the_better_grade(better: str, worse: str) -> None:
    bound = math.sqrt(SCALE.step(better).pd * SCALE.step(worse).pd)

    assert SCALE.grade_of(math.nextafter(bound, 0)) == better


@pytest.mark.parametrize(("better", "worse"), list(pairwise(GRADES[:-1])))
def test_a_bound_itself_is_the_worse_grade(better: str, worse: str) -> None:
    bound = math.sqrt(SCALE.step(better).pd * SCALE.step(worse).pd)

    assert SCALE.grade_of(bound) == worse


@pytest.mark.parametrize(("better", "worse"), list(pairwise(GRADES)))
def test_neighbours_are_one_notch_apart(better: str, worse: str) -> None:
    assert SCALE.notches(worse, better) == 1
    assert SCALE.notches(better, worse) == -1


@pytest.mark.parametrize(("better", "worse"), list(pairwise(GRADES)))
def test_the_worse_of_two_does_not_depend_on_their_order(better: str, worse: str) -> None:
    assert SCALE.worst(better, worse) == SCALE.worst(worse, better) == worse


@pytest.mark.parametrize(("better", "worse"), list(pairwise(GRADES[:-1])))
def test_one_notch_down_is_the_next_grade(better: str, worse: str) -> None:
    assert SCALE.worse(better, 1) == worse


@pytest.mark.parametrize("grade", GRADES[:-1])
def test_no_notch_is_the_same_grade(grade: str) -> None:
    assert SCALE.worse(grade, 0) == grade


def test_bands_never_get_better_down_the_scale() -> None:
    bands = [step.band for step in POLICY.master_scale]

    assert bands == sorted(bands)


@pytest.mark.parametrize(
    ("band", "months"), [("P1", 12), ("P2", 12), ("P3", 6), ("P4", 3), ("P5", 3), ("P6", 3)]
)
def test_a_band_is_valid_for_its_months(band: str, months: int) -> None:
    assert POLICY.validity_months[band] == months


@pytest.mark.parametrize("agency", ["S&P", "S&P Global", "Standard and Poor's", "Fitch"])
@pytest.mark.parametrize("grade", [grade for grade in GRADES if grade != "D"])
def test_letters_of_our_own_scale_stay_as_they_are(agency: str, grade: str) -> None:
    assert mapped_grade(an_opinion(grade, agency=agency), POLICY.external) == grade


@pytest.mark.parametrize("letters", ["RD", "SD", "D"])
def test_an_agency_s_default_is_the_last_grade_before_ours(letters: str) -> None:
    assert mapped_grade(an_opinion(letters, agency="Fitch"), POLICY.external) == "C"


@pytest.mark.parametrize(
    ("letters", "grade"),
    [
        ("Aaa", "AAA"),
        ("Aa1", "AA+"),
        ("Aa2", "AA"),
        ("Aa3", "AA-"),
        ("A1", "A+"),
        ("A2", "A"),
        ("A3", "A-"),
        ("Baa1", "BBB+"),
        ("Baa2", "BBB"),
        ("Baa3", "BBB-"),
        ("Ba1", "BB+"),
        ("Ba2", "BB"),
        ("Ba3", "BB-"),
        ("B1", "B+"),
        ("B2", "B"),
        ("B3", "B-"),
        ("Caa1", "CCC+"),
        ("Caa2", "CCC"),
        ("Caa3", "CCC-"),
        ("Ca", "CC"),
        ("C", "C"),
    ],
)
def test_numbers_of_moodys_are_read(letters: str, grade: str) -> None:
    assert mapped_grade(an_opinion(letters, agency="Moody's"), POLICY.external) == grade


@pytest.mark.parametrize("agency", ["CCXI", "Lianhe", "Dagong", "Pengyuan", "Golden"])
@pytest.mark.parametrize(
    ("letters", "grade"),
    [
        ("AAA", "BBB+"),
        ("AA+", "BB+"),
        ("AA", "BB-"),
        ("AA-", "B+"),
        ("A+", "B"),
        ("A", "CCC+"),
        ("A-", "CCC+"),
        ("BBB", "CCC+"),
        ("B-", "CCC+"),
        ("CCC", "CCC"),
        ("CC", "CC"),
        ("C", "C"),
        ("D", "C"),
    ],
)
def test_domestic_letters_are_worth_less(agency: str, letters: str, grade: str) -> None:
    assert mapped_grade(an_opinion(letters, agency=agency), POLICY.external) == grade


@pytest.mark.parametrize("name", ["letters", "domestic_cn"])
def test_letters_further_down_never_map_to_a_better_grade(name: str) -> None:
    scale = POLICY.external.scales[name]
    places = [SCALE.index(scale[letters]) for letters in GRADES if letters in scale]

    assert places == sorted(places)


@pytest.mark.parametrize("name", sorted(POLICY.external.scales))
def test_no_outside_letter_means_default_with_us(name: str) -> None:
    assert SCALE.default not in POLICY.external.scales[name].values()


def test_nothing_domestic_is_better_than_bbb_plus() -> None:
    best = min(POLICY.external.scales["domestic_cn"].values(), key=SCALE.index)

    assert best == "BBB+"
