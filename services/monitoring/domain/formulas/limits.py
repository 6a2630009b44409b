"""How the customer uses its limit: the formulas of L01 to L07."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula, share_of, shown
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policy_warnings import IndicatorPolicy, WarningPolicy

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
                "open_documents": documents,
                "currency": facts.currency,
            },
        ),
    )


PER_CURRENCY: Final[dict[Indicator, Formula[CurrencyFacts]]] = {
    Indicator.LIMIT_UTILISATION: Formula(limit_utilisation, lambda facts: facts.limit is not None),
}
