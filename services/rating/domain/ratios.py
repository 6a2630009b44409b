"""The ratios of FS-1 from a statement (domain.md §3.1); what was not reported is missing, never zero."""

from dataclasses import dataclass

from services.rating.domain import lines
from services.rating.domain.model import Measure, MeasureStatus, Statement
from services.rating.domain.policy import FULL, StatementPolicy
from shared.kernel.values import quick

MONTHS_A_YEAR = 12
DAYS_A_YEAR = 365
MILLION = 1_000_000.0
AVERAGE_OF_ONE = "AVG1"
ANNUALISED = "ANNUALISED"


@quick
@dataclass(frozen=True, slots=True)
class StatementReading:
    """The ratios of one statement and how they came about (`flags`: AVG1, ANNUALISED)."""

    measures: dict[str, Measure]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Books:
    """A statement in major units: stocks as they stand, flows as if over twelve months."""

    statement: Statement

    def stock(self, code: str) -> float | None:
        """A balance-sheet line; None where it was not reported."""
        reported = self.statement.lines.get(code)
        return None if reported is None else float(reported) * self.statement.unit.factor

    def flow(self, code: str) -> float | None:
        """A line of the income or cash-flow statement, as if for twelve months."""
        reported = self.stock(code)
        return None if reported is None else reported * MONTHS_A_YEAR / self.statement.months

    def debt(self) -> float | None:
        """Financial debt: as reported, else the parts, where the two every statement has are there."""
        if (reported := self.stock(lines.DEBT)) is not None:
            return reported
        needed = [self.stock(code) for code in lines.DEBT_NEEDED]
        if any(part is None for part in needed):
            return None
        others = [self.stock(code) for code in lines.DEBT_OTHER]
        return sum(part for part in (*needed, *others) if part is not None)


def read_statement(
    statement: Statement, policy: StatementPolicy, *, previous: Statement | None
) -> StatementReading:
    """The eleven ratios of FS-1. Interim flows are annualised; averages need the year before."""
    now = _Books(statement)
    before = None if previous is None else _Books(previous)
    flags = (
        *((ANNUALISED,) if statement.months != MONTHS_A_YEAR else ()),
        *((AVERAGE_OF_ONE,) if before is None else ()),
    )
    measures = {
        **_balance_ratios(now),
        **_flow_ratios(now, before, policy),
        "icr": _interest_cover(now, policy),
        "nd_ebitda": _net_debt_to_ebitda(now, policy),
    }
    return StatementReading(measures, flags)


def _balance_ratios(now: _Books) -> dict[str, Measure]:
    current_assets, short = now.stock("CA"), now.stock("CL")
    quick = _sum((1, current_assets), (-1, now.stock("INV")), (-1, now.stock("PREPAY")))
    return {
        "tl_ta": _quotient(now.stock("TL"), now.stock("TA")),
        "current": _quotient(current_assets, short),
        "quick": _quotient(quick, short),
    }


def _flow_ratios(now: _Books, before: _Books | None, policy: StatementPolicy) -> dict[str, Measure]:
    revenue = now.flow("REV")
    opening = None if before is None else before.stock("TA")
    revenue_before = None if before is None else before.flow("REV")
    growth = _sum((1, revenue), (-1, revenue_before))
    return {
        "roa": _quotient(now.flow("NI"), _average(now.stock("TA"), opening)),
        "ebit_margin": _quotient(now.flow("EBIT"), revenue),
        "cfo_cl": _quotient(now.flow("CFO"), now.stock("CL")),
        "dpo": _quotient(_sum((DAYS_A_YEAR, now.stock("AP"))), now.flow("COGS")),
        "revenue_meur": _size(revenue, policy.eur_rates.get(now.statement.currency)),
        "growth": _quotient(growth, revenue_before),
    }


def _sum(*terms: tuple[float, float | None]) -> float | None:
    known = [factor * value for factor, value in terms if value is not None]
    return sum(known) if len(known) == len(terms) else None


def _average(closing: float | None, opening: float | None) -> float | None:
    return closing if closing is None or opening is None else (closing + opening) / 2


def _quotient(above: float | None, below: float | None) -> Measure:
    if above is None or below is None:
        return Measure.of(None)
    if below == 0:
        return Measure(None, MeasureStatus.DIV0)
    if below < 0:
        return Measure(None, MeasureStatus.NEG_DENOM)
    return Measure.of(above / below)


def _size(revenue: float | None, eur_rate: float | None) -> Measure:
    if revenue is None or eur_rate is None:
        return Measure.of(None)
    return Measure.of(revenue * eur_rate / MILLION)


def _interest_cover(now: _Books, policy: StatementPolicy) -> Measure:
    """EBIT over interest; no interest and no debt is best, no interest on debt a gap in the books."""
    earnings, interest, debt = now.flow("EBIT"), now.flow("INT_EXP"), now.debt()
    if earnings is None or interest is None or interest != 0:
        return _quotient(earnings, interest)
    if debt is None or debt > policy.no_debt_share * (now.stock("TA") or 0.0):
        return Measure.of(None)
    return Measure(None, MeasureStatus.DIV0, forced_points=FULL)


def _net_debt_to_ebitda(now: _Books, policy: StatementPolicy) -> Measure:
    """Net debt over EBITDA; losses under debt are worst, net cash best if EBITDA is positive.

    Short-term investments count as cash only where they are reported.
    """
    debt, cash = now.debt(), now.stock("CASH")
    ebitda = _sum((1, now.flow("EBIT")), (1, now.flow("DA")))
    if debt is None or cash is None or ebitda is None:
        return Measure.of(None)
    net_debt = debt - cash - (now.stock("STI") or 0.0)
    if ebitda <= 0:
        points = 0.0 if net_debt > 0 else policy.net_cash_loss_points
        return Measure(None, MeasureStatus.NEG_DENOM, forced_points=points)
    forced = FULL if net_debt <= 0 else None
    return Measure(net_debt / ebitda, MeasureStatus.OK, forced_points=forced)
