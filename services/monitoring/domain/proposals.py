"""Proposals about indicators that cry wolf: another threshold, or rest. A person decides."""

from dataclasses import dataclass, field
from enum import StrEnum

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.policy_warnings import Severity


class ProposalKind(StrEnum):
    """What is proposed."""

    RETUNE = "retune"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for an indicator, and the figures it rests on.

    Of `judged` warnings `came_true`; with `thresholds` instead of `before`, `would_be_judged` would have been
    raised, and `would_come_true` of them. Both 0 for an indicator to be retired.
    """

    proposal_id: str
    indicator: Indicator
    kind: ProposalKind
    judged: int
    came_true: int
    before: dict[Severity, float]
    thresholds: dict[Severity, float] = field(default_factory=dict)
    would_be_judged: int = 0
    would_come_true: int = 0
