"""Why the grade is not better: decisive facts first, then the variables that cost most (§3.10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.rating.domain.behavioural import ledger_doubt
from services.rating.domain.blend import PRIOR
from services.rating.domain.model import Cap, Component, RatingFacts, Statement
from services.rating.domain.policy import RatingPolicy
from services.rating.domain.scorecard import Score, ScoredVariable, slope
from shared.kernel.reasons import Reason
from shared.kernel.values import quick

FINANCIAL = "financial"
BEHAVIOUR = "behaviour"
EXTERNAL = "external"
WEAK_EXTERNAL, SHORT_HISTORY, WEAK_STATEMENT, SCREENING = "R14", "R15", "R16", "R21"
DOUBTFUL_LEDGER, NO_DOUBT = "R23", 1.0


@quick
@dataclass(frozen=True, slots=True)
class CardResult:
    """A scorecard's outcome beside what one point of it moves the blend, in log-odds."""

    score: Score
    worth: float


def costliest(
    results: Iterable[CardResult], *, most: int
) -> tuple[tuple[ScoredVariable, float], ...]:
    """The variables that cost most, with the log-odds they cost; each family of reasons once."""
    costs = [
        (variable, variable.points_lost * result.worth)
        for result in results
        for variable in result.score.variables
        if variable.points_lost > 0
    ]
    best: dict[str, tuple[ScoredVariable, float]] = {}
    for variable, cost in sorted(costs, key=lambda each: (-each[1], each[0].code)):
        best.setdefault(variable.reason, (variable, cost))
    return tuple(best.values())[:most]


def negatives(
    scores: dict[str, Score], components: Sequence[Component], policy: RatingPolicy
) -> tuple[Reason, ...]:
    """The costliest variables as reasons; `contribution` is what each adds to the log-odds."""
    cards = {FINANCIAL: policy.financial, BEHAVIOUR: policy.behavioural}
    results = [
        CardResult(scores[each.name], each.share * slope(cards[each.name]))
        for each in components
        if each.name in scores
    ]
    return tuple(
        Reason(variable.reason, value=variable.value, contribution=cost)
        for variable, cost in costliest(results, most=policy.reasons.most_negatives)
    )


def decisive(caps: Iterable[Cap]) -> tuple[Reason, ...]:
    """The caps that bind, as reasons."""
    return tuple(Reason(cap.reason, cap.value, cap.threshold) for cap in caps)


def circumstances(
    facts: RatingFacts,
    statement: Statement | None,
    components: Sequence[Component],
    policy: RatingPolicy,
) -> tuple[Reason, ...]:
    """What else weighs: a weak outside grade, a short history, a weak statement, a referral."""
    return (
        *_weak_external(components),
        *_short_history(facts, policy),
        *_weak_statement(statement, policy),
        *_referral(facts, policy),
    )


def doubtful_ledger(facts: RatingFacts, policy: RatingPolicy) -> Iterable[Reason]:
    """The quality of the ledger, where doubts in it took credibility off the behaviour."""
    quality = facts.data_quality
    if quality is not None and ledger_doubt(quality, policy.behaviour) > 0:
        yield Reason(DOUBTFUL_LEDGER, quality, NO_DOUBT)


def _weak_external(components: Sequence[Component]) -> Iterable[Reason]:
    prior = next(each for each in components if each.name == PRIOR)
    for each in components:
        if each.name == EXTERNAL and each.contribution > 0:
            yield Reason(WEAK_EXTERNAL, each.pd, prior.pd, each.contribution)


def _short_history(facts: RatingFacts, policy: RatingPolicy) -> Iterable[Reason]:
    settled = 0 if facts.behaviour is None else facts.behaviour.settled_24m
    if settled < policy.behaviour.least_settled:
        yield Reason(SHORT_HISTORY, float(settled), float(policy.behaviour.least_settled))


def _weak_statement(statement: Statement | None, policy: RatingPolicy) -> Iterable[Reason]:
    if statement is None:
        yield Reason(WEAK_STATEMENT, "none")
    elif statement.basis.value in policy.reasons.weak_basis:
        yield Reason(WEAK_STATEMENT, statement.basis.value)


def _referral(facts: RatingFacts, policy: RatingPolicy) -> Iterable[Reason]:
    if facts.verdict in policy.reasons.screening_outcomes:
        yield Reason(SCREENING, facts.verdict)


def once_each(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Keep the first reason of every code."""
    found: dict[str, Reason] = {}
    for reason in reasons:
        found.setdefault(reason.code, reason)
    return tuple(found.values())
