"""What the formulas on outside signs have in common."""

from collections.abc import Sequence

from services.monitoring.domain.formulas.formula import shown
from services.monitoring.domain.indicator_facts.external import ExternalFacts, OutsideSign
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import Severity
from shared.kernel.money import Money

SHARE_SHOWN = 9.99  # a net worth of a few cents would else give figures nobody can read
DOCUMENTS_SHOWN = 20

Figures = dict[str, float | str | None]


def level(
    value: float,
    signs: Sequence[OutsideSign],
    figures: Figures,
    *,
    at_least: Severity | None = None,
) -> Measurement:
    """A sign "as listed", or a count of signs: it happened on the day of the newest one."""
    return Measurement(
        value=value,
        at_least=at_least,
        on=signs[-1].on if signs else None,
        explain=lambda: Evidence(figures=figures, documents=documents(signs)),
    )


def documents(signs: Sequence[OutsideSign]) -> tuple[str, ...]:
    """The documents behind a figure, the newest last."""
    return tuple(each.document for each in signs)[-DOCUMENTS_SHOWN:]


def total(signs: Sequence[OutsideSign], currency: str) -> Money | None:
    """What the signs amount to in one currency; None if none of them names an amount in it."""
    amounts = [e.amount for e in signs if e.amount is not None and e.amount.currency == currency]
    return Money(sum(each.minor for each in amounts), currency) if amounts else None


def share_of_worth(facts: ExternalFacts, signs: Sequence[OutsideSign]) -> float | None:
    """What the signs amount to over the tangible net worth; None if either is not known.

    The least it can be where a sign names no amount, or one in another currency. Where there is no net
    worth left, all of it and more, whatever is claimed.
    """
    worth = facts.net_worth
    if worth is None:
        return None
    if worth.minor <= 0:
        claimed = any(each.amount is None or each.amount.minor > 0 for each in signs)
        return SHARE_SHOWN if claimed else 0.0
    owed = total(signs, worth.currency)
    return None if owed is None else min(owed.minor / worth.minor, SHARE_SHOWN)


def is_whole(facts: ExternalFacts, signs: Sequence[OutsideSign]) -> bool:
    """Whether the share of the net worth leaves out no sign."""
    worth = facts.net_worth
    if worth is None or worth.minor <= 0:
        return worth is not None
    amounts = [each.amount for each in signs]
    return all(each is not None and each.currency == worth.currency for each in amounts)


def worth_figures(facts: ExternalFacts, signs: Sequence[OutsideSign]) -> Figures:
    """The amounts that a share of the net worth is made of."""
    worth = facts.net_worth
    owed = None if worth is None else total(signs, worth.currency)
    named = [each.amount for each in signs if each.amount is not None]
    return {
        "signs": len(signs),
        "amount": None if owed is None else shown(owed),
        "net_worth": None if worth is None else shown(worth),
        "currency": worth.currency if worth is not None else None,
        "share_of_net_worth": share_of_worth(facts, signs),
        "without_amount": len(signs) - len(named),
        "in_other_currencies": sum(1 for e in named if worth and e.currency != worth.currency),
    }
