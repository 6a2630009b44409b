"""Judging one warning: by what a person said, and by what happened to the customer afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.learning.failures import Failure
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.alerts import Label
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWarning:
    """A warning as far as it is judged; `resolved_by` is None where it cleared by itself, or is open."""

    customer_id: str
    indicator: Indicator
    raised_on: date
    amber_on: date | None = None
    red_on: date | None = None
    resolved_on: date | None = None
    resolved_by: str | None = None
    label: Label | None = None
    worst_value: float | None = None
    exposure: tuple[Money, ...] = ()
    said: int = 1
    held: int = 0

    @property
    def worst(self) -> Severity:
        """The worst it ever was."""
        if self.red_on is not None:
            return Severity.RED
        return Severity.WATCH if self.amber_on is None else Severity.AMBER

    @property
    def cleared(self) -> bool:
        """Whether it ended by itself."""
        return self.resolved_on is not None and self.resolved_by is None


class Verdict(StrEnum):
    """What a warning was. Only the first two are counted in its precision."""

    TRUE = "true"
    FALSE = "false"
    PENDING = "pending"
    AFTERWARDS = "afterwards"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A warning with what it was; `lead_days` to the failure that it came before, None without one."""

    warning: PastWarning
    verdict: Verdict
    lead_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """How long a warning has to come true, and up to which day it is known what happened."""

    days: int
    as_of: date


def judge(warning: PastWarning, failures: Sequence[Failure], horizon: Horizon) -> Judged:
    """Judge a warning.

    A failure within the horizon makes it true, whatever was said of it. Without one, a person's label
    says what it was, or else the horizon once it is over. Warnings about a customer who has failed
    already tell nothing new; those that are neither labelled nor old enough are pending, even if the customer
    has failed since: or the true ones would be counted sooner than the false.
    """
    raised = warning.raised_on
    if any(each.on < raised and each.lasts(raised, horizon_days=horizon.days) for each in failures):
        return Judged(warning=warning, verdict=Verdict.AFTERWARDS)
    if warning.label is Label.DUPLICATE:
        return Judged(warning=warning, verdict=Verdict.DUPLICATE)
    last = raised + timedelta(days=horizon.days)
    failure = next((each for each in failures if raised <= each.on <= last), None)
    lead = None if failure is None else (failure.on - raised).days
    if warning.label is None and horizon.as_of < last:
        return Judged(warning=warning, verdict=Verdict.PENDING, lead_days=lead)
    is_true = failure is not None or warning.label is Label.TRUE
    verdict = Verdict.TRUE if is_true else Verdict.FALSE
    return Judged(warning=warning, verdict=verdict, lead_days=lead)


def was_warned(warning: PastWarning, failure: Failure, horizon_days: int) -> bool:
    """Whether a warning stood at some time in the horizon before a failure, or on its day."""
    first = failure.on - timedelta(days=horizon_days)
    stood = warning.resolved_on is None or warning.resolved_on >= first
    return warning.raised_on <= failure.on and stood


def was_warned_ahead(
    warning: PastWarning, failure: Failure, *, horizon_days: int, ahead_days: int
) -> bool:
    """Whether it was amber or worse so many days before a failure, and stood within the horizon."""
    ahead = failure.on - timedelta(days=ahead_days)
    amber = warning.amber_on is not None and warning.amber_on <= ahead
    return amber and was_warned(warning, failure, horizon_days)
