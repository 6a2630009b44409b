"""The formulas of the indicators: from figures of one currency, or of one customer, to a value.

A formula of a currency answers None where it does not apply to it (no limit, long unused), and an
unknown value where it does, but the figures are missing.
"""

from services.monitoring.domain.indicator_facts import (
    CurrencyFacts,
    IndicatorFacts,
    SurpriseFacts,
)
from services.monitoring.domain.measurement import UNKNOWN, Evidence, Measurement
from services.monitoring.domain.policy_warnings import (
    IndicatorPolicy,
    Requirements,
    SurprisePolicy,
    WarningPolicy,
)
from shared.kernel.money import Money

UTILISATION_SHOWN = 9.99  # a limit of a few cents would else give figures nobody can read


def max_days_past_due(
    facts: CurrencyFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T01: days past due of the oldest undisputed invoice above the de-minimis."""
    del entry, policy
    return Measurement(
        value=float(facts.max_days_past_due),
        explain=lambda: Evidence(
            figures={
                "days_past_due": facts.max_days_past_due,
                "overdue_amount": _shown(facts.overdue_amount),
                "currency": facts.currency,
            },
            documents=facts.overdue_invoices,
        ),
    )


def overdue_ratio(
    facts: CurrencyFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T02: overdue over open amount; 0 when nothing is open.

    It counts with enough open invoices (at least `open_invoices`) or enough overdue (at least
    `purchases_share` of yearly purchases), and one more than `days_late` late, and at least
    `overdue_invoices` overdue: it is about breadth, not one invoice.
    """
    del policy
    needs = entry.requires
    share = _share(facts.overdue_amount, facts.open_amount)
    yearly = facts.purchases_12m
    broad = facts.open_invoices >= needs.open_invoices
    heavy = facts.overdue_amount.minor > 0 and facts.overdue_amount >= yearly.times(
        needs.purchases_share
    )
    return Measurement(
        value=share or 0.0,
        counts=(broad or heavy) and _is_spread(facts, needs),
        explain=lambda: Evidence(
            figures={
                "overdue_share": share,
                "overdue_amount": _shown(facts.overdue_amount),
                "open_amount": _shown(facts.open_amount),
                "open_invoices": facts.open_invoices,
                "overdue_invoices": facts.overdue_count,
                "currency": facts.currency,
            },
            documents=facts.overdue_invoices,
        ),
    )


def lateness_level(
    facts: CurrencyFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """T03: amount-weighted average days late of what was settled in `windows.wadd_days`.

    Unknown while fewer than `settled_invoices` were settled: one payment is not a habit.
    """
    if _is_unused(facts):
        return None
    few = facts.wadd_invoices < entry.requires.settled_invoices
    return Measurement(
        value=None if few else facts.wadd,
        explain=lambda: Evidence(
            figures={
                "average_days_late": facts.wadd,
                "settled_invoices": facts.wadd_invoices,
                "settled_amount": None if facts.wadd_amount is None else _shown(facts.wadd_amount),
                "window_days": policy.windows.wadd_days,
                "currency": facts.currency,
            },
            documents=facts.wadd_documents,
        ),
    )


def average_days_delinquent(
    facts: CurrencyFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T06: DSO less best possible DSO, which is overdue amount over sales, times the days.

    It counts when broad enough (as T02). 0 when nothing is overdue; unknown without sales.
    """
    days = policy.windows.sales_days
    share = _share(facts.overdue_amount, facts.sales)
    delinquent = None if share is None else share * days
    return Measurement(
        value=delinquent if facts.overdue_amount.minor > 0 else 0.0,
        counts=_is_spread(facts, entry.requires),
        explain=lambda: Evidence(
            figures={
                "average_days_delinquent": delinquent,
                "days_sales_outstanding": _days(facts.open_amount, facts.sales, days),
                "best_possible_days": _days(
                    facts.open_amount - facts.overdue_amount, facts.sales, days
                ),
                "sales": _shown(facts.sales),
                "overdue_invoices": facts.overdue_count,
                "currency": facts.currency,
            },
            documents=facts.overdue_invoices,
        ),
    )


def partial_payments(
    facts: CurrencyFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """T07: share of the invoices settled in `windows.parts_days` that took two payments or more."""
    if _is_unused(facts):
        return None
    settled = facts.settled_invoices
    enough = settled > 0 and settled >= entry.requires.settled_invoices
    return Measurement(
        value=facts.settled_in_parts / settled if enough else None,
        explain=lambda: Evidence(
            figures={
                "settled_in_parts": facts.settled_in_parts,
                "settled_invoices": settled,
                "window_days": policy.windows.parts_days,
                "currency": facts.currency,
            },
            documents=facts.parts_documents,
        ),
    )


def limit_utilisation(
    facts: CurrencyFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """L01: exposure over credit limit; does not apply without a limit above zero.

    No limit, or one of zero, is our decision and no sign of the customer's. Counts with at least `open_documents` open invoices and orders: a limit that holds only a few of
    them is passed by any one.
    """
    del policy
    limit = facts.limit
    share = None if limit is None else _share(facts.exposure, limit)
    if limit is None or share is None:
        return None
    documents = facts.open_invoices + facts.open_orders
    return Measurement(
        value=min(share, UTILISATION_SHOWN),
        counts=documents >= entry.requires.open_documents,
        explain=lambda: Evidence(
            figures={
                "utilisation": share,
                "exposure": _shown(facts.exposure),
                "limit": _shown(limit),
                "open_documents": documents,
                "currency": facts.currency,
            },
        ),
    )


def dishonours(facts: IndicatorFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """T09: bounced payments (no money, or account closed), each halving every half-life."""
    del entry
    count = facts.detectors.dishonours
    return Measurement(
        value=count,
        explain=lambda: Evidence(
            figures={
                "decayed_count": count,
                "payments": len(facts.detectors.dishonoured_payments),
                "half_life_days": policy.dishonour_half_life_days,
            },
            documents=facts.detectors.dishonoured_payments,
        ),
    )


def order_surge(
    facts: IndicatorFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """B01: the larger z of the latest order and the latest month, on the ln scale.

    Counts if the amount is at least `ratio` times the usual one. Unknown before `observed` values.
    """
    surges = [_surge(each, entry.requires, policy.orders) for each in facts.detectors.orders]
    surges += [_surge(each, entry.requires, policy.months) for each in facts.detectors.months]
    return _highest([each for each in surges if each is not None])


def order_drop(facts: IndicatorFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """B02: how far the latest month's purchases fell, in standard deviations of the ln scale."""
    drops = [_drop(each, entry.requires, policy.months) for each in facts.detectors.months]
    return _highest([each for each in drops if each is not None])


def _surge(facts: SurpriseFacts, needs: Requirements, policy: SurprisePolicy) -> Measurement | None:
    if not _is_known(facts, needs) or facts.z is None or facts.ratio is None:
        return None
    return _surprise(facts, facts.z, policy, counts=facts.ratio >= needs.ratio)


def _drop(facts: SurpriseFacts, needs: Requirements, policy: SurprisePolicy) -> Measurement | None:
    if not _is_known(facts, needs) or facts.z is None:
        return None
    return _surprise(facts, -facts.z, policy)


def _is_known(facts: SurpriseFacts, needs: Requirements) -> bool:
    often = facts.usual_documents is None or facts.usual_documents >= needs.usual_documents
    return often and facts.observed >= needs.observed


def _surprise(
    facts: SurpriseFacts, value: float, policy: SurprisePolicy, *, counts: bool = True
) -> Measurement:
    warming = facts.observed < policy.warm_up
    return Measurement(
        value=value,
        counts=counts,
        explain=lambda: Evidence(
            figures={
                "z": facts.z,
                "amount": _shown(facts.amount),
                "usual": facts.usual,
                "ratio": facts.ratio,
                "observed_before": facts.observed,
                "currency": facts.currency,
            },
            documents=() if facts.document is None else (facts.document,),
        ),
        on=facts.on,
        confidence=policy.warm_up_confidence if warming else 1.0,
    )


def _highest(measurements: list[Measurement]) -> Measurement:
    return max(measurements, key=lambda each: (each.counts, each.value or 0.0), default=UNKNOWN)


def _is_unused(facts: CurrencyFacts) -> bool:
    return not any((facts.open_amount.minor, facts.purchases_12m.minor, facts.settled_invoices))


def _is_spread(facts: CurrencyFacts, needs: Requirements) -> bool:
    late = facts.longest_days_late > needs.days_late
    return late and facts.overdue_count >= needs.overdue_invoices


def _share(part: Money, whole: Money) -> float | None:
    return part.minor / whole.minor if whole.minor > 0 else None


def _days(amount: Money, sales: Money, days: int) -> float | None:
    share = _share(amount, sales)
    return None if share is None else share * days


def _shown(money: Money) -> str:
    return str(money.amount)
