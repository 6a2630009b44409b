"""What the end of a day, or of a month, adds to a customer's conduct; and when it has to be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.discounts import Discounts
from services.monitoring.domain.conduct.recent import unpaid_bills, usual_gap
from services.monitoring.domain.conduct.rules import number, trend_rules, window
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.tally import Series, sum_within
from services.monitoring.domain.conduct.trends import Month, after_month
from services.monitoring.domain.conduct.usage import Usage
from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.figures.behaviour import weighted_days_late
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.history import (
    History,
    days_before,
    purchased_within,
    settled_within,
)
from services.monitoring.domain.streaming.seasons import Seasons
from shared.kernel.values import quick

MONTH_DOCUMENTS = 20


def end_day(conduct: Conduct, account: Account, day: date, policy: WarningPolicy) -> None:
    """Judge what is due at the end of a day: offers of a discount, bills."""
    if conduct.discounts is not None:
        conduct.discounts = _gone_by(conduct.discounts, account, day)
    if conduct.bills is not None:
        conduct.bills = conduct.bills.lapsed(unpaid_bills(account, policy, as_of=day))


def _gone_by(discounts: Discounts, account: Account, day: date) -> Discounts:
    for name, offer in sorted(discounts.offers.items()):
        if offer.until > day:
            continue
        owes = name in account.receivables
        discounts = discounts.missed(name, day) if owes else discounts.dropped(name)
    return discounts


def end_month(
    conduct: Conduct, account: Account, ageings: Iterable[Ageing], policy: WarningPolicy
) -> None:
    """Hold the month that ends against those before it, in every currency."""
    rules = trend_rules(policy)
    for ageing in sorted(ageings, key=lambda each: each.currency):
        currency = ageing.currency
        history = account.histories.get(currency, History())
        month = _month(conduct, ageing, history, policy)
        before = conduct.trends.get(currency)
        conduct.trends[currency] = after_month(before, month, rules)
        bought = _bought(history, ageing.as_of)
        seasons = conduct.seasons.get(currency)
        if seasons is not None or bought > 0:
            conduct.seasons[currency] = (seasons or Seasons()).after(
                float(max(0, bought)), ageing.as_of.month
            )


def _month(conduct: Conduct, ageing: Ageing, history: History, policy: WarningPolicy) -> Month:
    day = ageing.as_of
    settled = settled_within(history, after=days_before(day.replace(day=1), 1), through=day)
    enough = sum(each.invoices for each in settled) >= number(
        policy, Indicator.LATENESS_DRIFT, "least_settled"
    )
    days = window(policy, Indicator.SALES_OUTSTANDING_DRIFT)
    begin = days_before(day, days)
    sales = purchased_within(history, after=begin, through=day)
    days_old = ageing.material_days_past_due
    late = [each for each in ageing.past_due if each.days == days_old]
    oldest = max(late, key=lambda each: each.counted, default=None)
    return Month(
        on=day,
        days_late=weighted_days_late(settled) if enough else None,
        days_outstanding=_days_outstanding(ageing.open, sales, days),
        invoiced_days=sum(1 for each in history.purchased if begin < each <= day),
        oldest_days=days_old,
        liquid_share=_liquid_share(conduct, ageing, policy),
        documents=tuple(name for each in settled for name in each.late)[:MONTH_DOCUMENTS],
        oldest=None if oldest is None else oldest.receivable.invoice_id,
    )


def _days_outstanding(owed: int, sales: int, days: int) -> float | None:
    """What is open in days of sales; with nothing open none, without sales unknown."""
    if sales > 0:
        return owed / sales * days
    return None if owed else 0.0


def _liquid_share(conduct: Conduct, ageing: Ageing, policy: WarningPolicy) -> float | None:
    days = window(policy, Indicator.LIQUID_GOODS_SHIFT)
    amount, orders = sum_within(
        conduct.tallies, Series.MIXED, ageing.currency, days=days, through=ageing.as_of
    )
    if amount <= 0 or orders < number(policy, Indicator.LIQUID_GOODS_SHIFT, "least_orders"):
        return None
    liquid, _ = sum_within(
        conduct.tallies, Series.LIQUID, ageing.currency, days=days, through=ageing.as_of
    )
    return liquid / amount


def _bought(history: History, day: date) -> int:
    return purchased_within(history, after=days_before(day.replace(day=1), 1), through=day)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Exposure and limit in one currency, minor units; None where there is no limit above zero."""

    currency: str
    exposure: int
    limit: int | None


