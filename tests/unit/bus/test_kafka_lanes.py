"""A lane hands out what it holds, from any position it knows, and says when it must seek."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.kafka.lanes import Lane
from shared.bus.port import Record

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_record(position: int) -> Record:
    return Record("topic", 0, position, None, "C-1", {}, b"{}", NOON)


def a_lane(*positions: int, start: int = 0, capacity: int = 100) -> Lane:
    lane = Lane(capacity)
    lane.move_to(start)
    lane.add(map(a_record, positions))
    return lane


def positions(lane: Lane, limit: int = 100) -> list[int]:
    return [record.position for record in lane.first(limit)]


def test_a_new_lane_must_seek() -> None:
    assert not Lane(10).move_to(0)


def test_a_lane_without_a_position_has_no_room() -> None:
    assert Lane(10).room == 0


def test_the_first_records_are_handed_out_in_order() -> None:
    assert positions(a_lane(0, 1, 2), limit=2) == [0, 1]


def test_the_same_records_are_handed_out_again_for_the_same_position() -> None:
    lane = a_lane(0, 1, 2)
    assert lane.move_to(0)
    assert positions(lane) == [0, 1, 2]


def test_moving_on_forgets_what_lies_before() -> None:
    lane = a_lane(0, 1, 2)
    assert lane.move_to(2)
    assert positions(lane) == [2]


def test_moving_to_the_end_needs_no_seek() -> None:
    lane = a_lane(0, 1, 2)
    assert lane.move_to(3)
    assert positions(lane) == []


@pytest.mark.parametrize("position", [4, 100])
def test_a_position_ahead_of_what_was_read_needs_a_seek(position: int) -> None:
    lane = a_lane(0, 1, 2)
    assert not lane.move_to(position)
    assert positions(lane) == []


def test_a_position_behind_needs_a_seek() -> None:
    lane = a_lane(5, 6, start=5)
    assert not lane.move_to(4)
    assert positions(lane) == []


def test_positions_may_have_holes() -> None:
    """Kafka keeps places for its own markers."""
    lane = a_lane(0, 1, 7, 8)
    assert lane.move_to(2)
    assert positions(lane) == [7, 8]


def test_room_is_what_is_left_of_the_capacity() -> None:
    assert a_lane(0, 1, 2, capacity=5).room == 2


def test_a_forgotten_lane_must_seek_and_has_another_generation() -> None:
    lane = a_lane(0, 1, 2)
    before = lane.generation
    lane.forget()
    assert lane.generation != before
    assert lane.room == 0
    assert not lane.move_to(0)


@given(st.lists(st.integers(0, 12), max_size=30), st.integers(1, 5))
def test_whatever_is_asked_for_comes_from_there_on_and_without_holes(
    asked: list[int], limit: int
) -> None:
    """Against a topic of ten records: a lane is a window on it, wherever one looks."""
    lane, stands = Lane(100), 0
    for position in asked:
        if not lane.move_to(position):
            stands = position
        if len(lane.first(limit)) < limit:
            fetched = range(stands, min(stands + 3, 10))
            lane.add(map(a_record, fetched))
            stands = max([stands, *(each + 1 for each in fetched)])
        found = positions(lane, limit)
        assert found == list(range(position, position + len(found)))
        assert found or position >= 10
