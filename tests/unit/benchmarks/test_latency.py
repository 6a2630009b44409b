"""Waits as quantiles, in ms."""

import math

import pytest

from benchmarks.latency import quantile


@pytest.mark.parametrize(("share", "wait"), [(0.5, 51), (0.99, 100), (0.0, 1)])
def test_a_quantile_of_a_hundred_waits(share: float, wait: int) -> None:
    waits = [number / 1000 for number in range(1, 101)]
    assert quantile(waits, share) == pytest.approx(wait)


def test_where_nothing_came_there_is_no_quantile() -> None:
    assert math.isnan(quantile([], 0.5))
