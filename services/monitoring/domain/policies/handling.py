"""The policy of what people do with warnings: by when, in which order, and how warnings are judged."""

from dataclasses import dataclass
from datetime import date

from services.monitoring.domain.catalogue import IndicatorGroup
from services.monitoring.domain.policies.warnings import SEVERITIES, Severity
from shared.kernel.errors import InvalidInputError
from shared.kernel.maths import probability

_WEEK = frozenset(range(1, 8))


def _check(field: str, value: object, *, kept: bool, rule: str) -> None:
    if not kept:
        raise InvalidInputError(field=field, value=value, rule=rule)


def _one_of_each(field: str, given: dict[Severity, int] | dict[Severity, float]) -> None:
    _check(
        field, sorted(given), kept=set(given) == set(SEVERITIES), rule="must name every severity"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """When people work: hours of the day in the ledger's zone, ISO weekdays (1 Monday), holidays."""

    begins_at: int
    ends_at: int
    weekdays: tuple[int, ...]
    holidays: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        hours = 0 <= self.begins_at < self.ends_at <= 24  # noqa: PLR2004  # hours of a day
        _check(
            "working_time.begins_at", self.begins_at, kept=hours, rule="must come before ends_at"
        )
        days = bool(self.weekdays) and set(self.weekdays) <= _WEEK
        _check("working_time.weekdays", self.weekdays, kept=days, rule="must be days 1 to 7")

    def is_working(self, day: date) -> bool:
        """Whether anybody is at work on a day."""
        return day.isoweekday() in self.weekdays and day not in self.holidays


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevelPolicy:
    """By when a warning is seen to (domain.md §4.4).

    A red one is acknowledged within `acknowledge_hours` working hours; each time as many pass without,
    it goes one further along `owners`. Each severity is decided within `decide_days` working days.
    """

    acknowledge_hours: int
    owners: tuple[str, ...]
    decide_days: dict[Severity, int]
    working_time: WorkingTime

    def __post_init__(self) -> None:
        hours = self.acknowledge_hours
        _check("acknowledge_hours", hours, kept=hours > 0, rule="must be above 0")
        _check("owners", self.owners, kept=bool(self.owners), rule="must name somebody")
        _one_of_each("decide_days", self.decide_days)
        least = min(self.decide_days.values())
        _check("decide_days", least, kept=least >= 0, rule="must be 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePolicy:
    """In which order cases are worked on, and how many (domain.md §4.4).

    `per_analyst` cases a day. Money is compared in `reporting_currency`; `rates` are what one unit of
    a currency is worth in it, for ranking and for sums of the scorecard alone. What may be lost is
    the unsecured exposure x `chance_of_loss` of the worst warning x `loss_given_default`; the
    chances are the precision that each severity is meant to have. `next_steps` name what to do first, by
    group and severity, and `step_in_default` for a customer in default; `wording` says it, by language.
    """

    per_analyst: int
    reporting_currency: str
    rates: dict[str, float]
    loss_given_default: float
    chance_of_loss: dict[Severity, float]
    next_steps: dict[IndicatorGroup, dict[Severity, str]]
    step_in_default: str
    wording: dict[str, dict[str, str]]

    def __post_init__(self) -> None:
        _check("per_analyst", self.per_analyst, kept=self.per_analyst > 0, rule="must be above 0")
        rated = all(rate > 0 for rate in self.rates.values())
        own = self.rates.get(self.reporting_currency) == 1.0
        _check("rates", self.rates, kept=rated and own, rule="must be above 0, 1 for our own")
        probability(self.loss_given_default, field="loss_given_default")
        _one_of_each("chance_of_loss", self.chance_of_loss)
        for chance in self.chance_of_loss.values():
            probability(chance, field="chance_of_loss")
        self._check_steps()

    def _check_steps(self) -> None:
        named = {step for steps in self.next_steps.values() for step in steps.values()}
        named.add(self.step_in_default)
        whole = all(set(steps) == set(SEVERITIES) for steps in self.next_steps.values())
        every = whole and set(self.next_steps) == set(IndicatorGroup)
        rule = "must name every group and severity"
        _check("next_steps", sorted(self.next_steps), kept=every, rule=rule)
        unsaid = sorted(named - set(self.wording))
        _check("wording", unsaid, kept=not unsaid, rule="must say every next step")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardPolicy:
    """How the warnings themselves are judged (domain.md §4.4).

    A warning came true if its customer failed within `horizon_days` of it. `precision` is what each
    severity is meant to reach, `lead_days` the median time it is meant to give, `recall` the share of
    failures that an amber warning is meant to have come `ahead_days` before. An indicator with a
    precision below `poor_precision` over `judged_least` judged warnings is proposed to be tuned anew to
    `retune_to`, if at least `kept_least` judged warnings remain, else to be retired; `look_back_days` are
    looked at, and a proposal that somebody decided on rests for `rest_days`. A draft made from one
    acts `draft_after_days` later unless another day is asked for.
    """

    horizon_days: int
    precision: dict[Severity, float]
    lead_days: int
    recall: float
    ahead_days: int
    poor_precision: float
    judged_least: int
    retune_to: float
    kept_least: int
    look_back_days: int
    rest_days: int
    draft_after_days: int

    def __post_init__(self) -> None:
        _one_of_each("scorecard.precision", self.precision)
        shares = (*self.precision.values(), self.recall, self.poor_precision, self.retune_to)
        for share in shares:
            probability(share, field="scorecard")
        for field, days in (
            ("horizon_days", self.horizon_days),
            ("judged_least", self.judged_least),
            ("kept_least", self.kept_least),
            ("look_back_days", self.look_back_days),
            ("draft_after_days", self.draft_after_days),
        ):
            _check(field, days, kept=days > 0, rule="must be above 0")
        rising = self.poor_precision <= self.retune_to
        _check("retune_to", self.retune_to, kept=rising, rule="must not be below poor_precision")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingPolicy:
    """All of it: the part `handling` of monitoring's policy."""

    service_levels: ServiceLevelPolicy
    queue: QueuePolicy
    scorecard: ScorecardPolicy
