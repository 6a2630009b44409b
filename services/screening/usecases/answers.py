"""What screening answers, and what it announces: the register's facts and the verdict on them."""

from datetime import date
from typing import Any

import msgspec

from services.screening.domain.model import Customer, RegisterEntry
from services.screening.domain.screen import ScreeningDecision
from shared.contracts import screening as said
from shared.contracts.figures import ReasonGiven

Json = dict[str, Any]  # JSON of any shape

_VERDICTS: dict[str, type[said.ScreeningVerdict]] = {
    "pass": said.CustomerCleared,
    "refer": said.CustomerReferred,
    "reject_credit": said.CustomerRejected,
    "reject": said.CustomerRejected,
}


def customer_answer(entry: RegisterEntry) -> Json:
    """The register's facts about a customer, with the standing verdict in short."""
    answer: Json = msgspec.to_builtins(entry.customer)
    verdict = entry.verdict
    return answer | {
        "name": entry.customer.name,
        "first_registered_on": entry.registered_at.isoformat(),
        "outcome": verdict.outcome if verdict else None,
        "valid_to": verdict.valid_to.isoformat() if verdict else None,
        "screening_id": verdict.decision_id if verdict else None,
    }


def screening_answer(
    decision: ScreeningDecision, *, decision_id: str, as_of: date, policy_version: str
) -> Json:
    """A screening as `api.md` shapes it."""
    return {
        "screening_id": decision_id,
        "as_of": as_of.isoformat(),
        "outcome": decision.outcome,
        "points": decision.points,
        "reasons": msgspec.to_builtins(decision.reasons),
        "checks": [
            {
                "id": check.id,
                "status": check.status.value,
                "points": check.points,
                "effect": check.effect.value,
                "reason": check.reasons[0].code if check.reasons else None,
                "reasons": msgspec.to_builtins(check.reasons),
            }
            for check in decision.checks
        ],
        "not_checked": list(decision.not_checked),
        "matches": [],
        "valid_to": decision.valid_to.isoformat(),
        "policy_version": policy_version,
    }


def registration_event(
    kind: type[said.CustomerRegistered], customer: Customer
) -> said.CustomerRegistered:
    """The event that tells the others who a customer is."""
    industry = customer.industry
    return kind(
        customer_id=customer.customer_id,
        legal_names=tuple(
            said.LegalName(name=each.name, script=each.script, type=each.type)
            for each in customer.legal_names
        ),
        country=customer.country,
        identifiers=tuple(
            said.Identifier(scheme=each.scheme, value=each.value) for each in customer.identifiers
        ),
        industry=said.Industry(scheme=industry.scheme, code=industry.code) if industry else None,
        registered_on=customer.registered_on,
        size_class=customer.size_class,
        segment=customer.segment,
        relationships=tuple(
            said.Relationship(type=each.type, party=each.party, share=each.share)
            for each in customer.relationships
        ),
        version=customer.version,
    )


def verdict_event(
    decision: ScreeningDecision,
    *,
    customer_id: str,
    decision_id: str,
    as_of: date,
    policy_version: str,
) -> said.ScreeningVerdict:
    """The event that tells the others how a screening came out."""
    return _VERDICTS[decision.outcome](
        customer_id=customer_id,
        as_of=as_of,
        decision_id=decision_id,
        outcome=decision.outcome,
        points=decision.points,
        reasons=tuple(
            ReasonGiven(
                code=reason.code,
                value=reason.value,
                threshold=reason.threshold,
                contribution=reason.contribution,
            )
            for reason in decision.reasons
        ),
        not_checked=decision.not_checked,
        policy_version=policy_version,
    )
