"""Partitions as Kafka's own clients compute them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.partitions import murmur2, partition_of

# The vectors of org.apache.kafka.common.utils.UtilsTest.
KAFKAS_OWN = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    "abc": 479470107,
}


@pytest.mark.parametrize(("key", "expected"), KAFKAS_OWN.items())
def test_murmur2_agrees_with_kafkas_vectors(key: str, expected: int) -> None:
    assert murmur2(key.encode()) == expected & 0xFFFFFFFF


@given(st.text(min_size=1), st.integers(min_value=1, max_value=100))
def test_a_partition_is_one_of_those_there_are(key: str, partitions: int) -> None:
    assert 0 <= partition_of(key, partitions) < partitions


def test_customers_spread_over_all_partitions() -> None:
    found = {partition_of(f"customer-{number}", 24) for number in range(2000)}
    assert found == set(range(24))
