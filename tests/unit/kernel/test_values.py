"""Quick values are what they were before: frozen, compared by their fields, with all defaults."""

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, dataclass, field

import msgspec
import pytest

from shared.kernel.values import in_key_order, quick, replace


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    number: str
    weight: int = 1
    labels: dict[str, int] = field(default_factory=dict)

    @property
    def heavy(self) -> bool:
        return self.weight > 10


@quick
@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: int = 0

    def __post_init__(self) -> None:
        if self.left > self.right:
            object.__setattr__(self, "right", self.left)


def test_fields_and_defaults_are_as_declared() -> None:
    parcel = Parcel(number="a")
    assert (parcel.number, parcel.weight, parcel.labels) == ("a", 1, {})
    assert Parcel(number="a").labels is not parcel.labels
    assert type(parcel) is Parcel
    assert repr(parcel) == "Parcel(number='a', weight=1, labels={})"


def test_it_stays_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Parcel(number="a").weight = 2  # type: ignore[misc]  # that is the point


def test_equal_fields_are_equal_values() -> None:
    assert Parcel(number="a", weight=2) == replace(Parcel(number="a"), weight=2)
    assert Parcel(number="a") != Parcel(number="b")
    assert hash(Pair(1, 2)) == hash(Pair(1, 2))


def test_replacing_leaves_the_first_one_alone() -> None:
    parcel = Parcel(number="a", weight=11)
    changed = replace(parcel, weight=3)
    assert (parcel.heavy, changed.heavy, changed.number) == (True, False, "a")
    assert type(changed) is Parcel


def test_positions_and_post_init_work() -> None:
    assert Pair(3).right == 3
    assert replace(Pair(1, 2), left=5).right == 5


def test_wrong_names_are_refused() -> None:
    with pytest.raises(TypeError):
        Parcel(name="a")  # type: ignore[call-arg]  # that is the point
    with pytest.raises(AttributeError):
        replace(Parcel(number="a"), name="b")  # type: ignore[call-arg]  # that is the point


def test_it_is_written_read_and_copied_like_any_other() -> None:
    parcel = Parcel(number="a", labels={"x": 1})
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(parcel), type=Parcel) == parcel
    assert copy.deepcopy(parcel) == parcel
    assert pickle.loads(pickle.dumps(parcel)) == parcel  # noqa: S301  # our own bytes
    assert dataclasses.replace(parcel, weight=2) == replace(parcel, weight=2)


def test_other_dataclasses_can_be_replaced_too() -> None:
    @dataclass(frozen=True)
    class Slow:
        number: int

    assert replace(Slow(1), number=2) == Slow(2)


@pytest.mark.parametrize("keys", ["", "a", "ab", "ba", "cab"])
def test_a_table_comes_in_the_order_of_its_keys(keys: str) -> None:
    table = {key: key.upper() for key in keys}
    assert list(in_key_order(table).items()) == sorted(table.items())
    assert list(table) == list(keys)


def test_a_class_with_a_base_is_refused() -> None:
    class Base:
        __slots__ = ()

    with pytest.raises(TypeError):

        @quick
        @dataclass(frozen=True, slots=True)
        class Derived(Base):
            number: int
