"""What monitoring keeps of a customer beside the account: detectors, alerts and open warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from types import MappingProxyType

from services.monitoring.domain.catalogue import Indicator, IndicatorGroup, group_of
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.detectors import DecayingCount, Surprise, UsualAmount, meet
from services.monitoring.domain.figures.behaviour import TECHNICAL
from services.monitoring.domain.indicator_facts.detectors import DetectorFacts, SurpriseFacts
from services.monitoring.domain.policies.guards import FeedDoubt
from services.monitoring.domain.policies.surprises import SurprisePolicy
from services.monitoring.domain.policies.warnings import (
    LifecyclePolicy,
    Severity,
    WarningPolicy,
)
from services.monitoring.domain.watching.alerts import Alert
from services.monitoring.domain.watching.divergence import Divergence
from services.monitoring.domain.watching.early_warning import (
    Contribution,
    EarlyWarning,
    early_warning,
)
from services.monitoring.domain.watching.risk_warning import AlertCase, RiskWarning
from shared.kernel.dates import month_end, previous_day
from shared.kernel.money import Money
from shared.kernel.values import quick, replace

DOCUMENTS_KEPT = 10
_TOLD = frozenset({IndicatorGroup.FINANCIALS, IndicatorGroup.EXTERNAL, IndicatorGroup.INDUSTRY})
_GROWING = frozenset(
    {Indicator.MAX_DAYS_PAST_DUE, Indicator.OVER_LIMIT_DURATION, Indicator.STATEMENTS_LATE}
)
_STAYS = frozenset(
    {
        Indicator.OVERDUE_RATIO,
        Indicator.LIMIT_UTILISATION,
        Indicator.RELIEF_REQUESTS,  # until one leaves its window, which wakes the customer by itself
        Indicator.LATENESS_DRIFT,
        Indicator.SALES_OUTSTANDING_DRIFT,
        Indicator.OLDEST_ITEM_AGEING,
        Indicator.ORDER_DROP,
        Indicator.LIQUID_GOODS_SHIFT,
    }
)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What is usual in one currency, and the surprises that still speak.

    `documents` is how many purchases are usual, of a month; None for single orders.
    """

    usual: UsualAmount = field(default_factory=UsualAmount)
    documents: float | None = None
    latest: SurpriseFacts | None = None
    strongest: SurpriseFacts | None = None


@dataclass(slots=True, kw_only=True)
class Watch:
    """The watch kept over one customer; changes in place, its parts are frozen.

    `orders` and `months` hold the patterns by currency. `alerts` and `warnings` go together: the
    lifecycle's memory and what people see of it; `divergence` is where they speak against each other,
    `case` the one that the newest of them opened or joined. `long_overdue` is whether anything was past due for longer than the policy's days at the
    last close. `doubts` are counted as facts come (`feed_quality.py`).
    """

    dishonours: DecayingCount = field(default_factory=DecayingCount)
    dishonoured_payments: tuple[str, ...] = ()
    orders: dict[str, Pattern] = field(default_factory=dict)
    months: dict[str, Pattern] = field(default_factory=dict)
    alerts: dict[Indicator, Alert] = field(default_factory=dict)
    warnings: dict[Indicator, RiskWarning] = field(default_factory=dict)
    divergence: Divergence | None = None
    doubts: dict[FeedDoubt, DecayingCount] = field(default_factory=dict)
    conduct: Conduct = field(default_factory=Conduct)
    case: AlertCase | None = None
    long_overdue: bool = False


def note_bounce(
    watch: Watch, payment_id: str, *, on: date, reason: str, policy: WarningPolicy
) -> None:
    """Count a payment that bounced, or a bill that was not paid, in whatever words.

    A technical failure is not the customer's.
    """
    if reason == TECHNICAL:
        return
    watch.dishonours = watch.dishonours.after(on, half_life_days=policy.dishonour_half_life_days)
    kept = (*watch.dishonoured_payments, payment_id)
    watch.dishonoured_payments = kept[-DOCUMENTS_KEPT:]


def note_order(
    watch: Watch, order_id: str, *, amount: Money, on: date, policy: WarningPolicy
) -> None:
    """Hold a new order against the customer's usual ones."""
    before = watch.orders.get(amount.currency, Pattern())
    usual, surprise = meet(before.usual, float(amount.amount), policy.orders)
    spoken = _spoken(surprise, amount, on=on, document=order_id)
    watch.orders[amount.currency] = _speaking(replace(before, usual=usual), spoken, policy.orders)


def note_month(
    watch: Watch, amount: Money, *, purchases: int, on: date, policy: WarningPolicy
) -> None:
    """Hold a finished month's purchases (a count of them too) against the usual months.

    Its season is what the months of the years before say: it is to be learned from after this.
    """
    before = watch.months.get(amount.currency, Pattern())
    if before.usual.seen == 0 and amount.minor <= 0:
        return
    seasons = watch.conduct.seasons.get(amount.currency)
    season = 1.0 if seasons is None else seasons.index(on.month)
    bought = max(0.0, float(amount.amount))
    usual, surprise = meet(before.usual, bought, policy.months, season=season)
    spoken = _spoken(surprise, amount, on=on)
    if spoken is not None:
        spoken = replace(spoken, usual_documents=before.documents, season=season)
    documents = _usually(before.documents, purchases, policy.months)
    watch.months[amount.currency] = _speaking(
        replace(before, usual=usual, documents=documents), spoken, policy.months
    )


