"""BS-1: what the customer's own payments to us say (domain.md §3.3); counts from six settled invoices."""

from services.rating.domain.model import Behaviour, Measure
from services.rating.domain.policy import BehaviourPolicy, Scorecard
from services.rating.domain.scorecard import Score, score


def behaviour_measures(behaviour: Behaviour) -> dict[str, Measure]:
    """The five variables of BS-1 by code."""
    longest = behaviour.max_days_past_due_6m
    return {
        "wadd": Measure.of(behaviour.wadd_12m),
        "late_over_30": Measure.of(behaviour.late_over_30_share_12m),
        "max_days_past_due": Measure.of(None if longest is None else float(longest)),
        "wadd_trend": Measure.of(behaviour.wadd_trend),
        "dishonours": Measure.of(float(behaviour.dishonours_12m)),
    }


def has_history(behaviour: Behaviour | None, policy: BehaviourPolicy) -> bool:
    """Whether enough invoices have been settled to judge by."""
    return behaviour is not None and behaviour.settled_24m >= policy.least_settled


def score_behaviour(
    behaviour: Behaviour | None, card: Scorecard, policy: BehaviourPolicy
) -> Score | None:
    """The behavioural score; None with too little history."""
    if behaviour is None or not has_history(behaviour, policy):
        return None
    return score(behaviour_measures(behaviour), card)


def behaviour_credibility(
    settled: int, policy: BehaviourPolicy, *, data_quality: float | None = None
) -> float:
    """How far the history is to be believed: n / (n + K), Bühlmann's form (domain.md §3.7).

    Less what the ledger behind it leaves to doubt. A quality that nobody judged takes nothing off.
    """
    return settled / (settled + policy.half_weight) * (1.0 - ledger_doubt(data_quality, policy))


def ledger_doubt(data_quality: float | None, policy: BehaviourPolicy) -> float:
    """What a ledger's quality takes off the credibility of the behaviour read from it, 0 to 1."""
    return 0.0 if data_quality is None else policy.doubt_weight * (1.0 - data_quality)
