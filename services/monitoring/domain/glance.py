"""A glance at an account, before any figure is put together, to see what is there at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.monitoring.domain.account import Account
from services.monitoring.domain.ageing import Ageing
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.tally import Series
from services.monitoring.domain.exposure import Exposure
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watch import Watch


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


def nothing_there_for(glance: Glance) -> frozenset[Indicator]:
    """The signs that nothing is there for at all: most customers have no part of most kinds."""
    conduct, silent = glance.conduct, _NEVER
    if not any(each.undisputed_days_past_due for each in glance.ageings):
        silent = _OF_OVERDUE
    if not conduct.usage:
        silent |= _OF_LIMITS
    if not any(key.startswith(_PARTS) for key in conduct.tallies):
        silent |= _OF_PARTS
    return silent


_NEVER: Final[frozenset[Indicator]] = frozenset()
_OF_OVERDUE: Final = frozenset(
    {
        Indicator.MAX_DAYS_PAST_DUE,
        Indicator.OVERDUE_RATIO,
        Indicator.AVERAGE_DAYS_DELINQUENT,
    }
)
_OF_LIMITS: Final = frozenset({Indicator.UTILISATION_TREND, Indicator.OVER_LIMIT_DURATION})
_OF_PARTS: Final = frozenset(
    {
        Indicator.ROUND_SUMS,
        Indicator.CANCELLATIONS,
        Indicator.RETURNS,
        Indicator.DILUTION,
        Indicator.DISPUTE_RATE,
        Indicator.THIRD_PARTY_PAYER,
    }
)
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
