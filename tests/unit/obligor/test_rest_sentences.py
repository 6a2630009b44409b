"""What is said of a platform that does not come to rest."""

from datetime import date

import pytest

from obligor.rest import (
    AilingError,
    Behind,
    Checkpoint,
    Head,
    Look,
    PartitionClock,
    Positions,
    StuckError,
)


def _behind(number: int) -> Behind:
    return Behind("rating", "obligor.screening", number, 10 + number)


def _clocked(*days: date | None) -> Positions:
    clocks = tuple(PartitionClock(number, day) for number, day in enumerate(days))
    return Positions("rating", (), (), clocks)


def _reading(service: str, *, applied: int, end: int) -> Positions:
    return Positions(
        service,
        (Checkpoint("commands", 0, applied),),
        (Head("commands", 0, end),),
        (),
    )


def test_who_is_behind_is_named_with_what_is_left() -> None:
    assert _behind(3).sentence == "rating by 13 of obligor.screening/3"


def test_a_stuck_platform_names_who_is_behind() -> None:
    assert "rating by 10 of obligor.screening/0" in str(StuckError([_behind(0)]))


@pytest.mark.parametrize(("count", "named"), [(4, 4), (5, 5), (6, 5), (50, 5)])
def test_a_stuck_platform_names_five_places_at_most(count: int, named: int) -> None:
    sentence = str(StuckError([_behind(number) for number in range(count)]))

    assert sentence.count("obligor.screening/") == named


def test_an_ailing_platform_says_why() -> None:
    assert str(AilingError("no database")).endswith("not well: no database")


DAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("days", "closed_on"),
    [
        ((), None),
        ((None,), None),
        ((DAY,), DAY),
        ((DAY, None), None),
        ((DAY, date(2026, 3, 30)), date(2026, 3, 30)),
    ],
)
def test_a_service_has_closed_what_all_its_partitions_have(
    days: tuple[date | None, ...], closed_on: date | None
) -> None:
    assert _clocked(*days).closed_on == closed_on


def test_a_service_that_is_not_there_has_closed_nothing() -> None:
    assert Look((_clocked(DAY),)).closed_on("tiering") is None


@pytest.mark.parametrize(("applied", "left"), [(-1, 5), (0, 4), (3, 1)])
def test_what_is_left_is_counted_from_the_last_record_applied(applied: int, left: int) -> None:
    (found,) = Look((_reading("rating", applied=applied, end=5),)).behind()

    assert found.records == left


def test_nothing_is_left_behind_the_last_record() -> None:
    assert Look((_reading("rating", applied=4, end=5),)).behind() == []


def test_a_service_does_not_wait_for_the_commands_of_another() -> None:
    other = Positions("tiering", (), (), ())

    assert Look((_reading("rating", applied=4, end=5), other)).behind() == []
