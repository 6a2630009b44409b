"""The queue: customers with open warnings by the money at risk, within what analysts can do in a day.

Money at risk is the score times the unsecured exposure, not the number of warnings (domain.md §4.4).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from services.monitoring.domain.handling.service_levels import Moment, ServiceLevel, service_level
from services.monitoring.domain.handling.stakes import (
    NextStep,
    expected_loss,
    first_step,
    together,
    unsecured,
)
from services.monitoring.domain.policies.handling import QueuePolicy
from services.monitoring.domain.policies.warnings import SEVERITIES, Severity
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.watching.early_warning import FULL, EarlyWarning
from services.monitoring.domain.watching.risk_warning import RiskWarning, WarningStatus
from shared.kernel.money import Money

_WAITS = frozenset({WarningStatus.OPEN, WarningStatus.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One open warning of a case, with what is asked of people for it."""

    warning: RiskWarning
    level: ServiceLevel
    is_stale: bool

    def is_as_bad_as(self, other: Self) -> bool:
        """Whether it is as severe, and as fresh, as another."""
        severe = self.warning.severity is other.warning.severity
        return severe and self.is_stale is other.is_stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A customer with open warnings, as it stands: exposure and security by currency.

    `stale_on` are the days from which its warnings are stale, by warning.
    """

    customer_id: str
    score: EarlyWarning
    warnings: tuple[RiskWarning, ...]
    exposure: tuple[Money, ...]
    secured: tuple[Money, ...] = ()
    in_default: bool = False
    stale_on: dict[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A customer to be worked on, the worst warning first. Amounts in the reporting currency.

    `severity` is that of the worst warning whose sign is not stale, watch if all are. `decide_by` is
    the earliest day asked for among the warnings as bad as that, `owner` the furthest along of theirs.
    """

    subject: Subject
    severity: Severity
    concerns: tuple[Concern, ...]
    unsecured: Money
    money_at_risk: Money
    expected_loss: Money
    step: NextStep
    owner: str
    decide_by: date
    is_late: bool

    @property
    def case_ids(self) -> tuple[str, ...]:
        """The alert cases it is made of, the newest first."""
        newest = sorted(self.concerns, key=lambda each: each.warning.raised_on, reverse=True)
        found = (each.warning.case_id for each in newest)
        return tuple(dict.fromkeys(case_id for case_id in found if case_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What is worked on today, in order, and what has to wait for lack of hands.

    `capacity` is what the budget allows; red cases are worked on beyond it. Customers in default are
    apart: it is too late to warn of them, and they are the collectors'.
    """

    cases: tuple[OpenCase, ...]
    lowered: tuple[OpenCase, ...]
    in_default: tuple[OpenCase, ...]
    capacity: int


def open_case(subject: Subject, policy: MonitoringPolicy, *, now: Moment) -> OpenCase | None:
    """A customer as a case; None if nothing of it waits for anybody."""
    waiting = [each for each in subject.warnings if each.status in _WAITS]
    if not waiting:
        return None
    found = (_concern(each, subject, policy, now=now) for each in waiting)
    concerns = tuple(sorted(found, key=lambda each: _worst_first(each, policy)))
    queue, worst = policy.handling.queue, concerns[0]
    severity = Severity.WATCH if worst.is_stale else worst.warning.severity
    urgent = [each for each in concerns if each.is_as_bad_as(worst)]
    at_stake = together(unsecured(subject.exposure, subject.secured), queue)
    owners = policy.handling.service_levels.owners
    return OpenCase(
        subject=subject,
        severity=severity,
        concerns=concerns,
        unsecured=at_stake,
        money_at_risk=at_stake.times(subject.score.ews / FULL),
        expected_loss=expected_loss(at_stake, severity, queue),
        step=_step(worst.warning, severity, subject, policy),
        owner=max((each.level.owner for each in urgent), key=owners.index),
        decide_by=min(each.level.decide_by for each in urgent),
        is_late=any(each.level.is_late for each in urgent),
    )


def rank(cases: Iterable[OpenCase], policy: QueuePolicy, *, analysts: int) -> Queue:
    """Order cases by money at risk, and lower what is beyond the budget: yellow first, red never."""
    everyone = sorted(cases, key=_by_money)
    ranked = [each for each in everyone if not each.subject.in_default]
    capacity = analysts * policy.per_analyst
    kept = _within(ranked, capacity)
    return Queue(
        cases=tuple(each for each in ranked if each.subject.customer_id in kept),
        lowered=tuple(each for each in ranked if each.subject.customer_id not in kept),
        in_default=tuple(each for each in everyone if each.subject.in_default),
        capacity=capacity,
    )


def _within(ranked: list[OpenCase], capacity: int) -> set[str]:
    """Who stays within the budget: all red ones, then amber, then watch, each by money at risk."""
    kept: list[OpenCase] = []
    for severity in reversed(SEVERITIES):
        mine = [each for each in ranked if each.severity is severity]
        room = len(mine) if severity is Severity.RED else max(0, capacity - len(kept))
        kept += mine[:room]
    return {each.subject.customer_id for each in kept}


def _concern(
    warning: RiskWarning, subject: Subject, policy: MonitoringPolicy, *, now: Moment
) -> Concern:
    stale_on = subject.stale_on.get(warning.warning_id)
    return Concern(
        warning=warning,
        level=service_level(warning, policy.handling.service_levels, now=now),
        is_stale=stale_on is not None and stale_on <= now.day,
    )


def _step(
    worst: RiskWarning, severity: Severity, subject: Subject, policy: MonitoringPolicy
) -> NextStep:
    """What to do first: what the worst warning asks for, unless the customer is in default by now."""
    queue = policy.handling.queue
    if subject.in_default:
        return NextStep(code=queue.step_in_default, wording=queue.wording[queue.step_in_default])
    return first_step(policy.warnings.indicators[worst.indicator].group, severity, queue)


def _by_money(case: OpenCase) -> tuple[int, int, str]:
    """Most money at risk first; where it is equal (or nothing is owed), the worse, then by id."""
    return (-case.money_at_risk.minor, -case.severity.rank, case.subject.customer_id)


def _worst_first(
    concern: Concern, policy: MonitoringPolicy
) -> tuple[bool, int, bool, float, str, str]:
    """Fresh signs first, the worst of them, hard triggers, then those of the groups that count most."""
    kept = concern.warning
    entry = policy.warnings.indicators[kept.indicator]
    is_hard = entry.triggers(kept.value)
    cap = policy.warnings.score.caps[entry.group]
    return concern.is_stale, -kept.severity.rank, not is_hard, -cap, kept.indicator, kept.warning_id
