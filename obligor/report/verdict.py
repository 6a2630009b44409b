"""Were the failures warned of? The answers of the platform beside the truth of the sample."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from msgspec import Struct

from obligor.remote import Remote
from obligor.sample.portfolio import Truth
from obligor.sample.stories import Story

RAISED = "monitoring.warning_raised.v1"
ESCALATED = "monitoring.warning_escalated.v1"
COUNTED = frozenset({"amber", "red"})  # bands of the composite score: from 50 on
UNSEEN_NOTICE_DAYS = 90


class Score(Struct, frozen=True):
    """The customer's composite score when a warning was said."""

    band: str
    ews: float = 0.0


class WarningSaid(Struct, frozen=True):
    """What a warning's event says, as far as it counts here."""

    customer_id: str
    as_of: date
    indicator: str
    figures: Score


class WarningEvent(Struct, frozen=True):
    """An event of `GET /monitoring/v1/events?type=…`."""

    event: WarningSaid


@dataclass(frozen=True, slots=True)
class FailureSeen:
    """One true failure, and when its score first was amber after its signs began to show.

    Where there were no signs, a warning in the 90 days before counts, though it was luck. Single
    warnings do not count, the composite does: it takes several signs, or one grave one.
    """

    truth: Truth
    failed_on: date
    warned_on: date | None
    indicator: str | None

    @property
    def lead(self) -> int | None:
        """Days between the warning and the failure."""
        return None if self.warned_on is None else (self.failed_on - self.warned_on).days


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well failures were seen coming.

    `false_alarms` are customers who did not fail and had an amber or red score in the two years,
    by how they live; failures still to come are counted apart.
    """

    failures: tuple[FailureSeen, ...]
    false_alarms: Mapping[Story, int]
    still_to_fail: int
    still_to_fail_warned: int

    @property
    def warned(self) -> tuple[FailureSeen, ...]:
        """The failures that were warned of."""
        return tuple(one for one in self.failures if one.warned_on is not None)

    @property
    def alarms(self) -> int:
        """How many customers were warned of, rightly or not."""
        return len(self.warned) + sum(self.false_alarms.values())

    @property
    def recall(self) -> float | None:
        """Share of the failures that were warned of."""
        return len(self.warned) / len(self.failures) if self.failures else None

    @property
    def precision(self) -> float | None:
        """Share of the alarms that a failure followed."""
        return len(self.warned) / self.alarms if self.alarms else None

    @property
    def median_lead(self) -> float | None:
        """Days between warning and failure, for the failures warned of."""
        leads = [one.lead for one in self.failures if one.lead is not None]
        return median(leads) if leads else None

    def by_story(self) -> Mapping[Story, tuple[FailureSeen, ...]]:
        """Failures by the way they showed."""
        stories = dict.fromkeys(one.truth.story for one in self.failures)
        return {
            story: tuple(one for one in self.failures if one.truth.story is story)
            for story in sorted(stories)
        }


def warnings_said(remote: Remote) -> list[WarningSaid]:
    """Every raised or escalated warning, from monitoring's log."""
    return [
        each.event
        for kind in (RAISED, ESCALATED)
        for each in remote.pages("/monitoring/v1/events", WarningEvent, type=kind)
    ]


def judge(truths: Iterable[Truth], said: Iterable[WarningSaid], *, as_of: date) -> Verdict:
    """Set the warnings beside the truth."""
    by_customer: dict[str, list[WarningSaid]] = {}
    for warning in said:
        if warning.figures.band in COUNTED:
            by_customer.setdefault(warning.customer_id, []).append(warning)
    known = list(truths)
    failures = [
        _seen(truth, truth.fails_on, by_customer.get(truth.customer_id, ()))
        for truth in known
        if truth.fails_on is not None and truth.fails_on <= as_of
    ]
    healthy = [truth for truth in known if truth.fails_on is None]
    coming = [truth for truth in known if truth.fails_on is not None and truth.fails_on > as_of]
    false = Counter(truth.story for truth in healthy if truth.customer_id in by_customer)
    return Verdict(
        failures=tuple(sorted(failures, key=lambda one: one.failed_on)),
        false_alarms=dict(sorted(false.items())),
        still_to_fail=len(coming),
        still_to_fail_warned=sum(truth.customer_id in by_customer for truth in coming),
    )


def _seen(truth: Truth, failed_on: date, warnings: Sequence[WarningSaid]) -> FailureSeen:
    begins = truth.shows_from or failed_on - timedelta(days=UNSEEN_NOTICE_DAYS)
    in_time = [each for each in warnings if begins <= each.as_of < failed_on]
    first = min(in_time, key=lambda each: each.as_of, default=None)
    return FailureSeen(
        truth=truth,
        failed_on=failed_on,
        warned_on=None if first is None else first.as_of,
        indicator=None if first is None else first.indicator,
    )
