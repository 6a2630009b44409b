"""The 22 grades and the PDs between them (domain.md §3.5). Default is by event only."""

from collections.abc import Sequence
from math import sqrt

from services.rating.domain.policy import GradeStep
from shared.kernel.errors import InvalidInputError


class MasterScale:
    """Grades in order, best first; the last one is default."""

    def __init__(self, steps: Sequence[GradeStep]) -> None:
        self._steps = tuple(steps)
        self._index = {step.grade: index for index, step in enumerate(self._steps)}

    @property
    def default(self) -> str:
        """The grade of a customer in default."""
        return self._steps[-1].grade

    def index(self, grade: str) -> int:
        """Position of a grade, 0 = best. Raises `InvalidInputError` for one that is not on the scale."""
        if grade not in self._index:
            raise InvalidInputError(field="grade", value=grade, rule="is not on the master scale")
        return self._index[grade]

    def step(self, grade: str) -> GradeStep:
        """Mid PD and band of a grade."""
        return self._steps[self.index(grade)]

    def upper_bound(self, index: int) -> float:
        """Where a grade ends: the geometric mean of its PD and the next one's, unrounded."""
        return sqrt(self._steps[index].pd * self._steps[index + 1].pd)

    def grade_of(self, pd: float) -> str:
        """The first grade whose upper bound lies above `pd`; never default, however high."""
        last_performing = len(self._steps) - 2
        for index in range(last_performing):
            if pd < self.upper_bound(index):
                return self._steps[index].grade
        return self._steps[last_performing].grade

    def worse(self, grade: str, notches: int) -> str:
        """The grade some notches down, at most the last one before default."""
        last_performing = len(self._steps) - 2
        return self._steps[min(last_performing, self.index(grade) + notches)].grade

    def worst(self, *grades: str) -> str:
        """The worst of some grades."""
        return max(grades, key=self.index)

    def notches(self, worse: str, better: str) -> int:
        """Notches from one grade up to another; negative when the first is the better one."""
        return self.index(worse) - self.index(better)
