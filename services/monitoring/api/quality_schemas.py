"""Shapes of the answer about a ledger's quality."""

from datetime import date

from services.monitoring.domain.policies.guards import FeedDoubt
from shared.chassis.schemas import Out


class DoubtOut(Out):
    """One reason to doubt: how often it was met (older ones fade), and what it takes off the score."""

    doubt: FeedDoubt
    count: float
    takes: float
    documents: list[str]


class QualityOut(Out):
    """The score that the doubts leave, 0 to 1, as of the business day.

    The confidence of the customer's T, B and L signs is multiplied by it, but for what insurers and
    valuers of security tell (L04, L07). `parked` counts its records among the dead letters by code; a
    `conflicting_duplicate` (one id, two contents) is a doubt as well, `conflicting_facts`, once the
    customer has a ledger.
    """

    customer_id: str
    as_of: date
    score: float
    doubts: list[DoubtOut]
    parked: dict[str, int]
