"""A glance at an account, before any figure is put together, to see what is there at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.tally import Series
from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.figures.exposure import Exposure
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.watching.watch import Watch


@dataclass(slots=True, kw_only=True)
class Glance:
    """What is looked at: the account as it is, aged to the day, and the watch over it.

    `limits` are those that use is measured against, by currency, in minor units.
    """

    as_of: date
    account: Account
    watch: Watch
    ageings: tuple[Ageing, ...]
    exposures: tuple[Exposure, ...]
    limits: Mapping[str, int]
    policy: MonitoringPolicy

    @property
    def conduct(self) -> Conduct:
        """The notes on the customer's conduct."""
        return self.watch.conduct


def there(glance: Glance) -> int:
    """What there is at all, a bit for each of `_NEEDED`: most customers have no part of most kinds."""
    conduct, account = glance.conduct, glance.account
    overdue = any(each.undisputed_days_past_due for each in glance.ageings)
    shares = any(key.startswith(_PARTS) for key in conduct.tallies)
    return (
        overdue
        | bool(conduct.usage) << 1
        | shares << 2
        | bool(glance.limits) << 3
        | bool(account.promises) << 4
        | (conduct.discounts is not None) << 5
        | (conduct.bills is not None or conduct.bill_listing is not None) << 6
        | bool(conduct.accounts is not None and conduct.accounts.changes) << 7
        | bool(conduct.methods is not None and conduct.methods.steps) << 8
        | bool(account.reliefs) << 9
        | bool(account.contacts) << 10
        | (glance.watch.dishonours.count > 0) << 11
        | bool(conduct.trends) << 12
    )


@lru_cache(maxsize=1024)
def worth_asking(touched: tuple[Indicator, ...], found: int) -> tuple[Indicator, ...]:
    """Of the signs touched, those that something of is there."""
    missing = {
        indicator
        for bit, needing in enumerate(_NEEDED)
        if not found >> bit & 1
        for indicator in needing
    }
    return tuple(each for each in touched if each not in missing)


_PARTS: Final = tuple(
    f"{series}/"
    for series in (
        Series.CANCELLED,
        Series.RETURNED,
        Series.CREDITED_RETURNS,
        Series.CREDITED,
        Series.DISPUTED,
        Series.ON_ACCOUNT,
        Series.THIRD_PARTY,
    )
)
_NEEDED: Final[tuple[tuple[Indicator, ...], ...]] = (
    (
        Indicator.MAX_DAYS_PAST_DUE,
        Indicator.OVERDUE_RATIO,
        Indicator.AVERAGE_DAYS_DELINQUENT,
    ),
    (Indicator.UTILISATION_TREND, Indicator.OVER_LIMIT_DURATION),
    (
        Indicator.ROUND_SUMS,
        Indicator.CANCELLATIONS,
        Indicator.RETURNS,
        Indicator.DILUTION,
        Indicator.DISPUTE_RATE,
        Indicator.THIRD_PARTY_PAYER,
    ),
    (Indicator.LIMIT_UTILISATION,),
    (Indicator.BROKEN_PROMISES,),
    (Indicator.DISCOUNT_LOST,),
    (Indicator.BILL_QUALITY,),
    (Indicator.BANK_ACCOUNT_CHANGE,),
    (Indicator.METHOD_DOWNGRADE,),
    (Indicator.RELIEF_REQUESTS,),
    (Indicator.CONTACT_LOSS,),
    (Indicator.DISHONOURS,),
    (
        Indicator.LATENESS_DRIFT,
        Indicator.SALES_OUTSTANDING_DRIFT,
        Indicator.OLDEST_ITEM_AGEING,
        Indicator.LIQUID_GOODS_SHIFT,
    ),
)
"""What can say nothing without each of the things that `there` looks for, in its order."""
