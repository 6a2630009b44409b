"""Failures: what a warning is there to come before. One customer's bad days close together are one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.monitoring.domain.learning.outcomes import Outcome, OutcomeKind
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A customer defaulted, was long overdue, or cost a write-off, from `on` until `ended_on`.

    `last_on` is the latest bad day of it, `exposure` what was at stake on the first. One that came to a
    default lasts until its cure, however long that takes.
    """

    customer_id: str
    on: date
    last_on: date
    exposure: tuple[Money, ...] = ()
    ended_on: date | None = None
    defaulted: bool = False

    def lasts(self, day: date, *, horizon_days: int) -> bool:
        """Whether a day is still part of it: not cured, and not too long after the last bad day."""
        if self.ended_on is not None:
            return day <= self.ended_on
        return self.defaulted or (day - self.last_on).days <= horizon_days


def failures_of(
    outcomes: Iterable[Outcome], *, horizon_days: int
) -> dict[str, tuple[Failure, ...]]:
    """Each customer's failures in order, from what happened to it, given by customer and day."""
    found: dict[str, list[Failure]] = {}
    for outcome in outcomes:
        mine = found.setdefault(outcome.customer_id, [])
        _note(mine, outcome, horizon_days)
    return {customer_id: tuple(mine) for customer_id, mine in found.items() if mine}


def in_span(failures: Iterable[Sequence[Failure]], *, first: date, last: date) -> list[Failure]:
    """The failures that began in a span of days, both included."""
    return [each for mine in failures for each in mine if first <= each.on <= last]


def _note(mine: list[Failure], outcome: Outcome, horizon_days: int) -> None:
    lasting = bool(mine) and mine[-1].lasts(outcome.on, horizon_days=horizon_days)
    if outcome.kind is OutcomeKind.CURE:
        if mine and mine[-1].ended_on is None:
            mine[-1] = replace(mine[-1], ended_on=outcome.on)
    elif lasting:
        mine[-1] = replace(
            mine[-1],
            last_on=max(mine[-1].last_on, outcome.on),
            defaulted=mine[-1].defaulted or outcome.kind is OutcomeKind.DEFAULT,
        )
    else:
        begun = Failure(
            customer_id=outcome.customer_id,
            on=outcome.on,
            last_on=outcome.on,
            exposure=outcome.exposure,
            defaulted=outcome.kind is OutcomeKind.DEFAULT,
        )
        mine.append(begun)
