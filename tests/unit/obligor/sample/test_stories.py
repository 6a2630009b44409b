from datetime import date

import pytest

from obligor.sample.stories import COURSES, CUSTOMERS, FAILING, Fate, Story

FAILURE = Fate(Story.DRIFTING, shows_from=date(2025, 1, 1), fails_on=date(2025, 4, 11))
STUMBLE = Fate(Story.STUMBLING, shows_from=date(2025, 1, 1), recovered_on=date(2025, 4, 11))


def test_every_story_has_a_course() -> None:
    assert set(COURSES) == set(Story)


def test_there_are_at_least_two_hundred_customers() -> None:
    assert CUSTOMERS >= 200


def test_about_one_customer_in_seven_fails() -> None:
    failing = sum(COURSES[story].customers for story in FAILING)

    assert 0.10 < failing / CUSTOMERS < 0.16


@pytest.mark.parametrize(
    ("day", "strain"),
    [
        (date(2024, 12, 31), 0.0),
        (date(2025, 1, 1), 0.0),
        (date(2025, 2, 20), 0.5),
        (date(2025, 4, 11), 1.0),
        (date(2025, 9, 1), 1.0),
    ],
)
def test_strain_grows_from_the_first_sign_to_the_failure(day: date, strain: float) -> None:
    assert FAILURE.strain(day) == pytest.approx(strain)


@pytest.mark.parametrize(
    ("day", "strain"),
    [
        (date(2025, 1, 1), 0.0),
        (date(2025, 2, 20), 1.0),
        (date(2025, 4, 11), 0.0),
        (date(2025, 6, 1), 0.0),
    ],
)
def test_a_stumble_passes(day: date, strain: float) -> None:
    assert STUMBLE.strain(day) == pytest.approx(strain)


def test_a_sudden_failure_shows_nothing_before() -> None:
    fate = Fate(Story.SUDDEN, fails_on=date(2025, 4, 11))

    assert fate.strain(date(2025, 4, 10)) == 0.0


def test_a_steady_customer_is_never_strained() -> None:
    assert Fate(Story.STEADY).strain(date(2025, 4, 10)) == 0.0


@pytest.mark.parametrize(
    ("day", "over"),
    [(date(2025, 4, 10), False), (date(2025, 4, 11), True), (date(2025, 4, 12), True)],
)
def test_a_failure_is_over_from_its_day(day: date, *, over: bool) -> None:
    assert FAILURE.is_over(day) is over


def test_who_does_not_fail_is_never_over() -> None:
    assert not STUMBLE.is_over(date(2099, 1, 1))
