"""Screening's policy: every number a credit manager may tune, with the rules it has to keep."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.screening.domain.model import Customer, RegistrationStatus
from services.screening.domain.ownership import OwnershipPolicy
from shared.kernel.errors import InvalidInputError

CHECKS: Final = tuple(f"C{number:02d}" for number in range(1, 22))
"""The checks of domain.md §2.1."""


@dataclass(frozen=True, slots=True)
class IdentityPolicy:
    """C01. Registration states that end all trade, and those a person looks at."""

    rejected_statuses: tuple[RegistrationStatus, ...]
    referred_statuses: tuple[RegistrationStatus, ...]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """C11. Companies younger than `below_months` get `points`, and a person if `refer`."""

    below_months: int
    points: int
    refer: bool
    code: str

    def __post_init__(self) -> None:
        _refuse_negative("age.points", self.points)


@dataclass(frozen=True, slots=True)
class FinancesPolicy:
    """C12. Z″ bounds, and points for each weakness of a statement at most `max_age_months` old."""

    max_age_months: int
    distress_below_z: float
    grey_through_z: float
    distress_points: int
    grey_points: int
    negative_equity_below: Decimal
    negative_equity_points: int
    unaudited_points: int
    qualified_points: int
    qualified_opinions: tuple[str, ...]
    referred_opinions: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if name.endswith("_points"):
                _refuse_negative(f"finances.{name}", getattr(self, name))
        if self.distress_below_z > self.grey_through_z:
            raise InvalidInputError(
                field="finances.distress_below_z",
                value=self.distress_below_z,
                rule="must not exceed grey_through_z",
            )


@dataclass(frozen=True, slots=True)
class OwnHistoryPolicy:
    """C16. Points when an undisputed invoice is open more than `overdue_over_days` past due."""

    overdue_over_days: int
    points: int

    def __post_init__(self) -> None:
        _refuse_negative("own_history.points", self.points)


@dataclass(frozen=True, slots=True)
class ScreeningPolicy:
    """Points add up: from `refer_from_points` a person looks, from `reject_from_points` no credit.

    `valid_months` is how long each outcome counts. `mandatory_checks` must have been done, or the
    customer is referred (none yet). A change of a field in `rescreen_on` screens again.
    """

    refer_from_points: int
    reject_from_points: int
    valid_months: dict[str, int]
    mandatory_checks: tuple[str, ...]
    rescreen_on: tuple[str, ...]
    identity: IdentityPolicy
    age: tuple[AgeBand, ...]
    finances: FinancesPolicy
    own_history: OwnHistoryPolicy
    ownership: OwnershipPolicy

    def __post_init__(self) -> None:
        if not 0 < self.refer_from_points < self.reject_from_points:
            raise InvalidInputError(
                field="refer_from_points",
                value=self.refer_from_points,
                rule="must lie above 0 and below reject_from_points",
            )
        _refuse_incomplete(self.valid_months)
        _refuse_unknown("rescreen_on", self.rescreen_on, known=Customer.__dataclass_fields__)
        _refuse_unknown("mandatory_checks", self.mandatory_checks, known=CHECKS)
        bounds = [band.below_months for band in self.age]
        if bounds != sorted(set(bounds)):
            raise InvalidInputError(field="age", value=bounds, rule="must ascend by below_months")


def _refuse_incomplete(valid_months: Mapping[str, int]) -> None:
    outcomes = {"pass", "refer", "reject_credit", "reject"}
    if set(valid_months) != outcomes or min(valid_months.values()) < 1:
        rule = f"needs at least 1 month for each of {sorted(outcomes)}"
        raise InvalidInputError(field="valid_months", value=dict(valid_months), rule=rule)


def _refuse_unknown(field: str, names: Iterable[str], *, known: Container[str]) -> None:
    for name in names:
        if name not in known:
            raise InvalidInputError(field=field, value=name, rule="is not known")


def _refuse_negative(field: str, points: int) -> None:
    if points < 0:
        raise InvalidInputError(field=field, value=points, rule="points must not be negative")