def note_use(conduct: Conduct, uses: Iterable[Use], day: date, policy: WarningPolicy) -> None:
    """Look at the use of the limits, after whatever changed."""
    constant = number(policy, Indicator.UTILISATION_TREND, "time_constant_days")
    for use in uses:
        known = conduct.usage.get(use.currency)
        if use.limit:
            share = use.exposure / use.limit
            used = (known or Usage()).after(share, day, time_constant=constant)
            conduct.usage[use.currency] = used
        elif known is not None:
            conduct.usage[use.currency] = known.without_limit(use.exposure)


def conduct_wakes_on(
    conduct: Conduct, account: Account, policy: WarningPolicy, *, after: date
) -> date | None:
    """The first day after a day whose close can change a figure of the conduct by time alone."""
    days = [
        *_judgement_days(conduct, account, policy),
        *_window_days(conduct, policy, after),
        *_usage_days(conduct, policy, after),
        *_silent_days(conduct, policy, after),
        *_request_days(account, policy),
    ]
    return min((day for day in days if day > after), default=None)


def _judgement_days(conduct: Conduct, account: Account, policy: WarningPolicy) -> list[date]:
    days: list[date] = []
    if conduct.discounts is not None:
        days += [offer.until for offer in conduct.discounts.offers.values()]
    if conduct.bills is not None:
        grace = timedelta(days=number(policy, Indicator.BILL_QUALITY, "grace_days") + 1)
        days += [bill.due + grace for bill in account.bills.values() if bill.due is not None]
    return days


_PARTS = (
    (Series.CANCELLED, Series.ORDERED, Indicator.CANCELLATIONS),
    (Series.RETURNED, Series.DELIVERED, Indicator.RETURNS),
    (Series.ON_ACCOUNT, Series.RECEIVED, Indicator.ROUND_SUMS),
    (Series.THIRD_PARTY, Series.RECEIVED, Indicator.THIRD_PARTY_PAYER),
)


def _window_days(conduct: Conduct, policy: WarningPolicy, after: date) -> list[date]:
    """Where the whole leaves a window before the part does, the share rises by itself."""
    days: list[date] = []
    if not conduct.tallies:
        return days
    for part, whole, indicator in _PARTS:
        length = window(policy, indicator)
        for name, tally in conduct.tallies.items():
            if not name.startswith(f"{part}/") or tally.next_change(length, after) is None:
                continue
            of = conduct.tallies.get(f"{whole}/{name.removeprefix(f'{part}/')}")
            change = None if of is None else of.next_change(length, after)
            days += [] if change is None else [change]
    return days


def _usage_days(conduct: Conduct, policy: WarningPolicy, after: date) -> list[date]:
    days: list[date] = []
    entry = policy.indicators[Indicator.OVER_LIMIT_DURATION]
    over = [floor(each) for each in (entry.watch, entry.amber, entry.red) if each is not None]
    rise = policy.indicators[Indicator.UTILISATION_TREND].watch or 0.0
    for usage in conduct.usage.values():
        if usage.over_since is not None and usage.known:
            days += [usage.over_since + timedelta(days=each) for each in over]
        past = min((mean for _, mean in usage.weeks), default=None)
        if past is not None and usage.average.level - past > rise:
            days.append(after + timedelta(days=7 - after.weekday()))
    return days


def _silent_days(conduct: Conduct, policy: WarningPolicy, after: date) -> list[date]:
    rhythm, entry = conduct.rhythm, policy.indicators[Indicator.SILENCE]
    if rhythm is None or rhythm.last is None or rhythm.gaps < entry.numbers["least_gaps"]:
        return []
    usual = usual_gap(conduct, after + timedelta(days=1))
    gaps = max(entry.watch or 0.0, 1.0) * usual
    deviations = usual + entry.numbers["deviations"] * rhythm.deviation
    silent = max(gaps, deviations, entry.numbers["least_days"])
    return [rhythm.last + timedelta(days=floor(silent) + 1)]


def _request_days(account: Account, policy: WarningPolicy) -> list[date]:
    """The days on which a request for relief leaves its window."""
    days = timedelta(days=window(policy, Indicator.RELIEF_REQUESTS))
    return [each.on + days for each in account.reliefs]
