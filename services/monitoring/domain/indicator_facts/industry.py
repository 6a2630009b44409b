"""What happens in the customer's sector and country, as of one day."""

from dataclasses import dataclass, field
from datetime import date

from shared.kernel.values import quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An index's value for a day."""

    on: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorMonth:
    """How our own customers in a sector paid in a month, in all partitions together.

    `mean_days_late` is the mean of their amount-weighted days late, of `customers` that settled
    anything; `ends_on` the month's last day.
    """

    ends_on: date
    customers: int
    mean_days_late: float


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryFacts:
    """What happens in the customer's sector and country, as of one day.

    `industry` is the register's code after its scheme, `readings` are those of each index (pmi,
    insolvency, input_price, output_price) by day; `published_for` says for which part of the scheme.
    `currency` is what one unit of the country's is worth in ours, `transfer_controls` above 0 while
    money may not leave. `months` are our own sector's, oldest first.
    """

    as_of: date
    industry: str | None = None
    country: str | None = None
    readings: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    published_for: dict[str, str] = field(default_factory=dict)
    currency: tuple[Reading, ...] = ()
    transfer_controls: tuple[Reading, ...] = ()
    months: tuple[SectorMonth, ...] = ()
