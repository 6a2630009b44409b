"""What a customer does beside paying: promises, requests, accounts, answers, as of one day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductFacts:
    """What a customer does beside paying, as of one day."""
