"""What is filed, and when: the formulas of F13 (statements late) and F14 (audit events)."""

from datetime import timedelta
from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.statement_reading import reading_of
from services.monitoring.domain.indicator_facts.financials import (
    FinancialFacts,
    Opinion,
    StatementFacts,
)
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import IndicatorPolicy, WarningPolicy

_CALM, _CHANGED, _QUALIFIED, _REFUSED = 0.0, 1.0, 2.0, 3.0
_LEVELS: Final = {
    Opinion.UNQUALIFIED: _CALM,
    Opinion.QUALIFIED: _QUALIFIED,
    Opinion.ADVERSE: _REFUSED,
    Opinion.DISCLAIMER: _REFUSED,
    Opinion.GOING_CONCERN: _REFUSED,
}

_TOLD: Final = {
    "auditor_change": _CHANGED,
    **{opinion.value: level for opinion, level in _LEVELS.items()},
}


def statements_late(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F13: days since next year's statement was to be expected, `expected_after_days` after its end.

    Does not apply to a customer that never filed any.
    """
    del policy
    if facts.next_period_end is None or facts.latest is None:
        return None
    expected_on = facts.next_period_end + timedelta(days=int(entry.numbers["expected_after_days"]))
    late, label = max(0, (facts.as_of - expected_on).days), facts.latest.label
    period_end = facts.next_period_end
    return Measurement(
        value=float(late),
        explain=lambda: Evidence(
            figures={
                "days_late": late,
                "period_end": period_end.isoformat(),
                "expected_on": expected_on.isoformat(),
            },
            documents=(label,),
        ),
    )


def audit_event(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F14: 1 another auditor than the year before, 2 a qualified opinion, 3 a worse one; 0 none of it.

    What was told of it otherwise counts for `days`. Unknown where that is nothing, and the latest
    statement names neither opinion nor auditor.
    """
    told = _told_otherwise(facts, entry)
    in_statement = _in_statement(facts, policy)
    if told is None:
        return in_statement
    known = None if in_statement is None else in_statement.value
    return told if known is None or (told.value or 0.0) > known else in_statement


def _told_otherwise(facts: FinancialFacts, entry: IndicatorPolicy) -> Measurement | None:
    """The gravest of what was told of the auditor beside statements; of equals the newest."""
    recent = [each for each in facts.audit_events if (facts.as_of - each.on).days < entry.days]
    if not recent:
        return None
    worst = max(recent, key=lambda each: (_TOLD[each.kind], each.on, each.document))
    return Measurement(
        value=_TOLD[worst.kind],
        explain=lambda: Evidence(
            figures={"event": worst.kind, "told_on": worst.on.isoformat()},
            documents=(worst.document,),
        ),
        on=worst.on,
    )


def _in_statement(facts: FinancialFacts, policy: WarningPolicy) -> Measurement | None:
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    latest, before = reading.latest, facts.year_before
    changed = _has_changed(latest, before)
    known = [_LEVELS[latest.opinion]] if latest.opinion else []
    known += [] if changed is None else [_CHANGED if changed else _CALM]
    value = None if reading.stale else max(known, default=None)
    statements = (latest,) if before is None else (latest, before)
    return Measurement(
        value=value,
        explain=lambda: Evidence(
            figures={
                "opinion": latest.opinion.value if latest.opinion else None,
                "auditor": latest.auditor,
                "auditor_year_before": before.auditor if before else None,
            },
            documents=tuple(each.label for each in statements),
        ),
        on=latest.counts_from,
    )


def _has_changed(latest: StatementFacts, before: StatementFacts | None) -> bool | None:
    """Whether another auditor signed; None where either is not named."""
    if before is None or not latest.auditor or not before.auditor:
        return None
    return latest.auditor.casefold().split() != before.auditor.casefold().split()


MEASURES: Final = {
    Indicator.STATEMENTS_LATE: statements_late,
    Indicator.AUDIT_EVENT: audit_event,
}