def detector_facts(watch: Watch, policy: WarningPolicy, *, as_of: date) -> DetectorFacts:
    """What the detectors say on a day."""
    return DetectorFacts(
        dishonours=watch.dishonours.as_of(as_of, half_life_days=policy.dishonour_half_life_days),
        dishonoured_payments=watch.dishonoured_payments,
        orders=_heard(watch.orders, policy.orders, as_of=as_of),
        months=_heard(watch.months, policy.months, as_of=as_of),
    )


def early_warning_of(watch: Watch, policy: WarningPolicy, *, as_of: date) -> EarlyWarning:
    """The customer's composite score on a day, from the alerts that count.

    What is not scored, a matter of compliance, adds nothing; as a hard trigger it counts all the same.
    """
    contributions = [
        _contribution(indicator, alert, policy, as_of=as_of)
        for indicator, alert in sorted(watch.alerts.items())
        if alert.counts and (alert.hard or policy.indicators[indicator].scored)
    ]
    return early_warning(contributions, policy.score, as_of=as_of)


def has_open_red(watch: Watch) -> bool:
    """Whether a red warning is open; one that a person has resolved is not."""
    alerts = watch.alerts.values()
    return any(each.severity is Severity.RED and each.label is None for each in alerts)


def wakes_on(
    watch: Watch,
    lifecycle: LifecyclePolicy,
    *,
    day: date,
    foreseen: Mapping[Indicator, date | None] = MappingProxyType({}),
) -> date | None:
    """The day, `day` or later, whose close the warnings need; None if only a fact can change them.

    Every day while an alert is on its way down, or its value may move by time alone in a way that
    nobody foresees; `foreseen` says when those do of which somebody does. One that grows by a day a
    day when it is worth saying again, and one that got worse since it was said when it may be. What the
    outside told stays until it tells something else, what a month gave until the next one ends. Else the
    day before a snooze ends, or the month's end while months are watched. Facts of the ledger (an invoice
    falling due or growing old) wake the customer by themselves.
    """
    known = {indicator: alert for indicator, alert in watch.alerts.items() if alert.known}
    if any(_is_moving(indicator, alert, foreseen) for indicator, alert in known.items()):
        return day
    again = timedelta(days=lifecycle.realert_days)
    days = [
        max(day, known[each].said_on + again, day + _until_worth(known[each], lifecycle))
        for each in _GROWING & known.keys()
        if known[each].label is None
    ]
    days += [max(day, each) for each in foreseen.values() if each is not None]
    days += [
        alert.said_on + again
        for indicator, alert in known.items()
        if indicator in foreseen
        and alert.value != alert.said_value
        and day <= alert.said_on + again
    ]
    snoozes = [alert.snoozed_until for alert in watch.alerts.values()]
    days += [max(day, previous_day(until)) for until in snoozes if until]
    if watch.months or watch.orders:
        days.append(month_end(day))
    return min(days, default=None)


def _until_worth(alert: Alert, lifecycle: LifecyclePolicy) -> timedelta:
    """How long until the close at which a value that grows by one a day is worth saying again."""
    worse = (1.0 + lifecycle.worsening) * alert.said_value - alert.value
    return timedelta(days=max(0, ceil(worse) - 1))


def _is_moving(
    indicator: Indicator, alert: Alert, foreseen: Mapping[Indicator, date | None]
) -> bool:
    stays = indicator in _STAYS | _GROWING or group_of(indicator) in _TOLD
    return bool(alert.calm) or not (stays or indicator in foreseen)


def _contribution(
    indicator: Indicator, alert: Alert, policy: WarningPolicy, *, as_of: date
) -> Contribution:
    entry = policy.indicators[indicator]
    return Contribution(
        indicator=indicator.value,
        group=entry.group,
        severity=alert.severity,
        age_days=(as_of - alert.last_breach_on(as_of)).days,
        half_life_days=entry.half_life_days,
        confidence=alert.confidence if entry.scored else 0.0,
        hard=alert.hard,
    )


def _spoken(
    surprise: Surprise | None,
    amount: Money,
    *,
    on: date,
    document: str | None = None,
) -> SurpriseFacts | None:
    if surprise is None:
        return None
    return SurpriseFacts(
        currency=amount.currency,
        on=on,
        amount=amount,
        z=surprise.z,
        observed=surprise.observed,
        usual=surprise.usual,
        ratio=surprise.ratio,
        document=document,
    )


def _usually(documents: float | None, purchases: int, policy: SurprisePolicy) -> float:
    if documents is None:
        return float(purchases)
    return documents + policy.weight * (purchases - documents)


def _speaking(before: Pattern, spoken: SurpriseFacts | None, policy: SurprisePolicy) -> Pattern:
    if spoken is None:
        return replace(before, latest=None, strongest=None)
    held = before.strongest
    if held is None or _is_stale(held, policy, as_of=spoken.on) or _z(spoken) >= _z(held):
        held = spoken
    return replace(before, latest=spoken, strongest=held)


def _heard(
    patterns: dict[str, Pattern], policy: SurprisePolicy, *, as_of: date
) -> tuple[SurpriseFacts, ...]:
    spoken = [
        each.latest
        if each.strongest is None or _is_stale(each.strongest, policy, as_of=as_of)
        else each.strongest
        for _, each in sorted(patterns.items())
    ]
    return tuple(each for each in spoken if each is not None)


def _is_stale(facts: SurpriseFacts, policy: SurprisePolicy, *, as_of: date) -> bool:
    return as_of - facts.on >= timedelta(days=policy.hold_days)


def _z(facts: SurpriseFacts) -> float:
    return float("-inf") if facts.z is None else facts.z
