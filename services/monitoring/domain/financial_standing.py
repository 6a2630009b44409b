"""What is kept of the customer's statements."""

from dataclasses import dataclass
from datetime import date

from services.monitoring.domain.indicator_facts.financials import FinancialFacts


@dataclass(slots=True, kw_only=True)
class FinancialStanding:
    """What is kept of the customer's statements; changes in place."""


def financial_facts(standing: FinancialStanding, *, as_of: date) -> FinancialFacts:
    """What the indicators see of it on a day."""
    del standing, as_of
    return FinancialFacts()
