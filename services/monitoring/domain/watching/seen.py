"""What it does to the detectors that a person has taken note of a warning."""

from collections.abc import Mapping

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.trends import without_drift
from services.monitoring.domain.detectors import acknowledged
from services.monitoring.domain.policies.surprises import SurprisePolicy
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.watching.watch import Pattern, Watch
from shared.kernel.values import replace


def note_seen(watch: Watch, indicator: Indicator, policy: WarningPolicy) -> None:
    """A person has taken note of a warning (domain.md §4.2).

    A cumulative sum begins anew, and amounts too unusual to learn from are left out no longer.
    """
    if indicator is Indicator.LATENESS_DRIFT:
        trends = watch.conduct.trends
        watch.conduct.trends = {name: without_drift(trend) for name, trend in trends.items()}
    if indicator is Indicator.ORDER_SURGE:
        watch.orders = _acknowledged(watch.orders, policy.orders)
    if indicator in {Indicator.ORDER_SURGE, Indicator.ORDER_DROP}:
        watch.months = _acknowledged(watch.months, policy.months)


def _acknowledged(patterns: Mapping[str, Pattern], policy: SurprisePolicy) -> dict[str, Pattern]:
    return {
        name: replace(each, usual=acknowledged(each.usual, policy))
        for name, each in patterns.items()
    }
