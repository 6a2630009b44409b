"""The rating decision: statements, behaviour and outside grades to one grade, with reasons."""

from dataclasses import dataclass
from datetime import date

from services.rating.domain.behavioural import (
    behaviour_credibility,
    behaviour_measures,
    has_history,
    score_behaviour,
)
from services.rating.domain.blend import Blend, Evidence, blend
from services.rating.domain.caps import Evidenced, caps_for
from services.rating.domain.external import ExternalGrade, external_grade
from services.rating.domain.master_scale import MasterScale
from services.rating.domain.model import (
    Cap,
    GradeOverride,
    Measure,
    RatedMeasure,
    RatingDecision,
    RatingFacts,
    Statement,
)
from services.rating.domain.policy import RatingPolicy, Scorecard
from services.rating.domain.ratios import StatementReading, read_statement
from services.rating.domain.reasons import (
    BEHAVIOUR,
    EXTERNAL,
    FINANCIAL,
    WEAK_STATEMENT,
    circumstances,
    decisive,
    doubtful_ledger,
    negatives,
    once_each,
)
from services.rating.domain.scorecard import Score, points_of, score
from services.rating.domain.statements import capacity_of, freshness, is_stale, is_usable
from shared.kernel.dates import add_months
from shared.kernel.maths import canonical
from shared.kernel.reasons import Reason
from shared.kernel.values import quick

MODEL_VERSION = "rating-1"
STALE, DIVERGENT, OVERRIDDEN = "STALE", "DIVERGENT", "OVERRIDDEN"


@quick
@dataclass(frozen=True, slots=True)
class _Studied:
    """The facts after reading: what can be used, and what each source says."""

    scale: MasterScale
    statement: Statement | None
    reading: StatementReading | None
    scores: dict[str, Score]
    outside: ExternalGrade | None


@quick
@dataclass(frozen=True, slots=True)
class _Graded:
    """A grade after the stale notch, an override and the caps."""

    grade: str
    pd: float
    stale: bool
    override: GradeOverride | None
    caps: tuple[Cap, ...]


def decide_rating(facts: RatingFacts, policy: RatingPolicy, *, as_of: date) -> RatingDecision:
    """Grade a customer as of a day, and say why."""
    studied = _study(facts, policy, as_of=as_of)
    blended = _blend(facts, studied, policy, as_of=as_of)
    graded = _grade(facts, studied, blended, policy, as_of=as_of)
    band = studied.scale.step(graded.grade).band
    return RatingDecision(
        grade=graded.grade,
        pd=canonical(graded.pd),
        band=band,
        model_grade=studied.scale.grade_of(blended.pd),
        model_pd=canonical(blended.pd),
        confidence=blended.confidence,
        # Validity is per tier (domain.md §3.8), which rating does not know; bands stand in for tiers.
        valid_to=add_months(as_of, policy.validity_months[band]),
        components=blended.components,
        caps=graded.caps,
        measures=_measures(facts, studied, policy),
        flags=_flags(studied, blended, graded),
        capacity=None if studied.statement is None else capacity_of(studied.statement),
        overridden=graded.override is not None,
        reasons=_reasons(facts, studied, blended, graded, policy),
    )


def _study(facts: RatingFacts, policy: RatingPolicy, *, as_of: date) -> _Studied:
    scale = MasterScale(policy.master_scale)
    statement = facts.statement
    if statement is not None and not is_usable(statement, policy.statements, as_of=as_of):
        statement = None
    reading = None
    scores: dict[str, Score] = {}
    if statement is not None:
        reading = read_statement(statement, policy.statements, previous=facts.previous_statement)
        if (financial := score(reading.measures, policy.financial)) is not None:
            scores[FINANCIAL] = financial
    behavioural = score_behaviour(facts.behaviour, policy.behavioural, policy.behaviour)
    if behavioural is not None:
        scores[BEHAVIOUR] = behavioural
    outside = external_grade(facts.opinions, policy.external, scale, as_of=as_of)
    return _Studied(scale, statement, reading, scores, outside)


def _blend(facts: RatingFacts, studied: _Studied, policy: RatingPolicy, *, as_of: date) -> Blend:
    evidence: list[Evidence] = []
    if studied.statement is not None and (card := studied.scores.get(FINANCIAL)) is not None:
        fresh = freshness(studied.statement, policy.statements, as_of=as_of)
        z = policy.statements.quality[studied.statement.basis.value] * fresh
        weight = policy.blend.financial_weight
        evidence.append(Evidence(FINANCIAL, card.pd, weight, z, card.points))
    if facts.behaviour is not None and (card := studied.scores.get(BEHAVIOUR)) is not None:
        settled, quality = facts.behaviour.settled_24m, facts.data_quality
        z = behaviour_credibility(settled, policy.behaviour, data_quality=quality)
        weight = policy.blend.behaviour_weight
        evidence.append(Evidence(BEHAVIOUR, card.pd, weight, z, card.points))
    if studied.outside is not None:
        pd = studied.scale.step(studied.outside.grade).pd
        z = studied.outside.credibility
        evidence.append(Evidence(EXTERNAL, pd, policy.blend.external_weight, z))
    prior = policy.prior.by_segment.get(facts.segment or "", policy.prior.default)
    return blend(prior, evidence, policy.blend)


