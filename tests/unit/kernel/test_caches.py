"""What was made of a frozen value is made once."""

from shared.kernel.caches import once_each


def test_each_value_is_worked_out_once_whatever_it_equals() -> None:
    asked: list[list[int]] = []

    @once_each
    def total(of: list[int]) -> int:
        asked.append(of)
        return sum(of)

    one, same = [1, 2], [1, 2]
    assert [total(one), total(one), total(same), total(one)] == [3, 3, 3, 3]
    assert len(asked) == 2


def test_it_keeps_a_bounded_number() -> None:
    asked: list[int] = []

    @once_each
    def double(of: tuple[int]) -> int:
        asked.append(of[0])
        return 2 * of[0]

    values = [(number,) for number in range(100)]
    assert [double(value) for value in values] == [2 * number for number in range(100)]
    assert double(values[0]) == 0
    assert len(asked) == 101
