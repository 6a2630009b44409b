"""The queue: customers with open warnings by the money at risk, within what analysts can do in a day.

Money at risk is the score times the unsecured exposure, not the number of warnings (domain.md §4.4).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.monitoring.domain.early_warning import FULL, EarlyWarning
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.policy_handling import QueuePolicy
from services.monitoring.domain.policy_warnings import SEVERITIES, Severity
from services.monitoring.domain.risk_warning import RiskWarning, WarningStatus
from services.monitoring.domain.service_levels import Moment, ServiceLevel, service_level
from services.monitoring.domain.stakes import (
    NextStep,
    expected_loss,
    first_step,
    together,
    unsecured,
)
from shared.kernel.money import Money

_WAITS = frozenset({WarningStatus.OPEN, WarningStatus.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One open warning of a case, with what is asked of people for it."""

    warning: RiskWarning
    level: ServiceLevel
    is_stale: bool


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

    `severity` is that of the worst warning; `decide_by` the earliest day asked for, `owner` the
    furthest along of those its warnings have come to.
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

    `capacity` is what the budget allows; red cases are worked on beyond it.
    """

    cases: tuple[OpenCase, ...]
    lowered: tuple[OpenCase, ...]
    capacity: int


def open_case(subject: Subject, policy: MonitoringPolicy, *, now: Moment) -> OpenCase | None:
    """A customer as a case; None if nothing of it waits for anybody."""
    waiting = [each for each in subject.warnings if each.status in _WAITS]
    if not waiting:
        return None
    concerns = tuple(
        _concern(each, subject, policy, now=now) for each in sorted(waiting, key=_worst_first)
    )
    queue, worst = policy.handling.queue, concerns[0].warning
    at_stake = together(unsecured(subject.exposure, subject.secured), queue)
    owners = policy.handling.service_levels.owners
    return OpenCase(
        subject=subject,
        severity=worst.severity,
        concerns=concerns,
        unsecured=at_stake,
        money_at_risk=at_stake.times(subject.score.ews / FULL),
        expected_loss=expected_loss(at_stake, worst.severity, queue),
        step=_step(worst, subject, policy),
        owner=max((each.level.owner for each in concerns), key=owners.index),
        decide_by=min(each.level.decide_by for each in concerns),
        is_late=any(each.level.is_late for each in concerns),
    )


def rank(cases: Iterable[OpenCase], policy: QueuePolicy, *, analysts: int) -> Queue:
    """Order cases by money at risk, and lower what is beyond the budget: yellow first, red never."""
    ranked = sorted(cases, key=_by_money)
    capacity = analysts * policy.per_analyst
    kept = _within(ranked, capacity)
    return Queue(
        cases=tuple(each for each in ranked if each.subject.customer_id in kept),
        lowered=tuple(each for each in ranked if each.subject.customer_id not in kept),
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


def _step(worst: RiskWarning, subject: Subject, policy: MonitoringPolicy) -> NextStep:
    """What to do first: what the worst warning asks for, unless the customer is in default by now."""
    queue = policy.handling.queue
    if subject.in_default:
        return NextStep(code=queue.step_in_default, wording=queue.wording[queue.step_in_default])
    return first_step(policy.warnings.indicators[worst.indicator].group, worst.severity, queue)


def _by_money(case: OpenCase) -> tuple[int, int, str]:
    """Most money at risk first; where it is equal (or nothing is owed), the worse, then by id."""
    return (-case.money_at_risk.minor, -case.severity.rank, case.subject.customer_id)


def _worst_first(warning: RiskWarning) -> tuple[int, date, str]:
    return (-warning.severity.rank, warning.raised_on, warning.warning_id)
