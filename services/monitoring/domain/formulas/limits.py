"""How the customer uses its limit: the formulas of L01 to L07."""

from datetime import date
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula, highest, iso, share_of, shown
from services.monitoring.domain.indicator_facts.conduct import ConductFacts, UsageFacts
from services.monitoring.domain.indicator_facts.receivables import (
    ConcentrationFacts,
    CurrencyFacts,
    PortfolioFacts,
)
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import IndicatorPolicy, WarningPolicy

UTILISATION_SHOWN = 9.99  # a limit of a few cents would else give figures nobody can read


def limit_utilisation(
    facts: CurrencyFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """L01: exposure over credit limit; does not apply without a limit above zero.

    No limit, or one of zero, is our decision and no sign of the customer's. Counts with at least `open_documents` open invoices and orders: a limit that holds only a few of
    them is passed by any one.
    """
    del policy
    limit = facts.limit
    share = None if limit is None else share_of(facts.exposure, limit)
    if limit is None or share is None:
        return None
    documents = facts.open_invoices + facts.open_orders
    return Measurement(
        value=min(share, UTILISATION_SHOWN),
        counts=documents >= entry.requires.open_documents,
        explain=lambda: Evidence(
            figures={
                "utilisation": share,
                "exposure": shown(facts.exposure),
                "limit": shown(limit),
                "limit_reached_on": iso(facts.limit_reached_on),
                "open_documents": documents,
                "currency": facts.currency,
            },
        ),
    )


def is_recent(portfolio: PortfolioFacts, policy: WarningPolicy, *, as_of: date) -> bool:
    """Whether totals are at most `stale_days` old: what is owed today tells nothing beside older ones.

    They are, where some partitions are far ahead of others that work off a backlog.
    """
    entry = policy.indicators[Indicator.CONCENTRATION]
    return (as_of - portfolio.on).days <= entry.numbers["stale_days"]


def concentration(
    facts: ConcentrationFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """L06: exposure over all our receivables in the currency, of the newest complete day before.

    Counts where at least `least_customers` owe us anything, of a handful each one being large, and the
    ledger is `least_days` old: a young one does not hold everything that is owed. Asked only where
    those totals are recent (`is_recent`).
    """
    del policy
    own = facts.portfolio
    old = (own.on - own.since).days >= entry.numbers["least_days"]
    share = share_of(facts.exposure, own.open_amount)
    return Measurement(
        value=share,
        counts=old and own.customers >= entry.numbers["least_customers"],
        explain=lambda: Evidence(
            figures={
                "share": share,
                "exposure": shown(facts.exposure),
                "our_receivables": shown(own.open_amount),
                "our_customers": own.customers,
                "totals_of": own.on.isoformat(),
                "currency": facts.exposure.currency,
            },
        ),
    )


def utilisation_trend(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """L02: how much the average use of the limit has risen in twelve weeks.

    Counts with at least `open_documents` open, as L01 does; unknown while the average is younger, or
    the limit is zero.
    """
    del policy
    return highest((_trend(each, entry) for each in facts.usage), entry)


def _trend(facts: UsageFacts, entry: IndicatorPolicy) -> Measurement:
    rise = facts.rise
    return Measurement(
        value=rise,
        counts=facts.open_documents >= entry.requires.open_documents,
        explain=lambda: Evidence(
            figures={
                "rise": rise,
                "average_utilisation": facts.average,
                "average_before": None if rise is None else facts.average - rise,
                "utilisation": facts.utilisation,
                "limit_reached_on": iso(facts.limit_reached_on),
                "window_days": entry.days,
                "currency": facts.currency,
            },
        ),
    )


def over_limit_duration(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """L03: days running on which exposure has exceeded the limit; counts as L01 does.

    Unknown while the limit is zero, which is our decision and ends no excess; it runs on after that.
    """
    del policy
    return highest((_over(each, entry) for each in facts.usage), entry)


def _over(facts: UsageFacts, entry: IndicatorPolicy) -> Measurement:
    return Measurement(
        value=None if facts.days_over is None else float(facts.days_over),
        counts=facts.open_documents >= entry.requires.open_documents,
        explain=lambda: Evidence(
            figures={
                "days_over": facts.days_over,
                "over_since": iso(facts.over_since),
                "utilisation": facts.utilisation,
                "open_documents": facts.open_documents,
                "currency": facts.currency,
            },
        ),
    )


PER_CURRENCY: Final[dict[Indicator, Formula[CurrencyFacts]]] = {
    Indicator.LIMIT_UTILISATION: Formula(limit_utilisation, lambda facts: facts.limit is not None),
}
OF_PORTFOLIO: Final[dict[Indicator, Formula[ConcentrationFacts]]] = {
    Indicator.CONCENTRATION: Formula(concentration, lambda facts: facts.exposure.minor > 0),
}
ON_CONDUCT: Final[dict[Indicator, Formula[ConductFacts]]] = {
    Indicator.UTILISATION_TREND: Formula(
        utilisation_trend, lambda facts: any((each.rise or 0.0) > 0 for each in facts.usage)
    ),
    Indicator.OVER_LIMIT_DURATION: Formula(
        over_limit_duration, lambda facts: any(each.days_over for each in facts.usage)
    ),
}
