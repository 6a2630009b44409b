"""How the customer pays: the formulas of T01 to T14, on the ledger's figures of one currency each."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula, in_days, share_of, shown
from services.monitoring.domain.indicator_facts.detectors import DetectorFacts
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import (
    IndicatorPolicy,
    Requirements,
    WarningPolicy,
)


def max_days_past_due(
    facts: CurrencyFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T01: days past due of the oldest undisputed invoice above the de-minimis, after unapplied cash."""
    del entry, policy
    return Measurement(
        value=float(facts.max_days_past_due),
        explain=lambda: Evidence(
            figures={
                "days_past_due": facts.max_days_past_due,
                "overdue_amount": shown(facts.overdue_amount),
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
    share = share_of(facts.overdue_amount, facts.open_amount)
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
                "overdue_amount": shown(facts.overdue_amount),
                "open_amount": shown(facts.open_amount),
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
                "settled_amount": None if facts.wadd_amount is None else shown(facts.wadd_amount),
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
    share = share_of(facts.overdue_amount, facts.sales)
    delinquent = None if share is None else share * days
    return Measurement(
        value=delinquent if facts.overdue_amount.minor > 0 else 0.0,
        counts=_is_spread(facts, entry.requires),
        explain=lambda: Evidence(
            figures={
                "average_days_delinquent": delinquent,
                "days_sales_outstanding": in_days(facts.open_amount, facts.sales, days),
                "best_possible_days": in_days(
                    facts.open_amount - facts.overdue_amount, facts.sales, days
                ),
                "sales": shown(facts.sales),
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


def dishonours(facts: DetectorFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """T09: bounced payments and unpaid bills, technical failures left out, each halving every half-life."""
    del entry
    count = facts.dishonours
    return Measurement(
        value=count,
        explain=lambda: Evidence(
            figures={
                "decayed_count": count,
                "payments": len(facts.dishonoured_payments),
                "half_life_days": policy.dishonour_half_life_days,
            },
            documents=facts.dishonoured_payments,
        ),
    )


def _is_unused(facts: CurrencyFacts) -> bool:
    return not any((facts.open_amount.minor, facts.purchases_12m.minor, facts.settled_invoices))


def _is_spread(facts: CurrencyFacts, needs: Requirements) -> bool:
    late = facts.longest_days_late > needs.days_late
    return late and facts.overdue_count >= needs.overdue_invoices


PER_CURRENCY: Final[dict[Indicator, Formula[CurrencyFacts]]] = {
    Indicator.MAX_DAYS_PAST_DUE: Formula(
        max_days_past_due, lambda facts: bool(facts.max_days_past_due)
    ),
    Indicator.OVERDUE_RATIO: Formula(overdue_ratio, lambda facts: bool(facts.overdue_count)),
    Indicator.LATENESS_LEVEL: Formula(lateness_level, lambda facts: bool(facts.wadd)),
    Indicator.AVERAGE_DAYS_DELINQUENT: Formula(
        average_days_delinquent, lambda facts: bool(facts.overdue_count)
    ),
    Indicator.PARTIAL_PAYMENTS: Formula(
        partial_payments, lambda facts: bool(facts.settled_in_parts)
    ),
}
PER_CUSTOMER: Final[dict[Indicator, Formula[DetectorFacts]]] = {
    Indicator.DISHONOURS: Formula(dishonours, lambda facts: facts.dishonours > 0),
}
