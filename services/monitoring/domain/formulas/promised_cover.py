"""Cover that may go: the formulas of L04 and L07, and of I06, the customer's own key customers."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula, shown
from services.monitoring.domain.formulas.signs import SHARE_SHOWN, Figures, documents, level
from services.monitoring.domain.indicator_facts.external import ExternalFacts, OutsideSign, Source
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import (
    IndicatorPolicy,
    Severity,
    WarningPolicy,
)
from shared.kernel.maths import canonical
from shared.kernel.money import Money

CUT = "cut"
CANCELLED = "cancelled"
_WATCH, _AMBER, _RED = 1.0, 2.0, 3.0


def insurer_action(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """L04: each insurer's last word, until it restores: cut 1, cut by more than `deep_cut` 2, cancelled 3."""
    del policy
    newest = {each.by: each for each in facts.of(Source.INSURER)}
    levels = [(_insurer_level(each, entry), each) for each in newest.values()]
    value, worst = max(levels, key=lambda one: one[0], default=(0.0, None))
    figures: Figures = {
        "action": worst.kind if worst else None,
        "cut_share": worst.share if worst else None,
        "insurer": worst.by if worst else None,
    }
    return level(value, (worst,) if worst else (), figures)


def _insurer_level(action: OutsideSign, entry: IndicatorPolicy) -> float:
    if action.kind == CANCELLED:
        return _RED
    if action.kind != CUT:
        return 0.0
    return _AMBER if (action.share or 0.0) > entry.numbers["deep_cut"] else _WATCH


def security_gap(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """L07: eligible security over what is required, of the worst currency; what has expired counts nothing.

    Security that ends within `watch_days` or `amber_days` is watch or amber, expired red, whatever it
    covers. Does not apply without any.
    """
    del policy
    held = facts.of(Source.SECURITY)
    if not held:
        return None
    currencies = sorted({each.amount.currency for each in held if each.amount is not None})
    covers = {each: _cover(held, each, facts.as_of) for each in currencies}
    value = min(covers.values(), default=0.0)
    worst = next((name for name, cover in covers.items() if cover == value), None)
    soonest = min((e.expires_on for e in held if e.expires_on is not None), default=None)
    days = None if soonest is None else (soonest - facts.as_of).days
    return Measurement(
        value=value,
        at_least=_by_expiry(days, entry),
        explain=lambda: Evidence(
            figures={
                "cover": value,
                "currency": worst,
                "eligible": None if worst is None else shown(_eligible(held, worst, facts.as_of)),
                "required": None if worst is None else shown(_required(held, worst)),
                "expires_on": None if soonest is None else soonest.isoformat(),
                "days_to_expiry": days,
            },
            documents=documents(held),
        ),
    )


def _cover(held: Sequence[OutsideSign], currency: str, as_of: date) -> float:
    required = _required(held, currency)
    if required.minor <= 0:
        return SHARE_SHOWN
    return min(_eligible(held, currency, as_of).minor / required.minor, SHARE_SHOWN)


def _eligible(held: Sequence[OutsideSign], currency: str, as_of: date) -> Money:
    binding = [each for each in held if each.expires_on is None or each.expires_on >= as_of]
    amounts = [e.amount for e in binding if e.amount is not None and e.amount.currency == currency]
    return Money(sum(each.minor for each in amounts), currency)


def _required(held: Sequence[OutsideSign], currency: str) -> Money:
    """What the newest valuation in the currency says is to be covered."""
    said = [e.required for e in held if e.required is not None and e.required.currency == currency]
    return said[-1] if said else Money.zero(currency)


def _by_expiry(days: int | None, entry: IndicatorPolicy) -> Severity | None:
    if days is None or days > entry.numbers["watch_days"]:
        return None
    if days < 0:
        return Severity.RED
    return Severity.AMBER if days <= entry.numbers["amber_days"] else Severity.WATCH


def key_customer_event(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """I06: what share of its revenue the customer made with customers that have failed."""
    del entry, policy
    failed = facts.of(Source.KEY_CUSTOMER)
    share = min(1.0, canonical(sum(each.share or 0.0 for each in failed)))
    figures: Figures = {
        "revenue_share": share,
        "failed_customers": len(failed),
        "largest": max(failed, key=lambda e: e.share or 0.0).by if failed else None,
    }
    return level(share, failed, figures)


FORMULAS: Final[dict[Indicator, Formula[ExternalFacts]]] = {
    Indicator.INSURER_ACTION: Formula(insurer_action, lambda facts: bool(facts.of(Source.INSURER))),
    Indicator.SECURITY_GAP: Formula(security_gap, lambda facts: bool(facts.of(Source.SECURITY))),
    Indicator.KEY_CUSTOMER_EVENT: Formula(
        key_customer_event, lambda facts: bool(facts.of(Source.KEY_CUSTOMER))
    ),
}
