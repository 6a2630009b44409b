"""The life of a warning (domain.md §4.4): raised, said again, escalated, stepped down, cleared.

One `Alert` per customer and indicator. Any observation may raise or escalate; stepping down and
clearing are counted in closed days, so that ten payments in an hour are not ten calm evaluations.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.monitoring.domain.indicators import Finding
from services.monitoring.domain.policies.warnings import (
    SEVERITIES,
    Comparator,
    IndicatorPolicy,
    LifecyclePolicy,
    Severity,
)
from shared.kernel.dates import next_day
from shared.kernel.values import quick, replace


class Transition(StrEnum):
    """What an observation did to a warning; the first six are changes and get announced."""

    RAISE = "raise"
    ESCALATE = "escalate"
    REALERT = "realert"
    DEESCALATE = "deescalate"
    RETURN = "return"
    CLEAR = "clear"
    SUPPRESS = "suppress"
    QUIET = "quiet"

    @property
    def changes(self) -> bool:
        """Whether it is worth a stored decision and an event."""
        return self not in _SILENT


_SILENT = frozenset({Transition.SUPPRESS, Transition.QUIET})


class Label(StrEnum):
    """What a person found a warning to be."""

    TRUE = "true"
    BENIGN = "benign"
    DATA_ERROR = "data_error"
    DUPLICATE = "duplicate"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An indicator in alarm.

    `value` is the last known one (`known` is False when the latest was missing). `said_on` and
    `said_value` are of the last announcement. `breached_on` is the last day each severity's
    threshold was met, `calm` for how many closed days running the value lay at or below its exit
    level. `label` is a person's: then nothing more is said until it worsens, or clears and returns.
    A snoozed one is quiet until the day `snoozed_until`, unless it worsens before. `said` counts the announcements,
    `held` the observations in breach that were held back. `stands` is the severity that the latest
    observation met by a figure of its own day, `by_value` the highest that a value met: a severity above
    that was given by a rule alone, and ends with it.
    """

    severity: Severity
    value: float
    said_on: date
    said_value: float
    breached_on: dict[Severity, date]
    calm: dict[Severity, int] = field(default_factory=dict)
    hard: bool = False
    confidence: float = 1.0
    known: bool = True
    label: Label | None = None
    snoozed_until: date | None = None
    said: int = 1
    held: int = 0
    stands: Severity | None = None
    by_value: Severity | None = Severity.RED

    @property
    def counts(self) -> bool:
        """Whether it counts in the score: unless a person found nothing behind it."""
        return self.label is None or self.label is Label.TRUE

    def last_breach_on(self, as_of: date) -> date:
        """The last day, up to `as_of`, on which its severity was met: that day itself while it stands.

        A customer is looked at again whenever a value that stands may have changed.
        """
        last = self.breached_on[self.severity]
        return max(as_of, last) if self.still_stands else last

    @property
    def still_stands(self) -> bool:
        """Whether its severity is met by a figure that is of now, and not of some day before."""
        stands = self.stands is not None and self.stands.rank >= self.severity.rank
        return stands and self.known

    @property
    def goes_stale(self) -> bool:
        """Whether it says less and less the longer it was not seen again."""
        return not (self.still_stands or self.hard)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an observation did, and the alert after it (None once it is gone)."""

    transition: Transition
    alert: Alert | None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When an observation is made, and under which rules; `closing` for the close of the day."""

    as_of: date
    closing: bool
    lifecycle: LifecyclePolicy
    entry: IndicatorPolicy


def next_step(alert: Alert | None, finding: Finding, occasion: Occasion) -> Step:
    """Take one observation of an indicator."""
    if alert is None:
        return _begin(finding, occasion)
    if occasion.entry.retired and occasion.closing:
        return _better(alert, None, occasion)
    awake = _awake(alert, occasion)
    step = _observed(awake, finding, occasion)
    if awake is alert or step.transition.changes or step.alert is None:
        return step
    return Step(transition=Transition.RETURN, alert=_said(step.alert, occasion))


def _observed(alert: Alert, finding: Finding, occasion: Occasion) -> Step:
    if finding.value is None:
        return Step(transition=Transition.SUPPRESS, alert=replace(alert, known=False, calm={}))
    seen = _seen(alert, finding, occasion)
    if _has_worsened(alert, finding):
        return _worse(seen, finding, occasion)
    left = _after_leaving(seen, occasion) if occasion.closing else seen.severity
    if left is not alert.severity:
        return _better(seen, left, occasion)
    if _is_worth_repeating(seen, finding, occasion):
        return Step(transition=Transition.REALERT, alert=_said(seen, occasion))
    held = seen if finding.severity is None else replace(seen, held=seen.held + 1)
    return Step(transition=Transition.SUPPRESS, alert=held)


def _awake(alert: Alert, occasion: Occasion) -> Alert:
    """The alert without a snooze that is over: it is back from the close of the day before on."""
    today = next_day(occasion.as_of) if occasion.closing else occasion.as_of
    if alert.snoozed_until is None or today < alert.snoozed_until:
        return alert
    return replace(alert, snoozed_until=None)


def _has_worsened(alert: Alert, finding: Finding) -> bool:
    """Whether it got to a higher severity, or to a hard trigger, which changes the score as much."""
    if finding.severity is None:
        return False
    return finding.severity.rank > alert.severity.rank or (finding.hard and not alert.hard)


