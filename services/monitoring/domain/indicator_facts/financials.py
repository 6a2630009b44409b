"""What a customer's latest statements say, as of one day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialFacts:
    """What a customer's latest statements say, as of one day."""
