"""How decisions are shown: reasons as published, amounts as decimal text with their currency."""

from collections.abc import Iterable

import msgspec

from shared.contracts.figures import ReasonGiven
from shared.kernel.money import Money
from shared.kernel.reasons import Reason

Shown = dict[str, object]


def reasons_given(reasons: Iterable[Reason]) -> tuple[ReasonGiven, ...]:
    """Reasons as an event carries them."""
    return tuple(
        ReasonGiven(
            code=reason.code,
            value=reason.value,
            threshold=reason.threshold,
            contribution=reason.contribution,
        )
        for reason in reasons
    )


def shown_reasons(reasons: Iterable[Reason]) -> list[Shown]:
    """Reasons as an answer over HTTP lists them."""
    return [
        {"code": reason.code, "value": reason.value, "threshold": reason.threshold}
        for reason in reasons
    ]


def reasons_text(reasons: Iterable[Reason]) -> str:
    """Reasons as JSON text, for a history row."""
    return msgspec.json.encode(shown_reasons(reasons)).decode()


def shown_money(amount: Money | None) -> Shown | None:
    """An amount as decimal text with its currency; None stays None."""
    if amount is None:
        return None
    return {"amount": str(amount.amount), "currency": amount.currency}
