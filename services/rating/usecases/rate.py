"""Rate a customer: load → decide → keep → announce, with everything that tiering needs."""

from datetime import date
from typing import Final

import msgspec

from services.rating.domain.model import (
    Behaviour,
    Capacity,
    RatingDecision,
    RatingFacts,
    Statement,
)
from services.rating.domain.policy import RatingPolicy
from services.rating.domain.rate import MODEL_VERSION, decide_rating
from services.rating.domain.statements import latest_statement, year_before
from services.rating.storage.book import Book, CustomerState, Rating
from shared.chassis.work import Work
from shared.contracts.figures import BehaviourFigures, CustomerFigures, ReasonGiven
from shared.contracts.rating import (
    CapacityFigures,
    GradeAffirmed,
    GradeAnswer,
    GradeAssigned,
    GradeOverridden,
)
from shared.decisions.kinds import DecisionKind
from shared.kernel.maths import canonical
from shared.kernel.reasons import Reason

RATING: Final[DecisionKind[RatingFacts, RatingPolicy, RatingDecision]] = DecisionKind(
    name="rating",
    decide=decide_rating,
    facts=RatingFacts,
    decision=RatingDecision,
    model_version=MODEL_VERSION,
)
OVERRIDE: Final = "override"
_CALM_EWS, _CALM_BAND = 0.0, "green"


def rate(
    customer_id: str,
    book: Book,
    work: Work[RatingPolicy],
    *,
    trigger: str,
    month_end: bool = False,
) -> Rating:
    """Decide a customer's grade on the business day, keep it and announce it."""
    state = book.open(customer_id)
    facts = facts_of(state, book, work.policy, as_of=work.business_day)
    decision_id, decision = work.decide(RATING, facts, customer_id=customer_id)
    rating = Rating(
        customer_id=customer_id,
        number=state.rated + 1,
        as_of=work.business_day,
        decision_id=decision_id,
        previous_grade=state.grade,
        trigger=trigger,
        policy_version=work.policy_version,
        model_version=MODEL_VERSION,
        decision=decision,
    )
    state.rated, state.grade, state.valid_to = rating.number, decision.grade, decision.valid_to
    book.ratings.append(rating)
    work.announce(answer_of(rating, state, month_end=month_end), customer_id=customer_id)
    return rating


def facts_of(state: CustomerState, book: Book, policy: RatingPolicy, *, as_of: date) -> RatingFacts:
    """Everything known of a customer that a rating is decided on."""
    statement, previous = _statements(state.customer_id, book, policy, as_of=as_of)
    figures = state.figures
    return RatingFacts(
        segment=state.segment,
        country=state.country,
        verdict=state.verdict,
        statement=statement,
        previous_statement=previous,
        opinions=book.opinions_of(state.customer_id, as_of=as_of),
        behaviour=None if figures is None else _behaviour(figures.behaviour),
        material_days_past_due=None if figures is None else _material_days(figures),
        in_default=figures is not None and figures.in_default,
        hard_triggers=() if figures is None else figures.hard_triggers,
        override=state.override,
        data_quality=None if figures is None else _rounded(figures.data_quality),
    )


def _statements(
    customer_id: str, book: Book, policy: RatingPolicy, *, as_of: date
) -> tuple[Statement | None, Statement | None]:
    filed = book.statements_of(customer_id, as_of=as_of)
    latest = latest_statement(filed, as_of=as_of)
    if latest is None:
        return None, None
    return latest, year_before(filed, latest, policy.statements)


def _material_days(figures: CustomerFigures) -> int:
    return max((each.material_days_past_due for each in figures.arrears), default=0)


def _behaviour(figures: BehaviourFigures | None) -> Behaviour | None:
    """Behaviour as the domain has it; rounded as it is stored, so that a replay sees the same bits."""
    if figures is None:
        return None
    return Behaviour(
        settled_24m=figures.settled_24m,
        wadd_12m=_rounded(figures.wadd_12m),
        late_over_30_share_12m=_rounded(figures.late_over_30_share_12m),
        max_days_past_due_6m=figures.max_days_past_due_6m,
        wadd_trend=_rounded(figures.wadd_trend),
        dishonours_12m=figures.dishonours_12m + figures.broken_promises_12m,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else canonical(value)


def answer_of(rating: Rating, state: CustomerState, *, month_end: bool) -> GradeAnswer:
    """What rating says, once: overridden, assigned when the grade is new or changed, else affirmed."""
    affirmed = _affirmation_of(rating, state, month_end=month_end)
    override = state.override
    if rating.trigger == OVERRIDE and override is not None:
        return GradeOverridden(
            **msgspec.structs.asdict(affirmed),
            override_reason=override.reason,
            expires_on=override.expires_on,
        )
    if rating.decision.grade == rating.previous_grade:
        return affirmed
    return GradeAssigned(**msgspec.structs.asdict(affirmed))


def _affirmation_of(rating: Rating, state: CustomerState, *, month_end: bool) -> GradeAffirmed:
    """What every answer says, echoing the figures the trigger brought."""
    decision = rating.decision
    calm = CustomerFigures(as_of=rating.as_of, ews=_CALM_EWS, band=_CALM_BAND)
    return GradeAffirmed(
        customer_id=rating.customer_id,
        as_of=rating.as_of,
        decision_id=rating.decision_id,
        grade=decision.grade,
        previous_grade=rating.previous_grade,
        model_grade=decision.model_grade,
        pd=decision.pd,
        confidence=decision.confidence.value,
        caps=tuple(cap.code for cap in decision.caps),
        reasons=tuple(_given(reason) for reason in decision.reasons),
        valid_to=decision.valid_to,
        trigger=rating.trigger,
        verdict=state.verdict,
        figures=state.figures or calm,
        capacity=_capacity(decision.capacity),
        month_end=month_end,
        model_version=rating.model_version,
        policy_version=rating.policy_version,
    )


def _given(reason: Reason) -> ReasonGiven:
    return ReasonGiven(
        code=reason.code,
        value=reason.value,
        threshold=reason.threshold,
        contribution=reason.contribution,
    )


def _capacity(capacity: Capacity | None) -> CapacityFigures | None:
    if capacity is None:
        return None
    return CapacityFigures(
        currency=capacity.currency,
        tangible_net_worth=capacity.tangible_net_worth,
        working_capital=capacity.working_capital,
        accounts_payable=capacity.accounts_payable,
    )
