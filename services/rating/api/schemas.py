"""The bodies of rating's doors."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from services.rating.domain.model import (
    Basis,
    Confidence,
    MeasureStatus,
    Opinion,
    OpinionKind,
    Outlook,
    Unit,
)
from shared.chassis.schemas import In, Out

Line = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24, decimal_places=6)]
Word = Annotated[str, Field(min_length=1, max_length=100)]


class StatementIn(In):
    """One statement. `lines` by code (TA, TL, TE, … ), in `unit` of `currency`.

    `filed_on` is the day it counts from; without one, the ledger's present day.
    """

    period_end: date
    months: Annotated[int, Field(ge=1, le=24)]
    basis: Basis
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    unit: Unit = Unit.UNITS
    lines: Annotated[dict[Word, Line], Field(min_length=1, max_length=100)]
    opinion: Opinion | None = None
    auditor: Word | None = None
    filed_on: date | None = None


class ExternalRatingIn(In):
    """An agency's opinion, in the agency's own letters."""

    agency: Word
    grade: Annotated[str, Field(min_length=1, max_length=10)]
    kind: OpinionKind = OpinionKind.ISSUER
    affirmed_on: date
    outlook: Outlook = Outlook.STABLE


class RateIn(In):
    """Rate the customer now; `note` says why."""

    note: Annotated[str, Field(max_length=2000)] | None = None


class OverrideIn(In):
    """Another grade than the model's, why, and the last day it holds."""

    grade: Annotated[str, Field(min_length=1, max_length=4)]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    expires_on: date


class AcceptedOut(Out):
    """A fact that is durably in the log; what it did shows in the next rating."""

    id: str
    source: str
    status: str = "accepted"


class ReasonOut(Out):
    """Why the grade is not better: a stable code with its figures."""

    code: str
    value: float | str | None
    threshold: float | str | None
    contribution: float | None


class ComponentOut(Out):
    """One source of evidence; `contribution` in log-odds against the prior, negative = better."""

    name: str
    pd: float
    credibility: float
    share: float
    contribution: float
    score: float | None


class CapOut(Out):
    """A policy floor that binds."""

    code: str
    grade: str
    reason: str
    value: float | str | None
    threshold: float | str | None


class MeasureOut(Out):
    """One measure of a scorecard; no value is missing, not zero."""

    card: str
    code: str
    value: float | None
    status: MeasureStatus
    points: float | None


class RatingOut(Out):
    """A rating: the grade after caps and overrides, the model's own beside it, and why."""

    customer_id: str
    as_of: date
    decision_id: str
    grade: str
    previous_grade: str | None
    pd: float
    band: str
    model_grade: str
    model_pd: float
    confidence: Confidence
    valid_to: date
    trigger: str
    overridden: bool
    reasons: list[ReasonOut]
    components: list[ComponentOut]
    caps: list[CapOut]
    measures: list[MeasureOut]
    flags: list[str]
    model_version: str
    policy_version: str


class ProposalOut(Out):
    """An override that waits for another person's approval."""

    proposal_id: str
    grade: str
    reason: str
    proposed_by: str
    expires_on: date


class StatementOut(Out):
    """A statement as filed; `due_on` is the day it counts from."""

    period_end: date
    months: int
    basis: Basis
    currency: str
    unit: Unit
    opinion: Opinion | None
    lines: dict[str, Decimal]
    due_on: date


class RatioOut(Out):
    """One ratio of FS-1 with its points."""

    code: str
    value: float | None
    status: MeasureStatus
    points: float | None


class RatiosOut(Out):
    """The ratios of the statement that counts as of a day, and what they come to."""

    customer_id: str
    as_of: date
    period_end: date
    months: int
    basis: Basis
    currency: str
    flags: list[str]
    score: float | None
    pd: float | None
    ratios: list[RatioOut]
