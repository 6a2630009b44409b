"""When a limit will be reached, if its use goes on rising as it did."""

from datetime import date, timedelta
from math import ceil

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.rules import number, window
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.policies.warnings import WarningPolicy

FORESEEN_DAYS = 365
"""A straight line says nothing of what lies further ahead."""


def limits_reached_on(conduct: Conduct, policy: WarningPolicy, *, as_of: date) -> dict[str, date]:
    """By currency, the day on which exposure comes to the limit at the pace of L02's window.

    The pace is the rise of the average use in the window over its days, starting from the use of
    now. Left out where use does not rise, is at the limit already, or gets there in a year at the earliest.
    """
    days = window(policy, Indicator.UTILISATION_TREND)
    constant = number(policy, Indicator.UTILISATION_TREND, "time_constant_days")
    found = {}
    for currency, usage in sorted(conduct.usage.items()):
        rise, left = usage.rise(as_of, days=days, time_constant=constant), 1.0 - usage.average.level
        if rise is not None and rise > 0 and 0 < left * days <= rise * FORESEEN_DAYS:
            found[currency] = as_of + timedelta(days=ceil(left * days / rise))
    return found
