"""What happens in the customer's sector and country, as of one day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryFacts:
    """What happens in the customer's sector and country, as of one day."""