def _grade(
    facts: RatingFacts, studied: _Studied, blended: Blend, policy: RatingPolicy, *, as_of: date
) -> _Graded:
    """The model's grade, less the stale notch, changed by an override in force, under every cap.

    A cap is a floor under the PD: that of the grade it names, so worse facts never lower the PD.
    """
    scale = studied.scale
    caps = _caps(facts, studied, policy)
    model = scale.grade_of(blended.pd)
    stale = _is_stale(studied, policy, as_of=as_of)
    grade = scale.worse(model, policy.statements.stale_notches if stale else 0)
    override = _in_force(facts.override, as_of=as_of)
    if override is not None:
        capped = scale.worst(grade, *(cap.grade for cap in caps))
        grade = _within_reach(capped, override.grade, policy, scale)
    pd = blended.pd if grade == model else scale.step(grade).pd
    binding = tuple(cap for cap in caps if scale.step(cap.grade).pd > pd)
    return _Graded(
        grade=scale.worst(grade, *(cap.grade for cap in binding)),
        pd=max((scale.step(cap.grade).pd for cap in binding), default=pd),
        stale=stale,
        override=override,
        caps=binding,
    )


def _caps(facts: RatingFacts, studied: _Studied, policy: RatingPolicy) -> tuple[Cap, ...]:
    history = has_history(facts.behaviour, policy.behaviour)
    evidenced = Evidenced(studied.statement, history, studied.outside is not None)
    return caps_for(facts, evidenced, policy.caps, default_grade=studied.scale.default)


def _is_stale(studied: _Studied, policy: RatingPolicy, *, as_of: date) -> bool:
    statement = studied.statement
    return statement is not None and is_stale(statement, policy.statements, as_of=as_of)


def _in_force(override: GradeOverride | None, *, as_of: date) -> GradeOverride | None:
    return None if override is None or as_of > override.expires_on else override


def _within_reach(grade: str, wanted: str, policy: RatingPolicy, scale: MasterScale) -> str:
    """The overriding grade, held to the notches that the policy allows around today's grade."""
    now, target = scale.index(grade), scale.index(wanted)
    best = now - policy.override.most_upgrade_notches
    worst = now + policy.override.most_downgrade_notches
    return policy.master_scale[min(max(target, best, 0), worst, len(policy.master_scale) - 2)].grade


def _measures(
    facts: RatingFacts, studied: _Studied, policy: RatingPolicy
) -> tuple[RatedMeasure, ...]:
    ratios = {} if studied.reading is None else studied.reading.measures
    behaviour = {} if facts.behaviour is None else behaviour_measures(facts.behaviour)
    return (
        *_rated(FINANCIAL, ratios, policy.financial),
        *_rated(BEHAVIOUR, behaviour, policy.behavioural),
    )


def _rated(name: str, measures: dict[str, Measure], card: Scorecard) -> tuple[RatedMeasure, ...]:
    return tuple(
        RatedMeasure(
            card=name,
            code=code,
            value=measures[code].value,
            status=measures[code].status,
            points=points_of(variable, measures[code]),
        )
        for code, variable in card.variables.items()
        if code in measures
    )


def _flags(studied: _Studied, blended: Blend, graded: _Graded) -> tuple[str, ...]:
    return (
        *(() if studied.reading is None else studied.reading.flags),
        *((STALE,) if graded.stale else ()),
        *((DIVERGENT,) if blended.divergent else ()),
        *((OVERRIDDEN,) if graded.override is not None else ()),
    )


def _reasons(
    facts: RatingFacts,
    studied: _Studied,
    blended: Blend,
    graded: _Graded,
    policy: RatingPolicy,
) -> tuple[Reason, ...]:
    stale = (Reason(WEAK_STATEMENT, "stale"),) if graded.stale else ()
    return once_each(
        (
            *decisive(graded.caps),
            *negatives(studied.scores, blended.components, policy),
            *stale,
            *circumstances(facts, studied.statement, blended.components, policy),
            *(doubtful_ledger(facts, policy) if BEHAVIOUR in studied.scores else ()),
        )
    )
