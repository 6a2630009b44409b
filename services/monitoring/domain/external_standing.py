"""What is kept of what courts, registers, agencies and the press said of the customer."""

from dataclasses import dataclass
from datetime import date

from services.monitoring.domain.indicator_facts.external import ExternalFacts


@dataclass(slots=True, kw_only=True)
class ExternalStanding:
    """What is kept of what courts, registers, agencies and the press said of the customer; changes in place."""


def external_facts(standing: ExternalStanding, *, as_of: date) -> ExternalFacts:
    """What the indicators see of it on a day."""
    del standing, as_of
    return ExternalFacts()
