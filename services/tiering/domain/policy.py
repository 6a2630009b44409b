"""What a credit manager may tune in tiering; the shipped values are in `policy.yaml`."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from services.tiering.domain.model import Action, Band, Tier
from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability


def _require(*, kept: bool, field: str, value: object, rule: str) -> None:
    if not kept:
        raise InvalidInputError(field=field, value=value, rule=rule)


def _not_negative(value: float, *, field: str) -> None:
    _require(kept=value >= 0, field=field, value=value, rule="must not be negative")


@dataclass(frozen=True, slots=True)
class GradePolicy:
    """One grade of the master scale: its band and what its balance sheet carries (domain.md §3.11).

    `net_worth_share` is k1, `working_capital_share` k2; both 0..1.
    """

    band: str
    net_worth_share: float
    working_capital_share: float

    def __post_init__(self) -> None:
        probability(self.net_worth_share, field="grades.net_worth_share")
        probability(self.working_capital_share, field="grades.working_capital_share")


@dataclass(frozen=True, slots=True)
class GradeBandPolicy:
    """One row of the matrix (domain.md §5.1): the tier for each early-warning band.

    `upper_pd` is the band's upper bound of PD, 0..1; `credit` says whether any limit may be given;
    `large_exposure_escalates_low` whether a large exposure lifts tier low to medium.
    """

    upper_pd: float
    green: Tier
    yellow: Tier
    amber: Tier
    red: Tier
    credit: bool
    large_exposure_escalates_low: bool

    def __post_init__(self) -> None:
        probability(self.upper_pd, field="bands.upper_pd")
        row = [self.tier(band) for band in Band]
        _require(
            kept=not any(left.is_worse_than(right) for left, right in pairwise(row)),
            field="bands",
            value=row,
            rule="a worse warning band must never give a better tier",
        )

    def tier(self, band: Band) -> Tier:
        """The cell of the matrix for an early-warning band."""
        row = {
            Band.GREEN: self.green,
            Band.YELLOW: self.yellow,
            Band.AMBER: self.amber,
            Band.RED: self.red,
        }
        return row[band]


@dataclass(frozen=True, slots=True)
class DynamicsPolicy:
    """How a tier gets better (domain.md §5.2): evaluations and days to wait, and the PD buffer."""

    better_evaluations: int
    days_in_tier: int
    pd_buffer: float

    def __post_init__(self) -> None:
        _require(
            kept=self.better_evaluations >= 1,
            field="dynamics.better_evaluations",
            value=self.better_evaluations,
            rule="must be at least 1",
        )
        _not_negative(self.days_in_tier, field="dynamics.days_in_tier")
        probability(self.pd_buffer, field="dynamics.pd_buffer")


@dataclass(frozen=True, slots=True)
class ConcentrationPolicy:
    """When one customer is large or small among our receivables; shares 0..1, amounts per currency.

    With fewer than `fewest_customers` a share says nothing: of 19 equal customers each holds 5 %.
    """

    fewest_customers: int
    large_share: float
    small_share: float
    small_amount: dict[str, Decimal]

    def __post_init__(self) -> None:
        _not_negative(self.fewest_customers, field="concentration.fewest_customers")
        probability(self.large_share, field="concentration.large_share")
        probability(self.small_share, field="concentration.small_share")


@dataclass(frozen=True, slots=True)
class TierTerms:
    """What a tier means (domain.md §5.3). Shares 0..1, terms and ages in days, reviews in months.

    `order_tolerance` is how far an order may go over the limit; the oldest and the share of overdue
    receivables above which orders are held; `every_order_by_a_person` holds each of them.
    """

    payment_terms_days: int
    limit_multiplier: float
    unsecured: bool
    prepayment_share: float
    review_months: int
    small_exposure_review_months: int
    order_tolerance: float
    oldest_days_past_due: int
    overdue_share: float
    rating_grace_days: int
    every_order_by_a_person: bool
    measures: dict[str, str]

    def __post_init__(self) -> None:
        _not_negative(self.payment_terms_days, field="tiers.payment_terms_days")
        _not_negative(self.limit_multiplier, field="tiers.limit_multiplier")
        _not_negative(self.order_tolerance, field="tiers.order_tolerance")
        _not_negative(self.oldest_days_past_due, field="tiers.oldest_days_past_due")
        _not_negative(self.rating_grace_days, field="tiers.rating_grace_days")
        probability(self.prepayment_share, field="tiers.prepayment_share")
        probability(self.overdue_share, field="tiers.overdue_share")


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """The credit limit's formula (domain.md §3.11). Shares and chances 0..1, days, factors.

    `loss_appetite` is ω, the share of a year's margin we may lose; `assumed_gross_margin` stands in
    where the margin on a customer is not known (None: that cap is left out).
    """

    grace_days: int
    need_margin: float
    supplier_share: float
    proven_months: float
    loss_appetite: float
    loss_given_default: float
    pd_floor: float
    assumed_gross_margin: float | None
    concentration_share: float
    significant_digits: int
    default_currency: str
    refused_verdicts: tuple[str, ...]

    def __post_init__(self) -> None:
        _not_negative(self.grace_days, field="limit.grace_days")
        _not_negative(self.need_margin, field="limit.need_margin")
        _not_negative(self.proven_months, field="limit.proven_months")
        probability(self.supplier_share, field="limit.supplier_share")
        probability(self.loss_appetite, field="limit.loss_appetite")
        probability(self.concentration_share, field="limit.concentration_share")
        for name in ("loss_given_default", "pd_floor"):
            value = getattr(self, name)
            _require(
                kept=0 < value <= 1, field=f"limit.{name}", value=value, rule="must be above 0"
            )
        _require(
            kept=self.significant_digits >= 1,
            field="limit.significant_digits",
            value=self.significant_digits,
            rule="must be at least 1",
        )


class LimitCheck(StrEnum):
    """Which open orders count against the limit: all, or those due within the horizon."""

    STATIC = "static"
    DYNAMIC = "dynamic"


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """The order credit check (domain.md §5.5). Horizon in days, shares 0..1.

    `valid_business_days` is how long a reservation lives; `verdicts` says what each screening verdict
    means for an order (`none`: not screened); `waivable` names the checks a person may waive.
    """

    limit_check: LimitCheck
    horizon_days: int
    largest_share: float
    prepay_step: float
    valid_business_days: int
    held_bands: tuple[Band, ...]
    verdicts: dict[str, Action]
    waivable: tuple[str, ...]

    def __post_init__(self) -> None:
        _not_negative(self.horizon_days, field="order.horizon_days")
        probability(self.largest_share, field="order.largest_share")
        _require(
            kept=0 < self.prepay_step <= 1,
            field="order.prepay_step",
            value=self.prepay_step,
            rule="must be above 0 and at most 1",
        )
        _not_negative(self.valid_business_days, field="order.valid_business_days")


@dataclass(frozen=True, slots=True)
class TieringPolicy:
    """Everything tiering decides by: grades, bands, dynamics, tiers, limit, orders."""

    grades: dict[str, GradePolicy]
    bands: dict[str, GradeBandPolicy]
    dynamics: DynamicsPolicy
    concentration: ConcentrationPolicy
    tiers: dict[Tier, TierTerms]
    limit: LimitPolicy
    order: OrderPolicy

    def __post_init__(self) -> None:
        unknown = [name for name, grade in self.grades.items() if grade.band not in self.bands]
        _require(
            kept=not unknown, field="grades", value=unknown, rule="names a band that is not listed"
        )
        missing = [tier for tier in Tier if tier not in self.tiers]
        _require(kept=not missing, field="tiers", value=missing, rule="every tier needs its terms")
        ranked = sorted(self.bands.items(), key=lambda band: (band[1].upper_pd, band[0]))
        for (_, better), (name, worse) in pairwise(ranked):
            _require(
                kept=not any(better.tier(band).is_worse_than(worse.tier(band)) for band in Band),
                field=f"bands.{name}",
                value=worse.upper_pd,
                rule="a band of higher PD must never give a better tier",
            )

    def grade(self, name: str) -> GradePolicy:
        """The policy of a grade; refuses one that the scale does not know."""
        found = self.grades.get(name)
        if found is None:
            raise InvalidInputError(field="grade", value=name, rule="must be on the master scale")
        return found

    def band_of(self, grade: str) -> GradeBandPolicy:
        """The matrix row that a grade lies in."""
        return self.bands[self.grade(grade).band]
