"""What a batch works on: accounts, portfolio totals, and what it leaves behind."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from services.tiering.domain.model import Band, Tier
from shared.contracts.figures import ReasonGiven
from shared.kernel.money import Money
from shared.kernel.values import quick


@quick
@dataclass(frozen=True, slots=True)
class KnownExposure:
    """A customer's last known exposure in one currency, in minor units."""

    currency: str
    open_minor: int
    overdue_minor: int
    open_orders_minor: int
    unapplied_minor: int


@dataclass(slots=True)
class Account:
    """One customer as tiering knows it; None = not known yet."""

    customer_id: str
    verdict: str | None = None
    tier: Tier | None = None
    since: date | None = None
    better_count: int = 0
    grade: str | None = None
    pd: float | None = None
    ews: float | None = None
    band: Band | None = None
    hard_triggers: tuple[str, ...] = ()
    in_default: bool = False
    rating_valid_to: date | None = None
    limit: Money | None = None
    binding_cap: str | None = None
    exposures: tuple[KnownExposure, ...] = ()
    exposure_version: int = 0
    oldest_days_past_due: int = 0
    arrears_on: date | None = None
    tier_changes: int = 0
    limit_changes: int = 0


@quick
@dataclass(frozen=True, slots=True)
class PortfolioTotal:
    """Our open receivables in one currency over all partitions, at the close of `day`."""

    day: date
    open: Money
    customers: int


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One partition's receivables in one currency, at the close of a day."""

    day: date
    partition: int
    currency: str
    open_minor: int
    customers: int


@quick
@dataclass(frozen=True, slots=True)
class TierChange:
    """A row of the tier history. `measures` and `reasons` are JSON text."""

    customer_id: str
    ordinal: int
    as_of: date
    decision_id: str
    tier: str
    since: date
    matrix_tier: str
    grade: str
    payment_terms_days: int
    measures: str
    reasons: str
    policy_version: str


@quick
@dataclass(frozen=True, slots=True)
class LimitChange:
    """A row of the limit history. `reasons` is JSON text."""

    customer_id: str
    ordinal: int
    as_of: date
    decision_id: str
    amount_minor: int
    currency: str
    binding_cap: str
    reasons: str
    policy_version: str


@dataclass(frozen=True, slots=True)
class UnannouncedCheck:
    """A credit check that was answered at the door and has not been published yet."""

    check_id: str
    decision_id: str
    customer_id: str
    order_id: str
    action: str
    amount: Money
    reasons: tuple[ReasonGiven, ...]
    decided_at: datetime


class Portfolio:
    """The totals of all partitions by day, and which days are complete."""

    def __init__(self, partitions: int, rows: Iterable[TotalRow] = ()) -> None:
        self._partitions = partitions
        self._days: dict[date, dict[int, list[TotalRow]]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: TotalRow) -> None:
        """Take in one partition's total; a row without a currency only says "complete"."""
        self._days.setdefault(row.day, {}).setdefault(row.partition, []).append(row)

    def before(self, day: date, currency: str) -> PortfolioTotal | None:
        """The receivables on the newest day before `day` that is complete in all partitions."""
        complete = [each for each in self._days if each < day and self._is_complete(each)]
        if not complete:
            return None
        newest = max(complete)
        rows = [
            row
            for partition in self._days[newest].values()
            for row in partition
            if row.currency == currency
        ]
        open_minor = sum(row.open_minor for row in rows)
        return PortfolioTotal(
            newest, Money(open_minor, currency), sum(row.customers for row in rows)
        )

    def _is_complete(self, day: date) -> bool:
        return len(self._days[day]) >= self._partitions


@dataclass(slots=True)
class Book:
    """One batch of one partition: what was loaded, what changed (how often), what is to be written.

    `portfolio` is loaded where a grade may move a tier; else it holds what the batch itself tells.
    """

    partition: int
    portfolio: Portfolio = field(default_factory=partial(Portfolio, 1))
    accounts: dict[str, Account] = field(default_factory=dict)
    checks: list[UnannouncedCheck] = field(default_factory=list)
    changed: Counter[str] = field(default_factory=Counter)
    absorbed: list[tuple[str, str]] = field(default_factory=list)
    tier_changes: list[TierChange] = field(default_factory=list)
    limit_changes: list[LimitChange] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    announced: list[UnannouncedCheck] = field(default_factory=list)
    closed_on: date | None = None

    def account(self, customer_id: str) -> Account:
        """The customer's account, to be changed; opened if there is none."""
        self.changed[customer_id] += 1
        return self.accounts.setdefault(customer_id, Account(customer_id))

    def add_total(self, row: TotalRow) -> None:
        """Take in a total of this partition."""
        self.portfolio.add(row)
        self.totals.append(row)
