"""Receivables key figures, against the worked examples."""

import json
from pathlib import Path

import pytest

from services.monitoring.domain.figures.kpis import (
    average_days_delinquent,
    best_possible_dso,
    collection_effectiveness,
    countback_dso,
    days_sales_outstanding,
)

GOLDEN = json.loads((Path(__file__).parents[2] / "golden/monitoring_ledger.json").read_text())
GIVEN, EXPECTED = GOLDEN["PF-6"]["in"], GOLDEN["PF-6"]["out"]


def test_dso_is_the_golden_one() -> None:
    found = days_sales_outstanding(GIVEN["endAR"], GIVEN["sales"], GIVEN["days"])
    assert found == pytest.approx(EXPECTED["DSO"], abs=0.05)


def test_best_possible_dso_is_the_golden_one() -> None:
    found = best_possible_dso(GIVEN["endCurrent"], GIVEN["sales"], GIVEN["days"])
    assert found == pytest.approx(EXPECTED["BPDSO"], abs=0.05)


def test_average_days_delinquent_is_the_golden_one() -> None:
    found = average_days_delinquent(
        GIVEN["endAR"], GIVEN["endCurrent"], GIVEN["sales"], GIVEN["days"]
    )
    assert found == pytest.approx(EXPECTED["ADD"], abs=0.05)


def test_collection_effectiveness_is_the_golden_one() -> None:
    found = collection_effectiveness(
        GIVEN["begAR"], GIVEN["sales"], GIVEN["endAR"], GIVEN["endCurrent"]
    )
    assert found == pytest.approx(EXPECTED["CEI"], abs=0.005)


def test_countback_dso_is_the_golden_one() -> None:
    case = GOLDEN["PF-7"]
    months = [(each["sales"], each["days"]) for each in case["in"]["months_latest_first"]]
    found = countback_dso(case["in"]["ar"], months)
    assert found == pytest.approx(case["out"]["DSO_countback"], abs=0.05)


def test_without_sales_there_is_no_dso() -> None:
    assert days_sales_outstanding(100.0, 0.0, 90) is None
    assert average_days_delinquent(100.0, 50.0, 0.0, 90) is None


def test_receivables_older_than_all_months_cannot_be_counted_back() -> None:
    assert countback_dso(500.0, [(100.0, 31), (100.0, 30)]) is None


def test_receivables_of_exactly_the_months_count_them_whole() -> None:
    assert countback_dso(200.0, [(100.0, 31), (100.0, 30)]) == 61


@pytest.mark.parametrize(
    ("receivables", "months", "days"),
    [
        (0.0, [(0.0, 30)] * 12, 0),
        (0.0, [(0.0, 30), (10.0, 31)], 0),
        (100.0, [(100.0, 30), (0.0, 31), (50.0, 30)], 30),
    ],
    ids=["never sold", "nothing owed", "counted back already"],
)
def test_counting_back_ends_with_the_receivables(
    receivables: float, months: list[tuple[float, int]], days: int
) -> None:
    assert countback_dso(receivables, months) == days


def test_nothing_collectable_has_no_effectiveness() -> None:
    assert collection_effectiveness(0.0, 100.0, 100.0, 100.0) is None


def test_no_receivables_are_nought_days_of_sales() -> None:
    assert days_sales_outstanding(0.0, 100.0, 90) == 0.0
