"""What the doors about the quality of warnings have in common: the record, read and judged."""

from asyncio import to_thread
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from services.monitoring.api.days import business_day_of
from services.monitoring.api.scorecard_schemas import TargetOut
from services.monitoring.api.warning_schemas import AmountOut, FiguresOut
from services.monitoring.domain.learning.scorecard import (
    Figures,
    Record,
    Scorecard,
    Span,
    Target,
    scorecard,
)
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.storage.judged import load_record
from shared.chassis.doors import Doors
from shared.kernel.dates import previous_day
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money
from shared.policies.book import PolicyBook, PolicyVersion
from shared.policies.versions import load_policies


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known on a business day, under the policy in force on it."""

    today: date
    policy: PolicyVersion[MonitoringPolicy]
    span: Span
    record: Record

    async def scorecard(self) -> Scorecard:
        """The scorecard of the span."""
        handling = self.policy.policy.handling
        return await to_thread(scorecard, self.record, handling, self.span)


async def judgement(
    conn: AsyncConnection, doors: Doors, *, first: date | None = None, last: date | None = None
) -> Judgement:
    """Read what the warnings of a span of days are judged by; without one, of the policy's days."""
    today = await business_day_of(conn, doors, None)
    policies: PolicyBook[MonitoringPolicy] = await load_policies(conn, doors.service)
    policy = policies.in_force(today)
    rules = policy.policy.handling.scorecard
    closed = previous_day(today)
    last = closed if last is None else min(last, closed)
    first = last - timedelta(days=rules.look_back_days) if first is None else first
    if first > last:
        rule = f"must not be after the last day, {last.isoformat()}"
        raise InvalidInputError(field="from", value=first.isoformat(), rule=rule)
    span = Span(first=first, last=last, as_of=closed)
    record = await load_record(conn, span, rules)
    return Judgement(today, policy, span, record)


def shown_figures(figures: Figures) -> FiguresOut:
    """Figures as the doors show them."""
    return FiguresOut(
        raised=figures.raised,
        cleared=figures.cleared,
        labels=figures.labels,
        judged=figures.judged,
        came_true=figures.came_true,
        pending=figures.pending,
        afterwards=figures.afterwards,
        duplicates=figures.duplicates,
        precision=figures.precision,
        failures=figures.failures,
        warned_of=figures.warned_of,
        recall=figures.recall,
        median_lead_days=figures.median_lead_days,
        money_warned_of=shown_money(figures.money_warned_of),
        money_come_true=shown_money(figures.money_come_true),
        said=figures.said,
        held_back=figures.held,
        suppressed=figures.suppressed,
    )


def shown_target(target: Target) -> TargetOut:
    """A figure beside its target."""
    return TargetOut.model_validate(target)


def shown_money(money: Money) -> AmountOut:
    """An amount as a decimal string, with its currency."""
    return AmountOut(amount=str(money.amount), currency=money.currency)
