"""From what is kept of a customer's conduct to the facts that its indicators are measured on."""

from collections.abc import Sequence
from datetime import date
from math import sqrt

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct import rates, recent
from services.monitoring.domain.conduct.forecast import limits_reached_on
from services.monitoring.domain.conduct.rules import number, trend_rules, window
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.tally import Series, Tallies
from services.monitoring.domain.conduct.trends import Trend, TrendRules
from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.figures.exposure import Exposure
from services.monitoring.domain.indicator_facts.conduct import (
    AgeingRunFacts,
    ConductFacts,
    DriftFacts,
    GoodsFacts,
    NormFacts,
    RateFacts,
    SwingFacts,
    UsageFacts,
)
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.account import Account
from shared.kernel.maths import canonical
from shared.kernel.values import replace


def conduct_facts(
    conduct: Conduct,
    account: Account,
    rules: MonitoringPolicy,
    *,
    aged: Sequence[tuple[Ageing, Exposure]],
    as_of: date,
) -> ConductFacts:
    """What the conduct says on a day, and the account, `aged` to it, of short payments.

    What has nothing to say is left out, and costs nothing. Figures that others are derived from are
    canonical here already, so that a decision taken again on stored facts is the same.
    """
    policy = rules.warnings
    ageings = [ageing for ageing, _ in aged]
    facts = ConductFacts(
        short_paid=rates.short_paid(conduct, account, ageings, policy),
        promises=recent.promises_of(account, rules, as_of=as_of),
        swings=_swings(conduct, policy),
        discounts=recent.discounts_of(conduct, policy, as_of=as_of),
        bills=recent.bills_of(conduct, account, policy, as_of=as_of),
        requests=recent.requests_of(account, policy, as_of=as_of),
        account=recent.account_of(conduct, policy, as_of=as_of),
        method=recent.method_of(conduct),
        contacts=recent.contacts_of(account, policy, as_of=as_of),
        silence=recent.silence_of(conduct, as_of=as_of),
        usage=_usage(conduct, policy, aged, as_of),
    )
    if conduct.tallies:
        facts = _with_rates(facts, conduct.tallies, account, policy, as_of)
    return _with_trends(facts, conduct, policy) if conduct.trends else facts


def _with_rates(
    facts: ConductFacts, tallies: Tallies, account: Account, policy: WarningPolicy, as_of: date
) -> ConductFacts:
    """The facts with the shares of what was ordered, delivered, invoiced and received."""
    if not any(key.startswith(_PARTS) for key in tallies):
        return facts
    return replace(
        facts,
        cancellations=_of(tallies, Series.CANCELLED, Series.ORDERED, policy, as_of),
        returns=rates.returns_of(tallies, account, policy, as_of=as_of),
        credits=_of_invoiced(tallies, Series.CREDITED, account, policy, as_of),
        disputes=_of_invoiced(tallies, Series.DISPUTED, account, policy, as_of),
        on_account=_of(tallies, Series.ON_ACCOUNT, Series.RECEIVED, policy, as_of),
        third_party=_of(tallies, Series.THIRD_PARTY, Series.RECEIVED, policy, as_of),
    )


def _with_trends(facts: ConductFacts, conduct: Conduct, policy: WarningPolicy) -> ConductFacts:
    """The facts with what the months have added up to."""
    latest = sorted((name, each) for name, each in conduct.trends.items() if each.speaks)
    if not latest:
        return facts
    rules = trend_rules(policy)
    return replace(
        facts,
        drifts=tuple(_drift(name, each, rules) for name, each in latest if each.drift.speaks),
        norms=tuple(norm for name, each in latest if (norm := _norm(name, each))),
        ageing=tuple(run for name, each in latest if (run := _ageing(name, each))),
        goods=tuple(mix for name, each in latest if (mix := _goods(name, each))),
    )


_WINDOW_OF = {
    Series.CANCELLED: Indicator.CANCELLATIONS,
    Series.CREDITED: Indicator.DILUTION,
    Series.DISPUTED: Indicator.DISPUTE_RATE,
    Series.ON_ACCOUNT: Indicator.ROUND_SUMS,
    Series.THIRD_PARTY: Indicator.THIRD_PARTY_PAYER,
}
_PARTS = tuple(f"{series}/" for series in (*_WINDOW_OF, Series.RETURNED, Series.CREDITED_RETURNS))


