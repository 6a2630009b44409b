"""Ratios of statements (domain.md §3.1, §3.2): a value, or why there is none; missing is never 0."""

from dataclasses import dataclass
from enum import StrEnum

from services.monitoring.domain.indicator_facts.financials import StatementFacts
from services.monitoring.domain.outside import statement_lines as lines
from services.monitoring.domain.outside.financial_standing import MONTHS_A_YEAR

DAYS_A_YEAR = 365
AVERAGE_OF_ONE = "AVG1"
ANNUALISED = "ANNUALISED"
LAST_TWELVE_MONTHS = "LTM"
_Z_WEIGHTS = (6.56, 3.26, 6.72, 1.05)  # Altman's Z″ (domain.md §3.2)


class RatioStatus(StrEnum):
    """Why a ratio has a value, or has none (domain.md §0)."""

    OK = "OK"
    MISSING = "MISSING"
    DIV0 = "DIV0"
    NEG_DENOM = "NEG_DENOM"
    STALE = "STALE"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio: `value` is None unless its status is OK."""

    value: float | None
    status: RatioStatus = RatioStatus.OK


@dataclass(frozen=True, slots=True)
class Books:
    """A statement to be calculated with: stocks as they stand, flows as if over twelve months.

    With `carried`, the last whole year and the like period in it, flows are the last twelve months':
    FY + YTD - prior YTD. Otherwise an interim period is stretched to a year. Major units.
    """

    statement: StatementFacts
    carried: tuple[StatementFacts, StatementFacts] | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """How its flows came to be a year's: LTM or ANNUALISED; nothing for a whole year."""
        if self.statement.months == MONTHS_A_YEAR:
            return ()
        return (ANNUALISED if self.carried is None else LAST_TWELVE_MONTHS,)

    def stock(self, code: str) -> float | None:
        """A balance-sheet line; None where it was not reported."""
        reported = self.statement.lines.get(code)
        return None if reported is None else float(reported)

    def flow(self, code: str) -> float | None:
        """A line of the income or cash-flow statement, as if for twelve months."""
        reported = self.stock(code)
        if reported is None:
            return None
        if self.carried is None:
            return reported * MONTHS_A_YEAR / self.statement.months
        year, period = self.carried
        return reported + float(year.lines[code]) - float(period.lines[code])

    def debt(self) -> float | None:
        """Financial debt: as reported, else the parts, where the two every statement has are there."""
        if (reported := self.stock(lines.DEBT)) is not None:
            return reported
        needed = plus(*(self.stock(code) for code in lines.DEBT_NEEDED))
        others = (self.stock(code) for code in lines.DEBT_OTHER)
        return plus(needed, *(part for part in others if part is not None))

    def short_debt(self) -> float | None:
        """Debt due within a year; the current part of long-term debt only where it is reported."""
        return plus(self.stock("ST_DEBT"), self.stock("CPLTD") or 0.0)

    def liquid(self) -> float | None:
        """Cash, and short-term investments where they are reported."""
        return plus(self.stock("CASH"), self.stock("STI") or 0.0)

    def ebitda(self) -> float | None:
        """Earnings before interest, tax, depreciation and amortisation."""
        return plus(self.flow("EBIT"), self.flow("DA"))

    def gross_margin(self) -> Ratio:
        """Gross profit over revenue; without a line of its own it is revenue less its cost."""
        profit = self.flow("GP")
        if profit is None:
            profit = minus(self.flow("REV"), self.flow("COGS"))
        return ratio(profit, self.flow("REV"))

    def tangible_net_worth(self) -> float | None:
        """Equity less what cannot be sold; intangible lines left out cannot be deducted."""
        intangible = sum(self.stock(code) or 0.0 for code in lines.NOT_TANGIBLE)
        return minus(self.stock("TE"), intangible)


def last_twelve_months(
    latest: StatementFacts, year: StatementFacts | None, period: StatementFacts | None
) -> Books:
    """An interim statement's books, over the last twelve months where both others report all of it."""
    if year is None or period is None:
        return Books(latest)
    flows = lines.FLOWS & latest.lines.keys()
    complete = flows <= year.lines.keys() and flows <= period.lines.keys()
    return Books(latest, (year, period) if complete else None)


def ratio(above: float | None, below: float | None) -> Ratio:
    """One figure over another, which must be known and above 0."""
    if above is None or below is None:
        return Ratio(None, RatioStatus.MISSING)
    if below == 0:
        return Ratio(None, RatioStatus.DIV0)
    return Ratio(None, RatioStatus.NEG_DENOM) if below < 0 else Ratio(above / below)


def plus(*terms: float | None) -> float | None:
    """The sum; unknown if a part of it is."""
    known = [each for each in terms if each is not None]
    return sum(known) if len(known) == len(terms) else None


def minus(whole: float | None, part: float | None) -> float | None:
    """The difference; unknown if either is."""
    return None if whole is None or part is None else whole - part


def average(closing: float | None, opening: float | None) -> float | None:
    """The two-point average; the closing figure alone where there is no opening one."""
    return closing if closing is None or opening is None else (closing + opening) / 2


def change(now: Ratio, before: Ratio) -> Ratio:
    """How much a ratio has risen, in its own unit."""
    if now.value is None:
        return now
    return before if before.value is None else Ratio(now.value - before.value)


def fall(now: float | None, before: float | None) -> Ratio:
    """The share of a figure that is gone; of one that was not above 0 only that it rose is known: 0."""
    if now is not None and before is not None and before <= 0 and now >= before:
        return Ratio(0.0)
    return ratio(minus(before, now), before)


def z_score(books: Books) -> Ratio:
    """Altman's Z″ for private and non-manufacturing firms, on book equity."""
    assets = books.stock("TA")
    parts = (
        ratio(minus(books.stock("CA"), books.stock("CL")), assets),
        ratio(books.stock("RE"), assets),
        ratio(books.flow("EBIT"), assets),
        ratio(books.stock("TE"), books.stock("TL")),
    )
    unknown = next((each for each in parts if each.value is None), None)
    if unknown is not None:
        return unknown
    return Ratio(sum(w * (each.value or 0.0) for w, each in zip(_Z_WEIGHTS, parts, strict=True)))


def days_outstanding(books: Books, stock: str, flow: str, before: Books | None) -> Ratio:
    """A stock in days of a flow, on the two-point average where there is a period before."""
    opening = None if before is None else before.stock(stock)
    held = average(books.stock(stock), opening)
    return ratio(None if held is None else held * DAYS_A_YEAR, books.flow(flow))
