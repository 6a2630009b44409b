"""What the statements say against the year before: the formulas of F07 to F11.

The latest period is held against the like period of the year before, both stretched to a year. A fall
is a positive value.
"""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.statement_reading import Reading, Sign, reading_of
from services.monitoring.domain.indicator_facts.financials import FinancialFacts
from services.monitoring.domain.measurement import Measurement
from services.monitoring.domain.outside import statement_lines as lines
from services.monitoring.domain.outside.statement_ratios import (
    AVERAGE_OF_ONE,
    Books,
    Ratio,
    RatioStatus,
    change,
    days_outstanding,
    fall,
)
from services.monitoring.domain.policies.warnings import IndicatorPolicy, Severity, WarningPolicy

_WHOLE = 1.0  # the share of a net worth that is gone once equity is below zero
_UNKNOWN = Ratio(None, RatioStatus.MISSING)


def revenue_fall(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F07: the share of revenue that is gone since the year before; negative where it grew."""
    del entry
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    before = None if reading.before is None else reading.before.flow("REV")
    found = fall(reading.period.flow("REV"), before)
    return reading.measured(Sign(name="revenue_fall", ratio=found, lines=("REV",), compared=True))


def margin_fall(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F08: by how much of revenue the gross margin fell (0.02 is two percentage points)."""
    del entry
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    now = reading.period.gross_margin()
    before = _UNKNOWN if reading.before is None else reading.before.gross_margin()
    return reading.measured(
        Sign(
            name="margin_fall",
            ratio=change(before, now),
            lines=("GP", "REV", "COGS"),
            compared=True,
            figures={"gross_margin": now.value, "gross_margin_year_before": before.value},
        )
    )


def receivables_stretch(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F09: days by which own receivables and stock turn over later than the year before."""
    del entry
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    return _stretch(reading, "receivables_and_stock_days", (("AR", "REV"), ("INV", "COGS")))


def payables_stretch(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F10: days by which all suppliers are paid later than the year before."""
    del entry
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    return _stretch(reading, "payables_days", (("AP", "COGS"),))


def net_worth_erosion(
    facts: FinancialFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """F11: the share of tangible net worth gone since the year before; red with equity below zero."""
    del entry
    reading = reading_of(facts, policy.statements)
    if reading is None:
        return None
    now = reading.period.tangible_net_worth()
    before = None if reading.before is None else reading.before.tangible_net_worth()
    found = fall(now, before)
    equity = reading.period.stock("TE")
    sunk = equity is not None and equity < 0
    return reading.measured(
        Sign(
            name="net_worth_fall",
            ratio=found,
            lines=("TE", *lines.NOT_TANGIBLE),
            compared=True,
            value=max(_WHOLE, found.value or 0.0) if sunk else None,
            at_least=Severity.RED if sunk else None,
            figures={"tangible_net_worth": now, "tangible_net_worth_year_before": before},
        )
    )


def _stretch(reading: Reading, name: str, pairs: tuple[tuple[str, str], ...]) -> Measurement:
    now = _days(reading.period, reading.before, pairs)
    before = _UNKNOWN if reading.before is None else _days(reading.before, reading.earlier, pairs)
    return reading.measured(
        Sign(
            name=f"{name}_rise",
            ratio=change(now, before),
            lines=tuple(code for pair in pairs for code in pair),
            compared=True,
            figures={name: now.value, f"{name}_year_before": before.value},
            flags=(AVERAGE_OF_ONE,) if reading.earlier is None else (),
        )
    )


def _days(books: Books, before: Books | None, pairs: tuple[tuple[str, str], ...]) -> Ratio:
    """The sum of the pairs' days; without a value if one of them has none."""
    found = [days_outstanding(books, stock, flow, before) for stock, flow in pairs]
    unknown = next((each for each in found if each.value is None), None)
    return unknown or Ratio(sum(each.value or 0.0 for each in found))


MEASURES: Final = {
    Indicator.REVENUE_FALL: revenue_fall,
    Indicator.MARGIN_FALL: margin_fall,
    Indicator.OWN_RECEIVABLES_STRETCH: receivables_stretch,
    Indicator.PAYABLES_STRETCH: payables_stretch,
    Indicator.NET_WORTH_EROSION: net_worth_erosion,
}
