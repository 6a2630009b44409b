"""What courts, registers, agencies and the press say of a customer, as of one day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalFacts:
    """What courts, registers, agencies and the press say of a customer, as of one day."""
