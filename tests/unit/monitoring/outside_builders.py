"""Builders for the tests of what the outside says: each names only what matters."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.external import FORMULAS
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.external import (
    AgencyRating,
    ExternalFacts,
    OutsideSign,
    Source,
)
from services.monitoring.domain.indicators import Finding, measure
from shared.kernel.money import Money
from tests.unit.monitoring.warning_builders import SHIPPED, TODAY


def a_sign(source: Source, kind: str, *, ago: int = 0, **changes: Any) -> OutsideSign:
    """A sign of some days ago.  Any: a test's fields, checked by the dataclass."""
    on = TODAY - timedelta(days=ago)
    plain = OutsideSign(source=source, document=f"{kind}-{ago}", kind=kind, on=on)
    return replace(plain, **changes)


def a_rating(
    grade: str,
    *,
    ago: int = 0,
    agency: str = "S&P",
    watched: bool = False,
    unsolicited: bool = False,
) -> AgencyRating:
    return AgencyRating(
        agency=agency,
        grade=grade,
        on=TODAY - timedelta(days=ago),
        watch_negative=watched,
        unsolicited=unsolicited,
    )


def outside(*signs: OutsideSign, worth: Money | None = None) -> ExternalFacts:
    return ExternalFacts(
        as_of=TODAY, signs=tuple(sorted(signs, key=lambda each: each.on)), net_worth=worth
    )


def rated(*ratings: AgencyRating) -> ExternalFacts:
    return ExternalFacts(as_of=TODAY, ratings=tuple(sorted(ratings, key=lambda each: each.on)))


def found(indicator: Indicator, facts: ExternalFacts) -> Finding:
    """What the shipped policy finds in it."""
    return measure(indicator, IndicatorFacts(as_of=TODAY, external=facts), SHIPPED)


def has_sign(indicator: Indicator, facts: ExternalFacts) -> bool:
    return FORMULAS[indicator].has_sign(facts)
