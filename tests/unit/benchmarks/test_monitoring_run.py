"""The command line of the benchmarks: small sizes unless told otherwise."""

import pytest

from benchmarks.monitoring import FULL, Sizes, half_the_peak, parser, sizes_of


def test_without_a_word_the_sizes_are_small() -> None:
    assert sizes_of(parser().parse_args(["throughput"])) == Sizes()


def test_full_is_a_hundred_thousand_customers() -> None:
    assert sizes_of(parser().parse_args(["all", "--full"])) == FULL
    assert FULL.customers == 100_000


def test_a_size_can_be_said() -> None:
    assert sizes_of(parser().parse_args(["scale", "--events", "5"])).events == 5


def test_half_the_peak_follows_the_run_before() -> None:
    rows = [{"contender": "product-kafka", "events_per_second": 9000.0}]
    assert half_the_peak({"throughput": {"uniform": rows}}, 0.0) == [4500.0]


def test_half_the_peak_can_be_said() -> None:
    assert half_the_peak({}, 8000.0) == [4000.0]
    assert half_the_peak({}, 0.0) == []


def test_an_unknown_benchmark_is_refused() -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["everything"])
