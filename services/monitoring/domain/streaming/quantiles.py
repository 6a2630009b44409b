"""A quantile without keeping the values: the P² algorithm (Jain and Chlamtac 1985)."""

from dataclasses import dataclass

from shared.kernel.values import quick

MARKERS = 5


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """Five markers on the way from the smallest value to the largest; the middle one is the answer.

    `share` is the quantile asked for, 0 to 1. `positions` are the markers' ranks so far.
    """

    share: float
    heights: tuple[float, ...] = ()
    positions: tuple[int, ...] = (1, 2, 3, 4, 5)
    seen: int = 0

    def after(self, value: float) -> "Quantile":
        """The state with one more value."""
        if self.seen < MARKERS:
            heights = tuple(sorted((*self.heights, value)))
            return Quantile(share=self.share, heights=heights, seen=self.seen + 1)
        heights_now = list(self.heights)
        heights_now[0] = min(heights_now[0], value)
        heights_now[-1] = max(heights_now[-1], value)
        cell = max(i for i in range(MARKERS - 1) if i == 0 or heights_now[i] <= value)
        positions = [p + (i > cell) for i, p in enumerate(self.positions)]
        _adjust(heights_now, positions, self._wanted(self.seen + 1))
        return Quantile(
            share=self.share,
            heights=tuple(heights_now),
            positions=tuple(positions),
            seen=self.seen + 1,
        )

    @property
    def estimate(self) -> float | None:
        """The quantile; of the few values themselves while there are fewer than five."""
        if not self.heights:
            return None
        if self.seen < MARKERS:
            return self.heights[round(self.share * (self.seen - 1))]
        return self.heights[MARKERS // 2]

    def _wanted(self, seen: int) -> tuple[float, ...]:
        share = self.share
        return tuple(1 + (seen - 1) * step for step in (0, share / 2, share, (1 + share) / 2, 1))


def _adjust(heights: list[float], positions: list[int], wanted: tuple[float, ...]) -> None:
    for i in range(1, MARKERS - 1):
        off = wanted[i] - positions[i]
        ahead, behind = positions[i + 1] - positions[i], positions[i - 1] - positions[i]
        if (off >= 1 and ahead > 1) or (off <= -1 and behind < -1):
            step = 1 if off > 0 else -1
            heights[i] = _moved(heights, positions, i, step)
            positions[i] += step


def _moved(heights: list[float], positions: list[int], i: int, step: int) -> float:
    """The marker's new height: on a parabola through its neighbours, else on a line."""
    below, here, above = heights[i - 1 : i + 2]
    left, at, right = positions[i - 1 : i + 2]
    curve = here + step / (right - left) * (
        (at - left + step) * (above - here) / (right - at)
        + (right - at - step) * (here - below) / (at - left)
    )
    if below < curve < above:
        return curve
    return here + step * (heights[i + step] - here) / (positions[i + step] - at)
