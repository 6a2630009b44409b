"""What the customer has promised us that its statements will show: the formula of F16.

A covenant holds a measure of the statements to a level. The measures are those of the F signs, each
by its own formula, so a covenant and a sign never disagree on a figure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas import financials
from services.monitoring.domain.formulas.formula import CALM, Formula, iso
from services.monitoring.domain.formulas.statement_reading import reading_of
from services.monitoring.domain.indicator_facts.external import (
    STATEMENT_DAYS,
    Bound,
    OutsideSign,
)
from services.monitoring.domain.indicator_facts.financials import FinancialFacts
from services.monitoring.domain.measurement import UNKNOWN, Evidence, Measurement
from services.monitoring.domain.outside.statement_ratios import Books
from services.monitoring.domain.policies.warnings import IndicatorPolicy, WarningPolicy
from shared.kernel.maths import canonical

_KEPT, _NEAR, _BROKEN, _UNCURED = 0.0, 1.0, 2.0, 3.0
_STATES: Final = {_KEPT: "kept", _NEAR: "near", _BROKEN: "broken", _UNCURED: "uncured"}
_INDICATORS: Final = {
    "debt_to_assets": Indicator.DEBT_TO_ASSETS,
    "current_ratio": Indicator.CURRENT_RATIO,
    "interest_cover": Indicator.INTEREST_COVER,
    "net_debt_to_ebitda": Indicator.NET_DEBT_TO_EBITDA,
    "z_score": Indicator.Z_SCORE,
    "short_debt_to_cash": Indicator.SHORT_DEBT_WALL,
}
_AMOUNTS: Final[dict[str, Callable[[Books], float | None]]] = {
    "tangible_net_worth": Books.tangible_net_worth,
    "equity": lambda books: books.stock("TE"),
}
MEASURES: Final = (*_INDICATORS, *_AMOUNTS, STATEMENT_DAYS)
"""What a covenant may be about."""
IN_CURRENCY: Final = frozenset(_AMOUNTS)
"""Measures that are amounts; the others are ratios, or days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A covenant held against the statements of a day.

    `value` and `level` in the measure's unit (major units of the covenant's currency); `headroom` is
    the share of the level that is left, below 0 once broken; None: cannot be told. `state` is kept,
    near, broken, uncured or unknown, `broken_since` the day from which the breach was known, and
    `cure_by` the last day on which it is not yet uncured.
    """

    covenant: OutsideSign
    value: float | None
    level: float
    headroom: float | None
    severity: float | None
    broken_since: date | None = None
    cure_by: date | None = None

    @property
    def state(self) -> str:
        """How it stands, in a word."""
        return "unknown" if self.severity is None else _STATES[self.severity]


def covenant_breach(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F16: the worst of the covenants: 1 less than `near` of its level left, 2 broken, 3 for over `cure_days`.

    Unknown where one cannot be told and none of the others is near; calm once none is in force.
    """
    all_tested = tested(facts, entry, policy)
    if not all_tested:
        return CALM
    worst = max(all_tested, key=_badness)
    if not worst.severity and any(each.severity is None for each in all_tested):
        return UNKNOWN
    reading = reading_of(facts, policy.statements)
    by_days = worst.covenant.kind == STATEMENT_DAYS
    return Measurement(
        value=worst.severity,
        on=worst.broken_since,
        confidence=1.0 if reading is None or by_days else reading.quality,
        explain=lambda: _evidence(worst, all_tested, facts),
    )


