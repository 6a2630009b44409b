"""The days on which time alone changes what an open warning is about, where they can be foreseen.

What is summed over a window changes by itself on the day on which something leaves it, and on no other:
until then nobody need look at the customer. What fades is looked at when it may have left a severity.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log2
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.recent import usual_gap
from services.monitoring.domain.conduct.tally import Series
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.watching.watch import Watch
from shared.kernel.dates import month_end, next_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is looked at: an account and its watch after the close of a day, and the policy."""

    after: date
    account: Account
    watch: Watch
    policy: WarningPolicy


def foreseen(ahead: Ahead) -> dict[Indicator, date | None]:
    """For each open warning whose changes can be foreseen, the next one; None if there is none."""
    return {
        indicator: min(
            (day for day in _CHANGES[indicator](ahead) if day > ahead.after), default=None
        )
        for indicator in ahead.watch.alerts
        if indicator in _CHANGES
    }


def _leaving(days: Iterable[date], length: int, after: date) -> Iterator[date]:
    """When the first of some days in their order, newest first, leaves a window of a length."""
    begin, first = after - timedelta(days=length), None
    for day in days:
        if day <= begin:
            break
        first = day
    if first is not None:
        yield first + timedelta(days=length)


def _settled(length: Callable[[WarningPolicy], int]) -> Callable[[Ahead], Iterator[date]]:
    def _days(ahead: Ahead) -> Iterator[date]:
        for history in ahead.account.histories.values():
            yield from _leaving(reversed(history.settled), length(ahead.policy), ahead.after)

    return _days


def _purchased(ahead: Ahead, length: int) -> Iterator[date]:
    for history in ahead.account.histories.values():
        yield from _leaving(reversed(history.purchased), length, ahead.after)


def _sold(ahead: Ahead) -> Iterator[date]:
    yield from _purchased(ahead, ahead.policy.windows.sales_days)


def _shares(
    indicator: Indicator, *series: Series, invoiced: bool = False
) -> Callable[[Ahead], Iterator[date]]:
    """Shares of a window: any of the series, and the invoices, may leave it."""

    def _days(ahead: Ahead) -> Iterator[date]:
        length = ahead.policy.indicators[indicator].days
        for name, tally in ahead.watch.conduct.tallies.items():
            if name.split("/", 1)[0] in series:
                days = (day for day, _, _ in reversed(tally.days))
                yield from _leaving(days, length, ahead.after)
        if invoiced:
            yield from _purchased(ahead, length)

    return _days


def _promised(ahead: Ahead) -> Iterator[date]:
    length = timedelta(days=ahead.policy.indicators[Indicator.BROKEN_PROMISES].days)
    for promise in ahead.account.promises.values():
        yield promise.due_on + length


def _silent(ahead: Ahead) -> Iterator[date]:
    """When the silence gets to a threshold, or is worth saying again.

    The usual gap may be another one in the next month.
    """
    conduct, entry = ahead.watch.conduct, ahead.policy.indicators[Indicator.SILENCE]
    alert = ahead.watch.alerts[Indicator.SILENCE]
    rhythm = conduct.rhythm
    yield next_day(month_end(ahead.after))
    if rhythm is None or rhythm.last is None:
        return
    gap = usual_gap(conduct, next_day(ahead.after))
    rare = gap + entry.numbers["deviations"] * rhythm.deviation
    lengths = [each * gap for each in (entry.watch, entry.amber, entry.red) if each is not None]
    lengths += [gap, rare, entry.numbers["least_days"] - 1, entry.numbers["most_days"]]
    again = (1.0 + ahead.policy.lifecycle.worsening) * alert.said_value * gap
    yield rhythm.last + timedelta(days=ceil(again - _SPARE))
    for length in lengths:
        yield rhythm.last + timedelta(days=floor(length) + 1)


def _fading(ahead: Ahead) -> Iterator[date]:
    """When the reports of today may have faded to where a severity is left.

    One report has by then; of several together the weight fades more slowly, so that some more looks follow.
    """
    entry = ahead.policy.indicators[Indicator.ADVERSE_MEDIA]
    value = ahead.watch.alerts[Indicator.ADVERSE_MEDIA].value
    for bound in (entry.watch, entry.amber, entry.red):
        left_at = ahead.policy.lifecycle.clear_factor * (bound or 0.0)
        if 0 < left_at < value:
            days = entry.numbers["half_life_days"] * log2(value / left_at)
            yield ahead.after + timedelta(days=max(1, ceil(days - _SPARE)))


_SPARE: Final = 1e-6
_INVOICED: Final = Series.GIVEN_BACK
_CHANGES: Final[dict[Indicator, Callable[[Ahead], Iterator[date]]]] = {
    Indicator.LATENESS_LEVEL: _settled(lambda policy: policy.windows.wadd_days),
    Indicator.PARTIAL_PAYMENTS: _settled(lambda policy: policy.windows.parts_days),
    Indicator.AVERAGE_DAYS_DELINQUENT: _sold,
    Indicator.BROKEN_PROMISES: _promised,
    Indicator.ROUND_SUMS: _shares(Indicator.ROUND_SUMS, Series.ON_ACCOUNT, Series.RECEIVED),
    Indicator.CANCELLATIONS: _shares(Indicator.CANCELLATIONS, Series.CANCELLED, Series.ORDERED),
    Indicator.RETURNS: _shares(
        Indicator.RETURNS,
        Series.RETURNED,
        Series.CREDITED_RETURNS,
        Series.DELIVERED,
        _INVOICED,
        invoiced=True,
    ),
    Indicator.DILUTION: _shares(Indicator.DILUTION, Series.CREDITED, _INVOICED, invoiced=True),
    Indicator.DISPUTE_RATE: _shares(
        Indicator.DISPUTE_RATE, Series.DISPUTED, Series.DISPUTED_LATE, _INVOICED, invoiced=True
    ),
    Indicator.THIRD_PARTY_PAYER: _shares(
        Indicator.THIRD_PARTY_PAYER, Series.THIRD_PARTY, Series.RECEIVED
    ),
    Indicator.SILENCE: _silent,
    Indicator.ADVERSE_MEDIA: _fading,
}