def _of(
    tallies: Tallies, part: Series, whole: Series, policy: WarningPolicy, as_of: date
) -> tuple[RateFacts, ...]:
    days = window(policy, _WINDOW_OF[part])
    return rates.rates_of(tallies, part, whole, days=days, as_of=as_of)


def _of_invoiced(
    tallies: Tallies, part: Series, account: Account, policy: WarningPolicy, as_of: date
) -> tuple[RateFacts, ...]:
    days = window(policy, _WINDOW_OF[part])
    return rates.of_invoiced(tallies, part, account, days=days, as_of=as_of)


def _drift(currency: str, trend: Trend, rules: TrendRules) -> DriftFacts:
    drift, month = trend.drift, trend.latest
    return DriftFacts(
        currency=currency,
        on=month.on,
        height=drift.sum.height,
        days_late=month.days_late,
        usual=drift.usual.mean,
        deviation=drift.deviation(rules.drift),
        months=drift.usual.seen,
        documents=month.documents,
        heard=drift.heard,
    )


def _norm(currency: str, trend: Trend) -> NormFacts | None:
    days, norm = trend.latest.days_outstanding, trend.norm
    if norm is None or (days is not None and days <= norm):
        return None
    return NormFacts(
        currency=currency,
        on=trend.latest.on,
        days_outstanding=_canonical(days),
        norm=canonical(norm),
        months=trend.outstanding.seen - (0 if days is None else 1),
        invoiced_days=trend.latest.invoiced_days,
    )


def _ageing(currency: str, trend: Trend) -> AgeingRunFacts | None:
    if not trend.rising:
        return None
    return AgeingRunFacts(
        currency=currency,
        on=trend.latest.on,
        month_ends=trend.rising,
        days_past_due=trend.latest.oldest_days,
        document=trend.latest.oldest,
    )


def _goods(currency: str, trend: Trend) -> GoodsFacts | None:
    share, z = trend.latest.liquid_share, trend.goods_z
    usual, seen = trend.goods.mean, trend.goods.seen
    if z is None or z <= 0:
        return None
    if share is not None:  # the latest month is in the mean
        usual, seen = usual - (share - usual) / (seen - 1), seen - 1
    return GoodsFacts(
        currency=currency,
        on=trend.latest.on,
        share=share,
        usual=usual,
        z=None if share is None else z,
        months=seen,
    )


def _swings(conduct: Conduct, policy: WarningPolicy) -> tuple[SwingFacts, ...]:
    floor, found = policy.orders.floor, []
    for currency, swing in sorted(conduct.swings.items()):
        ratio = swing.ratio(floor=floor)
        if ratio > 1:
            found.append(
                SwingFacts(
                    currency=currency,
                    ratio=ratio,
                    short=sqrt(swing.short.variance),
                    long=sqrt(swing.long.variance),
                    orders=swing.long.seen,
                )
            )
    return tuple(found)


def _usage(
    conduct: Conduct,
    policy: WarningPolicy,
    aged: Sequence[tuple[Ageing, Exposure]],
    as_of: date,
) -> tuple[UsageFacts, ...]:
    if not conduct.usage:
        return ()
    open_documents = {each.currency: len(each.aged) + owed.orders for each, owed in aged}
    days = window(policy, Indicator.UTILISATION_TREND)
    constant = number(policy, Indicator.UTILISATION_TREND, "time_constant_days")
    reached = limits_reached_on(conduct, policy, as_of=as_of)
    return tuple(
        UsageFacts(
            currency=currency,
            utilisation=usage.average.level,
            average=canonical(usage.average.as_of(as_of, time_constant=constant)),
            rise=_canonical(usage.rise(as_of, days=days, time_constant=constant)),
            days_over=usage.days_over(as_of),
            over_since=usage.over_since,
            open_documents=open_documents.get(currency, 0),
            limit_reached_on=reached.get(currency),
        )
        for currency, usage in sorted(conduct.usage.items())
    )


def _canonical(value: float | None) -> float | None:
    return None if value is None else canonical(value)
