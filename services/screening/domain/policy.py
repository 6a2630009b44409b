"""Screening's policy: every number a credit manager may tune, with the rules it has to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.screening.domain.model import RegistrationStatus
from services.screening.domain.ownership import OwnershipPolicy
from shared.kernel.errors import InvalidInputError


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
        bounds = [band.below_months for band in self.age]
        if bounds != sorted(set(bounds)):
            raise InvalidInputError(field="age", value=bounds, rule="must ascend by below_months")


def _refuse_incomplete(valid_months: Mapping[str, int]) -> None:
    outcomes = {"pass", "refer", "reject_credit", "reject"}
    if set(valid_months) != outcomes or min(valid_months.values()) < 1:
        rule = f"needs at least 1 month for each of {sorted(outcomes)}"
        raise InvalidInputError(field="valid_months", value=dict(valid_months), rule=rule)
