"""How customers of the sample live, and how some of them fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Story(StrEnum):
    """What a customer goes through in the two years of the sample."""

    STEADY = "steady"
    SLOW = "slow"
    SEASONAL = "seasonal"
    GROWING = "growing"
    DISPUTING = "disputing"
    STUMBLING = "stumbling"
    DRIFTING = "drifting"
    PART_PAYING = "part_paying"
    BOUNCING = "bouncing"
    BUST_OUT = "bust_out"
    WITHDRAWING = "withdrawing"
    SUDDEN = "sudden"


@dataclass(frozen=True, slots=True)
class Course:
    """How a story runs: how many live it, and how long before its end it can be seen, in days."""

    customers: int
    notice: tuple[int, int] | None = None


COURSES: Mapping[Story, Course] = MappingProxyType(
    {
        Story.STEADY: Course(104),
        Story.SLOW: Course(16),
        Story.SEASONAL: Course(24),
        Story.GROWING: Course(20),
        Story.DISPUTING: Course(16),
        Story.STUMBLING: Course(10, notice=(60, 90)),
        Story.DRIFTING: Course(8, notice=(150, 250)),
        Story.PART_PAYING: Course(5, notice=(120, 180)),
        Story.BOUNCING: Course(5, notice=(70, 120)),
        Story.BUST_OUT: Course(4, notice=(45, 75)),
        Story.WITHDRAWING: Course(4, notice=(120, 180)),
        Story.SUDDEN: Course(4),
    }
)

FAILING = frozenset(
    {
        Story.DRIFTING,
        Story.PART_PAYING,
        Story.BOUNCING,
        Story.BUST_OUT,
        Story.WITHDRAWING,
        Story.SUDDEN,
    }
)
CUSTOMERS = sum(course.customers for course in COURSES.values())


@dataclass(frozen=True, slots=True)
class Fate:
    """What will become of one customer: the truth that no service is told.

    `shows_from` is the first day that a sign can be seen (None: there are none); on `fails_on` it
    stops paying for good. A stumbling customer has recovered by `recovered_on`.
    """

    story: Story
    shows_from: date | None = None
    fails_on: date | None = None
    recovered_on: date | None = None

    def strain(self, day: date) -> float:
        """How far the story has come on a day: 0 before it shows, 1 when it ends."""
        if self.shows_from is None or day < self.shows_from:
            return 0.0
        if self.recovered_on is not None:
            return self._passing(day, self.shows_from, self.recovered_on)
        if self.fails_on is None:
            return 0.0
        return min(1.0, (day - self.shows_from).days / (self.fails_on - self.shows_from).days)

    @staticmethod
    def _passing(day: date, begins: date, ends: date) -> float:
        """A bad patch: it rises to its middle and falls to its end."""
        share = (day - begins).days / (ends - begins).days
        return max(0.0, 1.0 - abs(2.0 * share - 1.0))

    def is_over(self, day: date) -> bool:
        """Whether the customer has failed by the end of a day."""
        return self.fails_on is not None and day >= self.fails_on
