"""What the customer does: the formulas of B01 to B14."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula, shown
from services.monitoring.domain.indicator_facts.detectors import DetectorFacts, SurpriseFacts
from services.monitoring.domain.measurement import UNKNOWN, Evidence, Measurement
from services.monitoring.domain.policies.surprises import SurprisePolicy
from services.monitoring.domain.policies.warnings import (
    IndicatorPolicy,
    Requirements,
    WarningPolicy,
)


def order_surge(facts: DetectorFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """B01: the larger z of the latest order and the latest month, on the ln scale.

    Counts if the amount is at least `ratio` times the usual one. Unknown before `observed` values.
    """
    surges = [_surge(each, entry.requires, policy.orders) for each in facts.orders]
    surges += [_surge(each, entry.requires, policy.months) for each in facts.months]
    return _highest([each for each in surges if each is not None])


def order_drop(facts: DetectorFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """B02: how far the latest month's purchases fell, in standard deviations of the ln scale.

    Months are held against what is usual at their time of the year, as far as years of their own say.
    """
    drops = [_drop(each, entry.requires, policy.months) for each in facts.months]
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
                "amount": shown(facts.amount),
                "usual": facts.usual,
                "ratio": facts.ratio,
                "observed_before": facts.observed,
                "currency": facts.currency,
                **({} if facts.season is None else {"season": facts.season}),
            },
            documents=() if facts.document is None else (facts.document,),
        ),
        on=facts.on,
        confidence=policy.warm_up_confidence if warming else 1.0,
    )


def _highest(measurements: list[Measurement]) -> Measurement:
    return max(measurements, key=lambda each: (each.counts, each.value or 0.0), default=UNKNOWN)


PER_CUSTOMER: Final[dict[Indicator, Formula[DetectorFacts]]] = {
    Indicator.ORDER_SURGE: Formula(
        order_surge,
        lambda facts: any((each.z or 0.0) > 0 for each in (*facts.orders, *facts.months)),
    ),
    Indicator.ORDER_DROP: Formula(
        order_drop, lambda facts: any((each.z or 0.0) < 0 for each in facts.months)
    ),
}
