"""How the ledger counts: every number of its figures that a credit manager may tune."""

from dataclasses import dataclass
from decimal import Decimal

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.policies.undertakings import BillPolicy, PromisePolicy
from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability

OTHERWISE = "otherwise"
AmountByCurrency = dict[str, Decimal]
NEAR_DAYS = 30
"""An order to be delivered within so many days of its placing lies within every horizon."""


def minor_by_currency(amounts: AmountByCurrency, currency: str) -> int:
    """The amount set for a currency (or for all others), in its minor units."""
    return minor_of(amounts.get(currency, amounts[OTHERWISE]), currency)


def _check_amounts(field: str, amounts: AmountByCurrency) -> None:
    if OTHERWISE not in amounts or any(amount < 0 for amount in amounts.values()):
        shown = {currency: str(amount) for currency, amount in amounts.items()}
        rule = f"must have an amount for {OTHERWISE!r}, and none below 0"
        raise InvalidInputError(field=field, value=shown, rule=rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourWindows:
    """Lengths of the windows behaviour is measured over, in whole months back from the day."""

    settled_months: int
    lateness_months: int
    trend_months: int
    worst_months: int
    dishonour_months: int

    def __post_init__(self) -> None:
        shortest = min(
            self.settled_months,
            self.lateness_months,
            self.trend_months,
            self.worst_months,
            self.dishonour_months,
        )
        if shortest < 1 or self.settled_months > 24:  # noqa: PLR2004  # the ledger's history reaches back 24 months
            rule = "must be 1 month or more, and 24 at most"
            raise InvalidInputError(field="behaviour", value=shortest, rule=rule)
        if self.trend_months >= self.lateness_months:
            rule = "must be shorter than lateness_months"
            raise InvalidInputError(field="trend_months", value=self.trend_months, rule=rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultPolicy:
    """When arrears are a default, and when one is over (domain.md §6.7).

    More than `days_past_due` days on an amount above both `material_amount` and `material_share` of
    the exposure. Cured `cure_months` after the last trigger is gone, with nothing past due; not before
    `cure_months_forborne` where an extension was granted at most `forborne_months` before the default.
    A version approved before that was asked for goes on without it.
    """

    days_past_due: int
    material_amount: AmountByCurrency
    material_share: float
    cure_months: int
    cure_months_forborne: int | None = None
    forborne_months: int = 0

    def __post_init__(self) -> None:
        _check_amounts("default.material_amount", self.material_amount)
        probability(self.material_share, field="default.material_share")
        if self.days_past_due < 1 or self.cure_months < 1:
            rule = "days_past_due and cure_months must be 1 or more"
            raise InvalidInputError(field="default", value=self.days_past_due, rule=rule)
        if self.cure_months_forborne is not None and (
            self.cure_months_forborne < self.cure_months or self.forborne_months < 1
        ):
            rule = "must not be below cure_months, and needs forborne_months of 1 or more"
            raise InvalidInputError(
                field="default.cure_months_forborne", value=self.cure_months_forborne, rule=rule
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPolicy:
    """How the ledger counts.

    `oldest_due_first`: money sent without a word pays the oldest due invoices, else it stays unapplied.
    `order_conversion_factor`: the share of open orders that counts as exposure, `order_horizon_days`: of
    those planned to be delivered within so many days (domain.md §1.6, §5.5; None: of all).
    `dispute_pauses_within_days`: how long after the due date a dispute still stops the count of days,
    `terms_change_moves_within_days`: how long a commercial change of terms still moves it.
    `de_minimis`: an invoice with no more than this open, disputed part off, is not material.
    `limit_cut_counts_after_days`: how long use is measured against the old limit after a cut.
    """

    oldest_due_first: bool
    order_conversion_factor: float
    dispute_pauses_within_days: int
    terms_change_moves_within_days: int
    de_minimis: AmountByCurrency
    limit_cut_counts_after_days: int
    purchase_months: int
    active_months: int
    report_at_settled: int
    behaviour: BehaviourWindows
    default: DefaultPolicy
    promises: PromisePolicy
    bills: BillPolicy
    order_horizon_days: int | None = None

    def __post_init__(self) -> None:
        probability(self.order_conversion_factor, field="order_conversion_factor")
        _check_amounts("de_minimis", self.de_minimis)
        horizon = NEAR_DAYS if self.order_horizon_days is None else self.order_horizon_days
        for field, number, least in (
            ("order_horizon_days", horizon, NEAR_DAYS),
            ("dispute_pauses_within_days", self.dispute_pauses_within_days, 0),
            ("terms_change_moves_within_days", self.terms_change_moves_within_days, 0),
            ("limit_cut_counts_after_days", self.limit_cut_counts_after_days, 0),
            ("purchase_months", self.purchase_months, 1),
            ("active_months", self.active_months, 1),
            ("report_at_settled", self.report_at_settled, 1),
        ):
            if number < least:
                raise InvalidInputError(field=field, value=number, rule=f"must be {least} or more")