def tested(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> tuple[Tested, ...]:
    """Every covenant in force, the one agreed on first in front."""
    return tuple(_tested(each, facts, entry, policy) for each in facts.covenants)


def _tested(
    covenant: OutsideSign, facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Tested:
    value, level = _value(covenant, facts, policy), _level(covenant)
    left = None if value is None else _left(covenant, value)
    if left is None or left >= 0:
        return Tested(
            covenant=covenant,
            value=value,
            level=level,
            headroom=_share(left, level),
            severity=None if left is None else _NEAR if _is_near(left, level, entry) else _KEPT,
        )
    since = _broken_since(covenant, facts, policy)
    cure_by = since + timedelta(days=int(entry.numbers["cure_days"]))
    return Tested(
        covenant=covenant,
        value=value,
        level=level,
        headroom=_share(left, level),
        severity=_UNCURED if facts.as_of > cure_by else _BROKEN,
        broken_since=since,
        cure_by=cure_by,
    )


def _value(covenant: OutsideSign, facts: FinancialFacts, policy: WarningPolicy) -> float | None:
    """The covenant's measure; None where the statements do not say, or are too old to."""
    if covenant.kind == STATEMENT_DAYS:
        return float(max(0, (facts.as_of - facts.awaited_end(covenant.on)).days))
    if covenant.kind in _INDICATORS:
        indicator = _INDICATORS[covenant.kind]
        formula = financials.FORMULAS[indicator]
        measured = formula.measure(facts, policy.indicators[indicator], policy)
        return None if measured is None else measured.value
    reading = reading_of(facts, policy.statements)
    agreed = covenant.amount
    if reading is None or reading.stale or agreed is None:
        return None
    if agreed.currency != reading.latest.currency:
        return None
    found = _AMOUNTS[covenant.kind](reading.now)
    return None if found is None else canonical(found)


def _level(covenant: OutsideSign) -> float:
    return covenant.level or 0.0 if covenant.amount is None else float(covenant.amount.amount)


def _left(covenant: OutsideSign, value: float) -> float:
    """How far the value is from the level, on the good side."""
    over = value - _level(covenant)
    return canonical(over if covenant.bound is Bound.AT_LEAST else -over)


def _share(left: float | None, level: float) -> float | None:
    return None if left is None or level == 0 else canonical(left / abs(level))


def _is_near(left: float, level: float, entry: IndicatorPolicy) -> bool:
    return left < canonical(entry.numbers["near"] * abs(level))


def _broken_since(covenant: OutsideSign, facts: FinancialFacts, policy: WarningPolicy) -> date:
    """Since when the breach is known: through the statement before, if that showed it already."""
    if covenant.kind == STATEMENT_DAYS:
        ends = facts.awaited_end(covenant.on)
        return max(ends + timedelta(days=int(_level(covenant)) + 1), covenant.on)
    showing = facts
    if facts.earlier is not None:
        before = _value(covenant, facts.earlier, policy)
        if before is not None and _left(covenant, before) < 0:
            showing = facts.earlier
    latest = showing.latest
    return covenant.on if latest is None else max(latest.counts_from, covenant.on)


def _badness(one: Tested) -> tuple[float, float]:
    """An unknown covenant is worse than a kept one, and milder than one that is near."""
    severity = _NEAR / 2 if one.severity is None else one.severity
    return severity, -(one.headroom or 0.0)


def _evidence(worst: Tested, all_tested: tuple[Tested, ...], facts: FinancialFacts) -> Evidence:
    covenant = worst.covenant
    statement = () if facts.latest is None else (facts.latest.label,)
    broken = sum((each.severity or _KEPT) >= _BROKEN for each in all_tested)
    return Evidence(
        figures={
            "measure": covenant.kind,
            "bound": None if covenant.bound is None else covenant.bound.value,
            "level": worst.level,
            covenant.kind: worst.value,
            "headroom": worst.headroom,
            "state": worst.state,
            "broken_since": iso(worst.broken_since),
            "cure_by": iso(worst.cure_by),
            "covenants": len(all_tested),
            "broken": broken,
            "currency": None if covenant.amount is None else covenant.amount.currency,
        },
        documents=(covenant.document, *statement),
    )


FORMULAS: Final[dict[Indicator, Formula[FinancialFacts]]] = {
    Indicator.COVENANT_BREACH: Formula(covenant_breach, lambda facts: bool(facts.covenants))
}
