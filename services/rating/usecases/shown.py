"""A rating as people and programs see it (api.md): one shape for questions and commands."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from services.rating.domain.model import Statement
from services.rating.domain.policy import RatingPolicy
from services.rating.domain.ratios import read_statement
from services.rating.domain.scorecard import points_of, score
from services.rating.domain.statements import latest_statement, year_before
from services.rating.storage.book import FiledStatement, Rating
from shared.decisions.stored import canonical_json

_HIDDEN = ("capacity",)


def shown(rating: Rating) -> dict[str, Any]:  # JSON of any shape
    """The rating as JSON: the decision's own fields beside who, when, why and by which rules."""
    decision = msgspec.json.decode(canonical_json(rating.decision))
    return {
        "customer_id": rating.customer_id,
        "as_of": rating.as_of.isoformat(),
        "decision_id": rating.decision_id,
        "previous_grade": rating.previous_grade,
        "trigger": rating.trigger,
        "model_version": rating.model_version,
        "policy_version": rating.policy_version,
        **{name: value for name, value in decision.items() if name not in _HIDDEN},
    }


def shown_statement(filed: FiledStatement) -> dict[str, Any]:  # JSON of any shape
    """A statement as filed, and the day it counts from."""
    return {**msgspec.to_builtins(filed.statement), "due_on": filed.due_on}


def shown_ratios(
    filed: Sequence[Statement], policy: RatingPolicy, *, as_of: date
) -> dict[str, Any] | None:  # JSON of any shape
    """The ratios of the statement that counts as of a day; None when there is none."""
    statement = latest_statement(filed, as_of=as_of)
    if statement is None:
        return None
    previous = year_before(filed, statement, policy.statements)
    reading = read_statement(statement, policy.statements, previous=previous)
    scored = score(reading.measures, policy.financial)
    ratios = [
        {
            "code": code,
            "value": measure.value,
            "status": measure.status,
            "points": points_of(policy.financial.variables[code], measure),
        }
        for code, measure in reading.measures.items()
    ]
    return {
        "as_of": as_of,
        "period_end": statement.period_end,
        "months": statement.months,
        "basis": statement.basis,
        "currency": statement.currency,
        "flags": reading.flags,
        "score": None if scored is None else scored.points,
        "pd": None if scored is None else scored.pd,
        "ratios": ratios,
    }
