"""No headway is nobody's business at first, and everybody's when it lasts."""

import pytest

from shared.bus.kafka.headway import Headway


class Stopwatch:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def headway(clock: Stopwatch) -> Headway:
    return Headway(60.0, clock=clock)


def test_at_first_nothing_is_stuck(headway: Headway) -> None:
    assert headway.stuck() is None
    assert headway.missing_for == 0.0


@pytest.mark.parametrize(("seconds", "stuck"), [(59.0, False), (60.0, True), (61.0, True)])
def test_a_miss_counts_after_a_minute(
    headway: Headway, clock: Stopwatch, seconds: float, *, stuck: bool
) -> None:
    headway.missed("the broker is away")
    clock.now += seconds
    assert (headway.stuck() is not None) is stuck


def test_the_first_miss_starts_the_clock_and_the_last_gives_the_reason(
    headway: Headway, clock: Stopwatch
) -> None:
    headway.missed("the broker is away")
    clock.now += 50
    headway.missed("the topic is gone")
    clock.now += 10
    assert headway.stuck() == "the topic is gone (for 60 s)"


def test_headway_ends_it(headway: Headway, clock: Stopwatch) -> None:
    headway.missed("the broker is away")
    clock.now += 100
    headway.made()
    assert headway.stuck() is None


def test_a_new_miss_starts_anew(headway: Headway, clock: Stopwatch) -> None:
    headway.missed("the broker is away")
    clock.now += 100
    headway.made()
    headway.missed("again")
    clock.now += 59
    assert headway.stuck() is None
