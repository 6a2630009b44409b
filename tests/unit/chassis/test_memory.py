"""A worker's memory holds so many customers, and forgets those used longest ago."""

from shared.chassis.memory import Memory
from shared.log.checkpoints import Checkpoint


def test_what_was_kept_is_recalled_once() -> None:
    memory = Memory(7)
    memory.keep([("a", 1)])
    assert memory.recall("a") == 1
    assert memory.recall("a") is None
    assert memory.version == 7


def test_those_used_longest_ago_go_first() -> None:
    memory = Memory(at_most=2)
    memory.keep([("a", 1), ("b", 2)])
    memory.keep([("a", 3), ("c", 4)])
    assert [memory.recall(name) for name in "abc"] == [3, None, 4]


def test_at_most_so_many_are_kept() -> None:
    for count in (1, 2, 3):
        memory = Memory(at_most=2)
        memory.keep((str(number), number) for number in range(count))
        assert len(memory) == min(count, 2)


def test_after_a_batch_it_is_of_the_next_version_and_knows_the_moved_checkpoints() -> None:
    memory = Memory(7, checkpoints={"a": Checkpoint(1), "b": Checkpoint(2)})
    memory.advance({"b": Checkpoint(5, 4), "c": Checkpoint(1)})
    assert memory.version == 8
    assert memory.checkpoints == {"a": Checkpoint(1), "b": Checkpoint(5, 4), "c": Checkpoint(1)}


def test_a_memory_of_nothing_keeps_nothing() -> None:
    memory = Memory(at_most=0)
    memory.keep([("a", 1)])
    assert len(memory) == 0