def labelled(alert: Alert, label: Label) -> Alert:
    """The alert once a person has said what it is."""
    return replace(alert, label=label, snoozed_until=None)


def snoozed(alert: Alert, until: date) -> Alert:
    """The alert, put off until a day on which it comes back by itself."""
    return replace(alert, snoozed_until=until)


def exit_level(severity: Severity, occasion: Occasion) -> float:
    """The value at which a severity is being left: better than its own threshold by a share of it."""
    own, spare = occasion.entry.threshold(severity), 1.0 - occasion.lifecycle.clear_factor
    if occasion.entry.comparator is Comparator.LESS_THAN:
        return own + spare * abs(own)
    return occasion.lifecycle.clear_factor * own


def _begin(finding: Finding, occasion: Occasion) -> Step:
    if finding.severity is None or finding.value is None or occasion.entry.retired:
        return Step(transition=Transition.QUIET, alert=None)
    alert = Alert(
        severity=finding.severity,
        value=finding.value,
        said_on=occasion.as_of,
        said_value=finding.value,
        breached_on=_breaches({}, finding),
        hard=finding.hard,
        confidence=finding.confidence,
        stands=finding.severity if finding.of_now else None,
        by_value=finding.by_value,
    )
    return Step(transition=Transition.RAISE, alert=alert)


def _seen(alert: Alert, finding: Finding, occasion: Occasion) -> Alert:
    value = alert.value if finding.value is None else finding.value
    return replace(
        alert,
        value=value,
        known=True,
        hard=finding.hard,
        confidence=finding.confidence if finding.severity else alert.confidence,
        breached_on=_breaches(alert.breached_on, finding),
        calm=_calm(alert, value, finding, occasion),
        stands=finding.severity if finding.of_now else None,
        by_value=_graver(alert.by_value, finding.by_value),
    )


def _calm(alert: Alert, value: float, finding: Finding, occasion: Occasion) -> dict[Severity, int]:
    more = 1 if occasion.closing else 0
    met = 0 if finding.severity is None else finding.severity.rank
    counted = {
        severity: alert.calm.get(severity, 0) + more
        for severity in SEVERITIES[: alert.severity.rank]
        if severity.rank > met and _is_left(severity, value, alert, occasion)
    }
    return {severity: days for severity, days in counted.items() if days}


def _is_left(severity: Severity, value: float, alert: Alert, occasion: Occasion) -> bool:
    """Whether a severity not met is being left: one that no value has met had a rule alone for it."""
    if alert.by_value is None or severity.rank > alert.by_value.rank:
        return True
    return not occasion.entry.comparator.is_worse(value, than=exit_level(severity, occasion))


def _graver(one: Severity | None, other: Severity | None) -> Severity | None:
    return max((each for each in (one, other) if each), key=lambda each: each.rank, default=None)


def _breaches(before: dict[Severity, date], finding: Finding) -> dict[Severity, date]:
    if finding.value is None or finding.severity is None:
        return before
    met = SEVERITIES[: finding.severity.rank]
    return {**before, **dict.fromkeys(met, finding.breached_on)}


def _worse(seen: Alert, finding: Finding, occasion: Occasion) -> Step:
    severity = max(finding.severity or seen.severity, seen.severity, key=lambda each: each.rank)
    rises = severity is not seen.severity
    calm = {} if rises else seen.calm
    risen = replace(seen, severity=severity, label=None, snoozed_until=None, calm=calm)
    if seen.label is not None:
        anew = replace(_said(risen, occasion), said=1, held=0)
        return Step(transition=Transition.RAISE, alert=anew)
    transition = Transition.ESCALATE if rises else Transition.REALERT
    return Step(transition=transition, alert=_said(risen, occasion))


def _after_leaving(seen: Alert, occasion: Occasion) -> Severity | None:
    staying = [
        severity
        for severity in SEVERITIES[: seen.severity.rank]
        if seen.calm.get(severity, 0) < occasion.lifecycle.clear_after
    ]
    return staying[-1] if staying else None


def _better(seen: Alert, left: Severity | None, occasion: Occasion) -> Step:
    if left is None:
        quiet = seen.label is not None
        return Step(transition=Transition.QUIET if quiet else Transition.CLEAR, alert=None)
    calm = {severity: days for severity, days in seen.calm.items() if severity.rank <= left.rank}
    by_value = left if seen.by_value and seen.by_value.rank > left.rank else seen.by_value
    lower = replace(seen, severity=left, calm=calm, by_value=by_value)
    if seen.label is not None:
        return Step(transition=Transition.SUPPRESS, alert=lower)
    return Step(transition=Transition.DEESCALATE, alert=_said(lower, occasion))


def _is_worth_repeating(seen: Alert, finding: Finding, occasion: Occasion) -> bool:
    rules = occasion.lifecycle
    quiet = seen.label is not None or seen.snoozed_until is not None
    if quiet or finding.severity is None:
        return False
    worse = occasion.entry.comparator.is_worse(seen.value, than=seen.said_value)
    waited = worse and (occasion.as_of - seen.said_on).days >= rules.realert_days
    worse_by = rules.worsening * abs(seen.said_value)
    if occasion.entry.comparator is Comparator.LESS_THAN:
        return waited and seen.value <= seen.said_value - worse_by
    return waited and seen.value >= seen.said_value + worse_by


def _said(alert: Alert, occasion: Occasion) -> Alert:
    said = alert.said + 1
    return replace(alert, said_on=occasion.as_of, said_value=alert.value, said=said)
