"""Away from the own usual: T04, T05, T12, B03, B13 and B14."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import CALM, Formula, highest
from services.monitoring.domain.indicator_facts.conduct import (
    AgeingRunFacts,
    ConductFacts,
    DriftFacts,
    GoodsFacts,
    NormFacts,
    SwingFacts,
)
from services.monitoring.domain.measurement import UNKNOWN, Evidence, Measurement
from services.monitoring.domain.policies.warnings import IndicatorPolicy, WarningPolicy


def lateness_drift(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T04: the cumulative sum of the monthly days late above the own usual, in deviations.

    Half as sure while the usual rests on fewer months than a detector warms up in. Of which a person has
    taken note is unknown until the next month: seeing a drift neither ends nor repeats it.
    """
    drifts = (UNKNOWN if each.heard else _drift(each, policy) for each in facts.drifts)
    return highest(drifts, entry)


def _drift(facts: DriftFacts, policy: WarningPolicy) -> Measurement:
    warming = facts.months < policy.orders.warm_up
    return Measurement(
        value=facts.height,
        explain=lambda: Evidence(
            figures={
                "cumulative_sum": facts.height,
                "month": facts.on.isoformat(),
                "days_late": facts.days_late,
                "usual": facts.usual,
                "deviation": facts.deviation,
                "months_before": facts.months,
                "currency": facts.currency,
            },
            documents=facts.documents,
        ),
        on=facts.on,
        confidence=policy.orders.warm_up_confidence if warming else 1.0,
    )


def sales_outstanding_drift(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T05: DSO at the month end over the own norm of the months before.

    Counts if it is `least_rise_days` above, a norm of a few days being doubled by one invoice; and rests
    on `least_invoices` days with an invoice, which one late invoice more or less does not change. Unknown
    where something is open and nothing was sold in the window.
    """
    del policy
    return highest((_norm(each, entry) for each in facts.norms), entry)


def _norm(facts: NormFacts, entry: IndicatorPolicy) -> Measurement:
    if facts.days_outstanding is None:
        return UNKNOWN
    ratio = facts.days_outstanding / facts.norm if facts.norm > 0 else None
    rise = facts.days_outstanding - facts.norm
    return Measurement(
        value=ratio,
        counts=rise >= entry.numbers["least_rise_days"]
        and facts.invoiced_days >= entry.numbers["least_invoices"],
        explain=lambda: Evidence(
            figures={
                "days_sales_outstanding": facts.days_outstanding,
                "own_norm": facts.norm,
                "ratio": ratio,
                "month": facts.on.isoformat(),
                "months_before": facts.months,
                "invoiced_days": facts.invoiced_days,
                "currency": facts.currency,
            },
        ),
        on=facts.on,
    )


def oldest_ageing(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T12: for how many month ends running the oldest balance above the de-minimis has got older."""
    del policy
    return highest((_ageing(each) for each in facts.ageing), entry)


def _ageing(facts: AgeingRunFacts) -> Measurement:
    return Measurement(
        value=float(facts.month_ends),
        explain=lambda: Evidence(
            figures={
                "month_ends": facts.month_ends,
                "days_past_due": facts.days_past_due,
                "month": facts.on.isoformat(),
                "currency": facts.currency,
            },
            documents=() if facts.document is None else (facts.document,),
        ),
        on=facts.on,
    )


def liquid_goods_shift(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """B13: how far the liquid share of what was ordered lies above the usual one, in deviations.

    Unknown where it last did, and too little has been ordered since.
    """
    del policy
    return highest((_goods(each, entry) for each in facts.goods), entry)


def _goods(facts: GoodsFacts, entry: IndicatorPolicy) -> Measurement:
    return Measurement(
        value=facts.z,
        explain=lambda: Evidence(
            figures={
                "z": facts.z,
                "liquid_share": facts.share,
                "usual_share": facts.usual,
                "months_before": facts.months,
                "window_days": entry.days,
                "currency": facts.currency,
            },
        ),
        on=facts.on,
    )


def order_volatility(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """B03: the deviation of the latest orders over that of the long run; from `least_observed` on."""
    del policy
    return highest((_swing(each, entry) for each in facts.swings), entry)


def _swing(facts: SwingFacts, entry: IndicatorPolicy) -> Measurement:
    return Measurement(
        value=facts.ratio,
        counts=facts.orders >= entry.numbers["least_observed"],
        explain=lambda: Evidence(
            figures={
                "ratio": facts.ratio,
                "short_deviation_ln": facts.short,
                "long_deviation_ln": facts.long,
                "orders": facts.orders,
                "currency": facts.currency,
            },
        ),
    )


def silence(facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """B14: the days since the last purchase over the usual gap.

    Counts from `least_days` and `least_gaps` on, and where the silence is `deviations` above the usual
    gap too: who buys at random is often silent for twice as long. After `most_days` the customer is
    gone, and nothing is left to warn of.
    """
    del policy
    found, numbers = facts.silence, entry.numbers
    if found is None or found.silent_days > numbers["most_days"]:
        return CALM
    rare = found.usual_gap + numbers["deviations"] * found.deviation
    long = found.silent_days >= numbers["least_days"] and found.silent_days > rare
    return Measurement(
        value=found.silent_days / found.usual_gap,
        counts=long and found.gaps >= numbers["least_gaps"],
        explain=lambda: Evidence(
            figures={
                "silent_days": found.silent_days,
                "last_purchase": found.last.isoformat(),
                "usual_gap": found.usual_gap,
                "deviation": found.deviation,
                "gaps": found.gaps,
            },
        ),
    )


FORMULAS: Final[dict[Indicator, Formula[ConductFacts]]] = {
    Indicator.LATENESS_DRIFT: Formula(lateness_drift, lambda facts: bool(facts.drifts)),
    Indicator.SALES_OUTSTANDING_DRIFT: Formula(
        sales_outstanding_drift, lambda facts: bool(facts.norms)
    ),
    Indicator.OLDEST_ITEM_AGEING: Formula(oldest_ageing, lambda facts: bool(facts.ageing)),
    Indicator.LIQUID_GOODS_SHIFT: Formula(liquid_goods_shift, lambda facts: bool(facts.goods)),
    Indicator.ORDER_VOLATILITY: Formula(order_volatility, lambda facts: bool(facts.swings)),
    Indicator.SILENCE: Formula(silence, lambda facts: facts.silence is not None),
}
