"""Whether a sign can say anything at all, asked before its formula: `worth_measuring`.

It stands before the formulas on the hot path and errs on their side: where it finds nothing, the
formula finds no severity either (tests hold the one against the other). What it cannot tell cheaply, it
leaves to the formula.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.recent import account_of, usual_gap
from services.monitoring.domain.conduct.rules import number
from services.monitoring.domain.conduct.tally import Series, key_of
from services.monitoring.domain.policies.warnings import (
    Comparator,
    FactWindows,
    IndicatorPolicy,
    Severity,
)
from services.monitoring.domain.receivables.history import History, purchased_within, settled_within
from services.monitoring.domain.watching.glance import Glance, there, worth_asking
from services.monitoring.domain.watching.watch import Pattern

_SPARE = 1e-9  # stored figures are rounded to twelve digits; a glance must not fall short of one


def worth_measuring(
    touched: tuple[Indicator, ...], glance: Glance, alarmed: Collection[Indicator]
) -> list[Indicator]:
    """Of the signs touched, those in alarm and those that may say something, in their order."""
    stirred = [each for each in worth_asking(touched, there(glance)) if _STIRS[each](glance)]
    if not alarmed:
        return stirred
    return [each for each in touched if each in alarmed or each in stirred]


def _beyond(entry: IndicatorPolicy, value: float | None) -> bool:
    """Whether a value may lie beyond the mildest threshold; the formula says whether it does."""
    if value is None:
        return False
    mildest = entry.watch if entry.watch is not None else entry.threshold(Severity.WATCH)
    return value >= mildest - _SPARE or entry.comparator is Comparator.LESS_THAN


def _entry(glance: Glance, indicator: Indicator) -> IndicatorPolicy:
    return glance.policy.warnings.indicators[indicator]


def _long_late(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.MAX_DAYS_PAST_DUE)
    return any(_beyond(entry, each.material_days_past_due) for each in glance.ageings)


def _much_overdue(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.OVERDUE_RATIO)
    return any(
        _beyond(entry, each.counted_overdue / each.open) for each in glance.ageings if each.open
    )


def _late_by_sales(glance: Glance) -> bool:
    entry, days = (
        _entry(glance, Indicator.AVERAGE_DAYS_DELINQUENT),
        glance.policy.warnings.windows.sales_days,
    )
    begin = glance.as_of - timedelta(days=days)
    for each in glance.ageings:
        if each.counted_overdue > 0:
            history = glance.account.histories.get(each.currency, History())
            sales = purchased_within(history, after=begin, through=glance.as_of)
            if sales > 0 and _beyond(entry, each.counted_overdue / sales * days):
                return True
    return False


def _settled_late(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.LATENESS_LEVEL)
    return any(
        _beyond(entry, late / amount)
        for late, amount in _settled(glance, "late_days", "amount", _windows(glance).wadd_days)
        if amount
    )


def _settled_in_parts(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.PARTIAL_PAYMENTS)
    return any(
        _beyond(entry, parts / invoices)
        for parts, invoices in _settled(glance, "in_parts", "invoices", _windows(glance).parts_days)
        if invoices
    )


def _windows(glance: Glance) -> FactWindows:
    return glance.policy.warnings.windows


def _settled(glance: Glance, part: str, whole: str, days: int) -> Iterator[tuple[int, int]]:
    """Two sums over what was settled in the days that end with today, by currency."""
    begin = glance.as_of - timedelta(days=days)
    for history in glance.account.histories.values():
        settled = settled_within(history, after=begin, through=glance.as_of)
        first = sum([getattr(day, part) for day in settled])
        if first:
            yield first, sum([getattr(day, whole) for day in settled])


def _paid_on(glance: Glance) -> bool:
    """Whether anything was paid on an invoice that is still open."""
    return any(each.receivable.paid for ageing in glance.ageings for each in ageing.aged)


def _used(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.LIMIT_UTILISATION)
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
    return any(_beyond(entry, each) for each in rises)


def _over(glance: Glance) -> bool:
    usages = glance.conduct.usage.values()
    return any(each.over_since is not None and each.known for each in usages)


def _order_surges(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.ORDER_SURGE)
    heard = (*_heard(glance.watch.orders), *_heard(glance.watch.months))
    return any(_beyond(entry, z) for z in heard)


def _orders_drop(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.ORDER_DROP)
    return any(_beyond(entry, -z) for z in _heard(glance.watch.months))


def _heard(patterns: Mapping[str, Pattern]) -> list[float]:
    """How surprising the latest amounts were, and the strongest ones that may still speak."""
    spoken = [heard for each in patterns.values() for heard in (each.latest, each.strongest)]
    return [heard.z for heard in spoken if heard is not None and heard.z is not None]


def _drifts(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.LATENESS_DRIFT)
    return any(_beyond(entry, each.drift.sum.height) for each in glance.conduct.trends.values())


def _over_norm(glance: Glance) -> bool:
    return any(
        days is not None and each.norm is not None and days > each.norm
        for each in glance.conduct.trends.values()
        for days in (each.latest.days_outstanding,)
    )


def _ages(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.OLDEST_ITEM_AGEING)
    return any(_beyond(entry, each.rising) for each in glance.conduct.trends.values())


def _goods_shift(glance: Glance) -> bool:
    entry = _entry(glance, Indicator.LIQUID_GOODS_SHIFT)
    return any(_beyond(entry, each.goods_z) for each in glance.conduct.trends.values())


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
    if rhythm is None or rhythm.last is None or not rhythm.mean:
        return False
    silent, gap = (glance.as_of - rhythm.last).days, usual_gap(glance.conduct, glance.as_of)
    return silent > gap and (not gap or _beyond(_entry(glance, Indicator.SILENCE), silent / gap))


def _there(_: Glance) -> bool:
    """That there is something of it is all that a glance can tell."""
    return True


_STIRS: Final[dict[Indicator, Callable[[Glance], bool]]] = {
    Indicator.MAX_DAYS_PAST_DUE: _long_late,
    Indicator.OVERDUE_RATIO: _much_overdue,
    Indicator.LATENESS_LEVEL: _settled_late,
    Indicator.LATENESS_DRIFT: _drifts,
    Indicator.SALES_OUTSTANDING_DRIFT: _over_norm,
    Indicator.OLDEST_ITEM_AGEING: _ages,
    Indicator.AVERAGE_DAYS_DELINQUENT: _late_by_sales,
    Indicator.PARTIAL_PAYMENTS: _settled_in_parts,
    Indicator.SHORT_PAYMENTS: _paid_on,
    Indicator.DISHONOURS: _there,
    Indicator.BROKEN_PROMISES: _there,
    Indicator.ROUND_SUMS: _any_of(Series.ON_ACCOUNT),
    Indicator.DISCOUNT_LOST: _there,
    Indicator.BILL_QUALITY: _there,
    Indicator.ORDER_SURGE: _order_surges,
    Indicator.ORDER_DROP: _orders_drop,
    Indicator.ORDER_VOLATILITY: _orders_swing,
    Indicator.CANCELLATIONS: _any_of(Series.CANCELLED),
    Indicator.RETURNS: _any_of(Series.RETURNED, Series.CREDITED_RETURNS),
    Indicator.DILUTION: _any_of(Series.CREDITED),
    Indicator.DISPUTE_RATE: _any_of(Series.DISPUTED),
    Indicator.RELIEF_REQUESTS: _there,
    Indicator.BANK_ACCOUNT_CHANGE: _account_changed,
    Indicator.THIRD_PARTY_PAYER: _any_of(Series.THIRD_PARTY),
    Indicator.METHOD_DOWNGRADE: _there,
    Indicator.CONTACT_LOSS: _there,
    Indicator.LIQUID_GOODS_SHIFT: _goods_shift,
    Indicator.SILENCE: _silent,
    Indicator.LIMIT_UTILISATION: _used,
    Indicator.UTILISATION_TREND: _use_rises,
    Indicator.OVER_LIMIT_DURATION: _over,
}
SIGNS_OF_LEDGER: Final = tuple(sorted(_STIRS))
"""All the signs that a glance can tell of: those of the ledger and of conduct."""
