"""What is kept of what happens in the customer's sector and country."""

from dataclasses import dataclass
from datetime import date

from services.monitoring.domain.indicator_facts.industry import IndustryFacts


@dataclass(slots=True, kw_only=True)
class IndustryStanding:
    """What is kept of what happens in the customer's sector and country; changes in place."""


def industry_facts(standing: IndustryStanding, *, as_of: date) -> IndustryFacts:
    """What the indicators see of it on a day."""
    del standing, as_of
    return IndustryFacts()
