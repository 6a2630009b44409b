"""Cloaking: a customer that pays well while its statements fail, which payment signs alone miss."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.monitoring.domain.catalogue import Indicator, IndicatorGroup, group_of
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.policies.guards import CloakingPolicy
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.alerts import Alert

_PAYMENT = frozenset({IndicatorGroup.TRANSACTIONS, IndicatorGroup.BEHAVIOUR})


class DivergenceKind(StrEnum):
    """How two sources speak against each other."""

    CLOAKING = "cloaking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Two sources that speak against each other, `since` when, and the `indicators` of the worse one.

    `average_days_late` is how well the customer pays, in the currency it pays worst in.
    """

    kind: DivergenceKind
    since: date
    indicators: tuple[Indicator, ...]
    average_days_late: float


def failing_signs(
    alerts: Mapping[Indicator, Alert], policy: CloakingPolicy
) -> tuple[Indicator, ...]:
    """The signs of failing statements, if there are enough of them and none of failing payment."""
    serious = sorted(name for name, alert in alerts.items() if _is_serious(alert))
    failing = tuple(name for name in serious if group_of(name) is IndicatorGroup.FINANCIALS)
    if len(failing) < policy.least_signs or any(group_of(each) in _PAYMENT for each in serious):
        return ()
    return failing


def cloaking(
    failing: tuple[Indicator, ...],
    ledgers: Iterable[CurrencyFacts],
    policy: CloakingPolicy,
    *,
    before: Divergence | None,
    as_of: date,
) -> Divergence | None:
    """Whether good payment hides `failing` statements on a day; `since` is kept from `before`."""
    lateness = [
        each.wadd
        for each in ledgers
        if each.wadd is not None and each.wadd_invoices >= policy.settled_invoices
    ]
    worst = max(lateness, default=None)
    if not failing or worst is None or worst > policy.average_days_late:
        return None
    return Divergence(
        kind=DivergenceKind.CLOAKING,
        since=as_of if before is None else before.since,
        indicators=failing,
        average_days_late=worst,
    )


def _is_serious(alert: Alert) -> bool:
    return alert.counts and alert.severity.rank >= Severity.AMBER.rank
