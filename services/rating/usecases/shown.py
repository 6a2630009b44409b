"""A rating as people and programs see it (api.md): one shape for questions and commands."""

from typing import Any

import msgspec

from services.rating.storage.book import Rating

_HIDDEN = ("capacity",)


def shown(rating: Rating) -> dict[str, Any]:  # JSON of any shape
    """The rating as JSON: the decision's own fields beside who, when, why and by which rules."""
    decision = msgspec.to_builtins(rating.decision)
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
