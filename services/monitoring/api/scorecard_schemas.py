"""The shapes of the scorecard and of proposals at the doors."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.monitoring.api.warning_schemas import FiguresOut
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.proposals import ProposalKind
from services.monitoring.domain.policies.warnings import Severity
from shared.chassis.schemas import In, Out


class TargetOut(Out):
    """A figure beside its target; null where nothing can be said yet. `cases` is how many it rests on."""

    value: float | None
    target: float
    cases: int
    is_met: bool | None


class IndicatorFiguresOut(FiguresOut):
    """The figures of one indicator."""

    indicator: Indicator
    title: str


class ScorecardOut(Out):
    """How well the warnings raised in a span of days foretold what happened, against their targets.

    `precision` is by the worst severity reached; `lead_days` the median from the first amber warning
    to the failure; `recall` the share of failures that an amber one stood before for some time.
    Indicators that raised nothing and were asked for nothing are left out.
    """

    first: date
    last: date
    as_of: date
    horizon_days: int
    policy_version: str
    total: FiguresOut
    precision: dict[Severity, TargetOut]
    lead_days: TargetOut
    recall: TargetOut
    indicators: list[IndicatorFiguresOut]


class ProposalState(StrEnum):
    """How far a proposal has come."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class ProposalOut(Out):
    """A proposal to retune or retire an indicator, with the figures it rests on.

    With `thresholds` instead of `before` it would have raised `would_be_judged` of the `judged` warnings, and
    `would_come_true` of them came true. `policy_version` is the draft that was made of it.
    """

    proposal_id: str
    indicator: Indicator
    title: str
    kind: ProposalKind
    state: ProposalState
    judged: int
    came_true: int
    precision: float
    before: dict[Severity, float]
    thresholds: dict[Severity, float]
    would_be_judged: int
    would_come_true: int
    would_be_precision: float | None
    policy_version: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    decided_at: datetime | None = None
    note: str | None = None


class ProposalWord(StrEnum):
    """What a person makes of a proposal."""

    ACCEPT = "accept"
    DISMISS = "dismiss"


class ProposalDecisionIn(In):
    """Accept a proposal as a draft of a policy version, for another person to approve; or dismiss it.

    `version` names the draft and `effective_from` is the day it would act from; both are chosen if not given.
    """

    decision: ProposalWord
    note: Annotated[str, Field(max_length=2000)] = ""
    version: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] = None
    effective_from: date | None = None
