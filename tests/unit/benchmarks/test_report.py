"""What a run shows: ratios of one run, and who failed by name."""

import json
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.contenders import Result
from benchmarks.rounds import Score, as_rows, floor_of


def a_score(name: str, *rates: float) -> Score:
    results = [Result(events=100, seconds=100 / rate, cpu_seconds=0.01) for rate in rates]
    return Score(name, results)


def test_the_median_of_the_rounds_counts() -> None:
    assert a_score("decode", 100, 900, 300).rate == pytest.approx(300)


def test_the_slowest_and_the_fastest_round_are_kept() -> None:
    assert a_score("decode", 100, 900, 300).spread == pytest.approx((100, 900))


def test_everything_is_told_beside_the_floor_of_the_same_run() -> None:
    rows = as_rows([a_score("decode", 1000), a_score("product-kafka", 250)])
    assert [row["of_the_floor"] for row in rows] == pytest.approx([1.0, 0.25])


def test_without_a_floor_there_is_no_ratio() -> None:
    assert floor_of([a_score("product-kafka", 250)]) == 0.0
    assert as_rows([a_score("product-kafka", 250)])[0]["of_the_floor"] is None


def test_ratios_name_us_and_the_other() -> None:
    scores = [a_score("decode", 1000), a_score("quixstreams", 50), a_score("product-kafka", 250)]
    assert dict(report.ratios(as_rows(scores))) == pytest.approx(
        {"product / floor": 0.25, "product / quixstreams exactly-once": 5.0}
    )


def test_one_that_failed_is_shown_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    failed = Score("pathway", failed="no wheel for this machine")
    report.print_throughput("a run", as_rows([a_score("decode", 1000), failed]))
    shown = capsys.readouterr().out
    assert "pathway" in shown
    assert "no wheel for this machine" in shown


def test_cpu_is_told_per_event() -> None:
    assert as_rows([a_score("decode", 100)])[0]["cpu_us_per_event"] == pytest.approx(100)


def test_the_machine_is_kept_with_the_figures(tmp_path: Path) -> None:
    kept = json.loads(report.write_json("a-run", {"throughput": {}}, tmp_path).read_text())
    assert kept["machine"]["processors"] >= 1
    assert "throughput" in kept
