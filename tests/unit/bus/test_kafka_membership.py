"""An index is a worker's only when it has that partition of every topic."""

import pytest
from aiokafka import TopicPartition
from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.kafka.membership import shared_indices

TOPICS = ("obligor.rating", "obligor.transactions", "obligor.tiering")


def places(**indices: tuple[int, ...]) -> list[TopicPartition]:
    return [TopicPartition(topic, index) for topic, held in indices.items() for index in held]


def test_an_index_of_every_topic_is_held() -> None:
    assert shared_indices(places(a=(0, 1), b=(0, 1)), ("a", "b")) == {0, 1}


def test_an_index_that_one_topic_lacks_is_nobodys() -> None:
    assert shared_indices(places(a=(0, 1), b=(1,)), ("a", "b")) == {1}


@pytest.mark.parametrize("topics", [(), ("a",)])
def test_nothing_assigned_is_nothing_held(topics: tuple[str, ...]) -> None:
    assert shared_indices([], topics) == frozenset()


def cluster_with(count: int) -> ClusterMetadata:
    """A cluster whose topics all have as many partitions."""
    cluster = ClusterMetadata()
    cluster._partitions = {topic: dict.fromkeys(range(count)) for topic in TOPICS}
    return cluster


@given(st.integers(1, 24), st.integers(1, 8))
def test_the_assignor_gives_every_index_to_exactly_one_member(count: int, members: int) -> None:
    """What the transport relies on: with equal counts, whole indices and none left over."""
    metadata = RangePartitionAssignor.metadata(TOPICS)
    names = {f"member-{number}": metadata for number in range(members)}
    assignment = RangePartitionAssignor.assign(cluster_with(count), names)
    held = []
    for each in assignment.values():
        given_to = [TopicPartition(topic, at) for topic, parts in each.assignment for at in parts]
        mine = shared_indices(given_to, TOPICS)
        assert len(given_to) == len(mine) * len(TOPICS)
        held += list(mine)
    assert sorted(held) == list(range(count))
