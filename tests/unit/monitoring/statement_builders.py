"""Statements for tests: a sound company, and what is said otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.everything import IndicatorFacts
from services.monitoring.domain.indicator_facts.financials import FinancialFacts, StatementFacts
from services.monitoring.domain.indicators import Finding, measure
from services.monitoring.domain.outside.financial_standing import (
    FinancialStanding,
    financial_facts,
    keep_statement,
)
from services.monitoring.domain.policies.statements import Basis
from shared.contracts.financials import FinancialStatementFiled
from tests.unit.monitoring.warning_builders import SHIPPED

RULES = SHIPPED.statements
AS_OF = date(2025, 6, 30)
SOUND = {
    "TA": 1000,
    "TL": 500,
    "TE": 500,
    "CA": 600,
    "CL": 300,
    "CASH": 100,
    "STI": 0,
    "AR": 200,
    "INV": 150,
    "OTH_R": 20,
    "INTANG": 20,
    "GOODWILL": 0,
    "DTA": 0,
    "RE": 300,
    "AP": 120,
    "ST_DEBT": 80,
    "CPLTD": 20,
    "LT_DEBT": 100,
    "REV": 1460,
    "COGS": 1095,
    "GP": 365,
    "EBIT": 120,
    "DA": 40,
    "INT_EXP": 20,
    "CFO": 90,
}


def a_statement(
    year: int = 2024,
    *,
    without: Any = (),  # Any: names of lines, which mypy would take for amounts in **lines
    **lines: float | str,
) -> StatementFacts:
    """A sound company's audited statement of a year, but for the lines that are said."""
    told = {**SOUND, **lines}
    return StatementFacts(
        period_end=date(year, 12, 31),
        months=12,
        basis=Basis.AUDITED,
        currency="EUR",
        counts_from=date(year + 1, 4, 1),
        lines={code: Decimal(str(told[code])) for code in sorted(told) if code not in without},
    )


def with_lines(lines: Mapping[str, float | str]) -> StatementFacts:
    """A sound company's statement with these lines instead."""
    told = {code: Decimal(str(amount)) for code, amount in lines.items()}
    return replace(a_statement(), lines={**a_statement().lines, **told})


def changed(statement: StatementFacts, **fields: Any) -> StatementFacts:  # Any: a test's fields
    return replace(statement, **fields)


def on_file(
    *statements: StatementFacts, as_of: date = AS_OF, industry: str | None = None
) -> FinancialFacts:
    """What the indicators see once these were filed, in this order."""
    standing = FinancialStanding()
    for each in statements:
        keep_statement(standing, each, RULES, as_of=as_of)
    return financial_facts(standing, RULES, as_of=as_of, industry=industry)


def found(indicator: str, *statements: StatementFacts, as_of: date = AS_OF) -> Finding:
    """What an indicator finds in these statements."""
    facts = IndicatorFacts(as_of=as_of, financials=on_file(*statements, as_of=as_of))
    return measure(Indicator(indicator), facts, SHIPPED)


def filed(
    year: int = 2024,
    *,
    basis: Any = "audited",  # Any: one of the contract's words
    without: tuple[str, ...] = (),
    **lines: float | str,
) -> FinancialStatementFiled:
    """The event of a sound company's statement, but for the lines that are said."""
    statement = a_statement(year, without=without, **lines)
    return FinancialStatementFiled(
        period_end=statement.period_end,
        months=statement.months,
        basis=basis,
        currency=statement.currency,
        lines=statement.lines,
    )
