"""A glance at an account, before any figure is put together, to see whether a sign can say anything.

It stands before the formulas on the hot path and errs on their side: where it finds nothing, the
formula finds no severity either (tests hold the one against the other). What it cannot tell cheaply, it
leaves to the formula.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.monitoring.domain.account import Account
from services.monitoring.domain.ageing import Ageing
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.recent import account_of
from services.monitoring.domain.conduct.rules import number
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.tally import Series, key_of
from services.monitoring.domain.exposure import Exposure
from services.monitoring.domain.history import History
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.policy_warnings import Comparator, IndicatorPolicy
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


def worth_measuring(
    touched: Iterable[Indicator], glance: Glance, alarmed: Container[Indicator]
) -> list[Indicator]:
    """Of the signs touched, those in alarm and those that may say something, in their order."""
    return [each for each in touched if each in alarmed or _STIRS[each](glance)]


def _beyond(entry: IndicatorPolicy, value: float | None) -> bool:
    """Whether a value that gets worse as it grows lies beyond the mildest threshold."""
    if value is None or entry.comparator is Comparator.LESS_THAN:
        return value is not None
    return any(at is not None and value >= at for at in (entry.watch, entry.amber, entry.red))


def _late(glance: Glance) -> bool:
    return any(each.undisputed_days_past_due for each in glance.ageings)


def _long_late(glance: Glance) -> bool:
    entry = glance.policy.warnings.indicators[Indicator.MAX_DAYS_PAST_DUE]
    return any(_beyond(entry, each.material_days_past_due) for each in glance.ageings)


def _settled_late(glance: Glance) -> bool:
    begin = glance.as_of - timedelta(days=glance.policy.warnings.windows.wadd_days)
    return any(_lately(each, begin, "late_days") for each in glance.account.histories.values())


def _settled_in_parts(glance: Glance) -> bool:
    begin = glance.as_of - timedelta(days=glance.policy.warnings.windows.parts_days)
    return any(_lately(each, begin, "in_parts") for each in glance.account.histories.values())


def _lately(history: History, begin: date, figure: str) -> bool:
    for when in reversed(history.settled):
        if when <= begin:
            return False
        if getattr(history.settled[when], figure):
            return True
    return False


def _paid_on(glance: Glance) -> bool:
    """Whether anything was paid on an invoice that is still open."""
    return any(each.receivable.paid for ageing in glance.ageings for each in ageing.aged)


def _used(glance: Glance) -> bool:
    entry = glance.policy.warnings.indicators[Indicator.LIMIT_UTILISATION]
    return any(
        _beyond(entry, each.total / limit)
        for each in glance.exposures
        if (limit := glance.limits.get(each.currency))
    )


def _use_rises(glance: Glance) -> bool:
    conduct = glance.conduct
    if not conduct.usage:
        return False
    policy = glance.policy.warnings
    entry = policy.indicators[Indicator.UTILISATION_TREND]
    constant = number(policy, Indicator.UTILISATION_TREND, "time_constant_days")
    rises = (
        each.rise(glance.as_of, days=entry.days, time_constant=constant)
        for each in conduct.usage.values()
    )
    spare = 1e-9  # what is stored is rounded to twelve digits
    return any(_beyond(entry, None if each is None else each + spare) for each in rises)


def _over(glance: Glance) -> bool:
    return any(each.over_since is not None for each in glance.conduct.usage.values())


def _order_surges(glance: Glance) -> bool:
    policy = glance.policy.warnings
    entry = policy.indicators[Indicator.ORDER_SURGE]
    return any(
        spoken is not None and _beyond(entry, spoken.z)
        for patterns in (glance.watch.orders, glance.watch.months)
        for each in patterns.values()
        for spoken in (each.latest, each.strongest)
    )


def _orders_swing(glance: Glance) -> bool:
    policy = glance.policy.warnings
    entry, floor = policy.indicators[Indicator.ORDER_VOLATILITY], policy.orders.floor
    return any(_beyond(entry, each.ratio(floor=floor)) for each in glance.conduct.swings.values())


def _any_of(*series: Series) -> Callable[[Glance], bool]:
    """Whether a series has anything in it, in any currency that the customer deals in."""

    def _has(glance: Glance) -> bool:
        tallies = glance.conduct.tallies
        return any(
            key_of(each, name) in tallies for name in glance.account.histories for each in series
        )

    return _has


def _account_changed(glance: Glance) -> bool:
    found = account_of(glance.conduct, glance.policy.warnings, as_of=glance.as_of)
    return found is not None


def _silent(glance: Glance) -> bool:
    rhythm = glance.conduct.rhythm
    return rhythm is not None and rhythm.last is not None and rhythm.last < glance.as_of


def _always(_: Glance) -> bool:
    return True


_STIRS: Final[dict[Indicator, Callable[[Glance], bool]]] = {
    Indicator.MAX_DAYS_PAST_DUE: _long_late,
    Indicator.OVERDUE_RATIO: _late,
    Indicator.LATENESS_LEVEL: _settled_late,
    Indicator.AVERAGE_DAYS_DELINQUENT: _late,
    Indicator.PARTIAL_PAYMENTS: _settled_in_parts,
    Indicator.SHORT_PAYMENTS: _paid_on,
    Indicator.DISHONOURS: _always,
    Indicator.BROKEN_PROMISES: lambda glance: bool(glance.account.promises),
    Indicator.ROUND_SUMS: _any_of(Series.ON_ACCOUNT),
    Indicator.DISCOUNT_LOST: lambda glance: glance.conduct.discounts is not None,
    Indicator.BILL_QUALITY: lambda glance: (
        glance.conduct.bills is not None or glance.conduct.bill_listing is not None
    ),
    Indicator.ORDER_SURGE: _order_surges,
    Indicator.ORDER_VOLATILITY: _orders_swing,
    Indicator.CANCELLATIONS: _any_of(Series.CANCELLED),
    Indicator.RETURNS: _any_of(Series.RETURNED, Series.CREDITED_RETURNS),
    Indicator.DILUTION: _any_of(Series.CREDITED),
    Indicator.DISPUTE_RATE: _any_of(Series.DISPUTED),
    Indicator.RELIEF_REQUESTS: lambda glance: bool(glance.account.reliefs),
    Indicator.BANK_ACCOUNT_CHANGE: _account_changed,
    Indicator.THIRD_PARTY_PAYER: _any_of(Series.THIRD_PARTY),
    Indicator.METHOD_DOWNGRADE: lambda glance: (
        glance.conduct.methods is not None and glance.conduct.methods.steps > 0
    ),
    Indicator.CONTACT_LOSS: lambda glance: bool(glance.account.contacts),
    Indicator.SILENCE: _silent,
    Indicator.LIMIT_UTILISATION: _used,
    Indicator.UTILISATION_TREND: _use_rises,
    Indicator.OVER_LIMIT_DURATION: _over,
}
