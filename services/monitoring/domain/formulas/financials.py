"""What the latest statement says: the formulas of F01 to F06, F12 and F15; and the table of all.

A ratio with a line missing, or over nothing, is unknown and not 0: it raises and clears nothing.
"""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas import filings, financial_changes
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.formulas.statement_reading import Sign, reading_of
from services.monitoring.domain.indicator_facts.financials import FinancialFacts
from services.monitoring.domain.measurement import Measurement
from services.monitoring.domain.outside import statement_lines as lines
from services.monitoring.domain.outside.industry_standing import is_part_of
from services.monitoring.domain.outside.statement_ratios import (
    Books,
    Ratio,
    RatioStatus,
    change,
    minus,
    ratio,
    z_score,
)
from services.monitoring.domain.policies.warnings import IndicatorPolicy, Severity, WarningPolicy
from shared.kernel.maths import canonical

_DEBT_LINES = (lines.DEBT, *lines.DEBT_NEEDED, *lines.DEBT_OTHER)


def debt_to_assets(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F01: liabilities over assets; amber at least where it is up by `rise` on the year before."""
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    level = _debt_ratio(reading.now)
    before = None if reading.before is None else _debt_ratio(reading.before)
    rise = None if before is None else change(level, before).value
    leapt = rise is not None and canonical(rise) >= entry.numbers["rise"]
    return reading.measured(
        Sign(
            name="debt_to_assets",
            ratio=level,
            lines=("TL", "TA"),
            compared=before is not None,
            at_least=Severity.AMBER if leapt else None,
            figures={"rise": rise},
        )
    )


def current_ratio(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F02: current assets over current liabilities."""
    del entry
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    found = ratio(reading.now.stock("CA"), reading.now.stock("CL"))
    return reading.measured(Sign(name="current_ratio", ratio=found, lines=("CA", "CL")))


def interest_cover(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F03: EBIT over interest; `without_debt` where nothing is owed and nothing paid for it.

    No interest on debt is a gap in the books: unknown.
    """
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    books = reading.now
    earnings, interest, debt = books.flow("EBIT"), books.flow("INT_EXP"), books.debt()
    little = policy.statements.no_debt_share * (books.stock("TA") or 0.0)
    free = interest == 0 and debt is not None and debt <= little
    gap = interest == 0 and not free
    found = Ratio(None, RatioStatus.MISSING) if gap else ratio(earnings, interest)
    return reading.measured(
        Sign(
            name="interest_cover",
            ratio=found,
            lines=("EBIT", "INT_EXP"),
            value=entry.numbers["without_debt"] if free else None,
            figures={"debt": debt},
        )
    )


def negative_cash_flow(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F04: periods in a row, up to the latest, in which operations cost cash instead of bringing it.

    Unknown where the latest statement does not say.
    """
    del entry
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    row = facts.cash_flows
    count = 0
    for period in row:
        if period.cash_flow is None or period.cash_flow >= 0:
            break
        count += 1
    missing = not row or row[0].cash_flow is None
    found = Ratio(None, RatioStatus.MISSING) if missing else Ratio(float(count))
    shown = row[: count + 1]
    return reading.measured(
        Sign(
            name="periods",
            ratio=found,
            lines=("CFO",),
            figures={
                f"CFO {each.period_end}": None if each.cash_flow is None else float(each.cash_flow)
                for each in shown
            },
        )
    )


def net_debt_to_ebitda(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F05: debt less cash over EBITDA; red, and shown as `without_earnings`, where EBITDA is 0 or less.

    Negative where there is more cash than debt.
    """
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    books = reading.now
    ebitda, net_debt = books.ebitda(), minus(books.debt(), books.liquid())
    nothing_earned = ebitda is not None and ebitda <= 0
    return reading.measured(
        Sign(
            name="net_debt_to_ebitda",
            ratio=ratio(net_debt, ebitda),
            lines=("EBIT", "DA", *_DEBT_LINES, "CASH", "STI"),
            value=entry.numbers["without_earnings"] if nothing_earned else None,
            at_least=Severity.RED if nothing_earned else None,
            figures={"net_debt": net_debt, "ebitda": ebitda},
        )
    )


def z_double_prime(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F06: Altman's Z″ (domain.md §3.2); not for the policy's `not_scored_industries`."""
    del entry
    reading, rules = reading_of(facts, policy.statements), policy.statements
    if reading is None or any(
        is_part_of(facts.industry, each) for each in rules.not_scored_industries
    ):
        return None
    codes = ("CA", "CL", "RE", "EBIT", "TE", "TL", "TA")
    return reading.measured(Sign(name="z_score", ratio=z_score(reading.now), lines=codes))


def short_debt_wall(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F12: debt due within a year over cash and short-term investments.

    `without_cash` where there is such debt and no cash at all; 0 without such debt.
    """
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    debt, liquid = reading.now.short_debt(), reading.now.liquid()
    broke = liquid == 0 and debt is not None
    instead = (entry.numbers["without_cash"] if debt else 0.0) if broke else None
    return reading.measured(
        Sign(
            name="short_debt_to_cash",
            ratio=ratio(debt, liquid),
            lines=("ST_DEBT", "CPLTD", "CASH", "STI"),
            value=instead,
        )
    )


def related_party_receivables(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F15: other receivables over assets."""
    del entry
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    found = ratio(reading.now.stock("OTH_R"), reading.now.stock("TA"))
    return reading.measured(
        Sign(name="other_receivables_share", ratio=found, lines=("OTH_R", "TA"))
    )


def _debt_ratio(books: Books) -> Ratio:
    return ratio(books.stock("TL"), books.stock("TA"))


def _has_statement(facts: FinancialFacts) -> bool:
    return facts.latest is not None or bool(facts.audit_events)


FORMULAS: Final[dict[Indicator, Formula[FinancialFacts]]] = {
    indicator: Formula(measure, _has_statement)
    for indicator, measure in {
        Indicator.DEBT_TO_ASSETS: debt_to_assets,
        Indicator.CURRENT_RATIO: current_ratio,
        Indicator.INTEREST_COVER: interest_cover,
        Indicator.NEGATIVE_CASH_FLOW: negative_cash_flow,
        Indicator.NET_DEBT_TO_EBITDA: net_debt_to_ebitda,
        Indicator.Z_SCORE: z_double_prime,
        Indicator.SHORT_DEBT_WALL: short_debt_wall,
        Indicator.RELATED_PARTY_RECEIVABLES: related_party_receivables,
        **financial_changes.MEASURES,
        **filings.MEASURES,
    }.items()
}
