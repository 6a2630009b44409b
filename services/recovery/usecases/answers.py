"""How cases and what was done in them look outside."""

from typing import Any

import msgspec

from services.recovery.domain.model import Case
from services.recovery.storage import Deed

Json = dict[str, Any]  # JSON of any shape


def case_answer(case: Case) -> Json:
    """A case: state, cause, what is owed, and what happens next."""
    plan = case.plan
    return {
        "case_id": case.case_id,
        "customer_id": case.customer_id,
        "state": case.state.value,
        "cause": case.cause.value,
        "opened_on": case.opened_on.isoformat(),
        "closed_on": case.closed_on.isoformat() if case.closed_on else None,
        "outcome": case.outcome,
        "tier": case.tier,
        "amount": str(case.amount.amount),
        "currency": case.amount.currency,
        "step": case.step,
        "next_action": plan.action if plan else None,
        "next_action_on": plan.on.isoformat() if plan else None,
        "planned_by": plan.by.value if plan else None,
        "promise_until": case.promise_until.isoformat() if case.promise_until else None,
        "version": case.version,
    }


def deed_answer(deed: Deed) -> Json:
    """One line of a case's history."""
    answer: Json = msgspec.to_builtins(deed)
    remark: Json = answer.pop("remark")
    del answer["case_id"], answer["customer_id"]
    return remark | answer
