"""Which partition a key lives in: murmur2, bit for bit as Kafka's Java client computes it."""

from functools import lru_cache

_MASK = 0xFFFFFFFF
_MIX = 0x5BD1E995


def _mixed(word: int) -> int:
    word = word * _MIX & _MASK
    word ^= word >> 24
    return word * _MIX & _MASK


def murmur2(key: bytes) -> int:
    """32-bit murmur2 with Kafka's seed, as an unsigned integer (o.a.kafka.common.utils.Utils)."""
    length = len(key)
    state = (0x9747B28C ^ length) & _MASK
    whole = length & ~3
    for start in range(0, whole, 4):
        state = (state * _MIX & _MASK) ^ _mixed(int.from_bytes(key[start : start + 4], "little"))
    rest = key[whole:]
    if rest:
        state = (state ^ int.from_bytes(rest, "little")) * _MIX & _MASK
    state ^= state >> 13
    state = state * _MIX & _MASK
    return state ^ state >> 15


@lru_cache(maxsize=65_536)
def partition_of(key: str, partitions: int) -> int:
    """The partition index of a customer id, among `partitions` (Kafka's default partitioner)."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions
