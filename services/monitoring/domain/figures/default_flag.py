"""Whether a customer is in default, and when that is over (domain.md §6.7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.figures.cash import after_cash
from services.monitoring.domain.figures.exposure import Exposure
from services.monitoring.domain.policies.ledger import DefaultPolicy, minor_by_currency
from services.monitoring.domain.policy import MonitoringPolicy
from shared.kernel.dates import add_months
from shared.kernel.money import Money
from shared.kernel.reasons import Reason
from shared.kernel.values import quick

PAST_DUE = "default_past_due"
UNLIKELY_TO_PAY = "default_unlikely_to_pay"
STILL_PAST_DUE = "default_arrears_remain"
PROBATION = "default_probation"
CURED = "default_cured"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongOverdue:
    """What is past due for longer than the policy's days, in one currency.

    Disputes in time and what our unapplied cash of the customer's covers are left out.
    """

    overdue: Money
    exposure: Money
    days_past_due: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Proceeding:
    """An open proceeding that makes the customer unlikely to pay, by its document at the court."""

    kind: str
    document: str
    on: date


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultFacts:
    """What the default flag is decided on.

    `defaulted_on` is the day the present default began, `clear_since` the first day since then on which
    no trigger held; `any_overdue` whether anything undisputed is past due at all after our unapplied
    cash, or was written off and has not come in since. `proceedings` are open, oldest first. `forborne_on`
    is the last day on which an invoice was extended in difficulty or too late, `grace_ends_on` the
    latest day granted.
    """

    long_overdue: tuple[LongOverdue, ...]
    any_overdue: bool
    defaulted_on: date | None = None
    clear_since: date | None = None
    proceedings: tuple[Proceeding, ...] = ()
    forborne_on: date | None = None
    grace_ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultDecision:
    """The flag from now on, and until when a cure is probation."""

    in_default: bool
    defaulted_on: date | None
    clear_since: date | None
    probation_ends_on: date | None
    days_past_due: int
    reasons: tuple[Reason, ...]


def decide_default_flag(
    facts: DefaultFacts, policy: MonitoringPolicy, *, as_of: date
) -> DefaultDecision:
    """Flag default on a material amount more than 90 days past due, or a proceeding; cure it months after.

    An amount is material when it exceeds both the absolute and the relative threshold. The cure
    needs the probation to be over and nothing to be past due.
    """
    rules = policy.ledger.default
    days = max((each.days_past_due for each in facts.long_overdue), default=0)
    triggers = _triggers(facts, rules, days=days)
    if triggers:
        return _flagged(facts, triggers, days=days, as_of=as_of)
    if facts.defaulted_on is None:
        return _clear(days)
    return _on_probation(facts, rules, days=days, as_of=as_of)


def is_material(long_overdue: LongOverdue, rules: DefaultPolicy) -> bool:
    """Whether what is long overdue exceeds both thresholds."""
    overdue = long_overdue.overdue
    absolute = minor_by_currency(rules.material_amount, overdue.currency)
    relative = long_overdue.exposure.times(rules.material_share)
    return (
        long_overdue.days_past_due > rules.days_past_due
        and overdue.minor > absolute
        and overdue > relative
    )


def default_facts(
    ageings: tuple[Ageing, ...],
    exposures: tuple[Exposure, ...],
    rules: DefaultPolicy,
    *,
    defaulted_on: date | None,
    clear_since: date | None,
) -> DefaultFacts:
    """Gather the facts from a customer's ageing and exposure."""
    pairs = list(zip(ageings, exposures, strict=True))
    return DefaultFacts(
        long_overdue=tuple(
            each for ageing, exposure in pairs if (each := _long_overdue(ageing, exposure, rules))
        ),
        any_overdue=any(ageing.counted_overdue > exposure.unapplied for ageing, exposure in pairs),
        defaulted_on=defaulted_on,
        clear_since=clear_since,
    )


def with_losses(facts: DefaultFacts, written_off: Iterable[int]) -> DefaultFacts:
    """The facts, once what was given up (minor units, less recoveries, by currency) counts as past due.

    Giving a claim up pays nothing: a default is not cured by it.
    """
    lost = any(amount > 0 for amount in written_off)
    return replace(facts, any_overdue=True) if lost else facts


def _long_overdue(ageing: Ageing, exposure: Exposure, rules: DefaultPolicy) -> LongOverdue | None:
    old = [(each.days, each.counted) for each in ageing.aged if each.days > rules.days_past_due]
    owed = [(days, left) for days, left in after_cash(old, exposure.unapplied) if left > 0]
    if not owed:
        return None
    return LongOverdue(
        overdue=Money(sum(left for _, left in owed), ageing.currency),
        exposure=Money(exposure.total, ageing.currency),
        days_past_due=max(days for days, _ in owed),
    )


def probation_ends_on(
    since: date,
    rules: DefaultPolicy,
    *,
    defaulted_on: date | None,
    forborne_on: date | None,
    grace_ends_on: date | None,
) -> date:
    """The day on which a probation without triggers `since` a day is over (domain.md §6.7).

    For a customer that was granted an extension lately, it is longer, and counts from the latest of the
    concession, the default, and the end of the time granted.
    """
    regular = add_months(since, rules.cure_months)
    if rules.cure_months_forborne is None or defaulted_on is None or forborne_on is None:
        return regular
    conceded = max(forborne_on, grace_ends_on or forborne_on)
    if defaulted_on >= add_months(conceded, rules.forborne_months):
        return regular
    return max(regular, add_months(max(conceded, defaulted_on), rules.cure_months_forborne))


def _triggers(facts: DefaultFacts, rules: DefaultPolicy, *, days: int) -> tuple[Reason, ...]:
    material = any(is_material(each, rules) for each in facts.long_overdue)
    limit = float(rules.days_past_due)
    late = (Reason(PAST_DUE, value=float(days), threshold=limit),) if material else ()
    return late + tuple(Reason(UNLIKELY_TO_PAY, value=each.document) for each in facts.proceedings)


def _flagged(
    facts: DefaultFacts, reasons: tuple[Reason, ...], *, days: int, as_of: date
) -> DefaultDecision:
    return DefaultDecision(
        in_default=True,
        defaulted_on=facts.defaulted_on or as_of,
        clear_since=None,
        probation_ends_on=None,
        days_past_due=days,
        reasons=reasons,
    )


def _on_probation(
    facts: DefaultFacts, rules: DefaultPolicy, *, days: int, as_of: date
) -> DefaultDecision:
    since = facts.clear_since or as_of
    ends_on = probation_ends_on(
        since,
        rules,
        defaulted_on=facts.defaulted_on,
        forborne_on=facts.forborne_on,
        grace_ends_on=facts.grace_ends_on,
    )
    over = as_of >= ends_on and not facts.any_overdue
    if over:
        reason = Reason(CURED, value=since.isoformat(), threshold=ends_on.isoformat())
    elif as_of >= ends_on:
        reason = Reason(STILL_PAST_DUE, threshold=ends_on.isoformat())
    else:
        reason = Reason(PROBATION, value=since.isoformat(), threshold=ends_on.isoformat())
    return DefaultDecision(
        in_default=not over,
        defaulted_on=None if over else facts.defaulted_on,
        clear_since=None if over else since,
        probation_ends_on=None if over else ends_on,
        days_past_due=days,
        reasons=(reason,),
    )


def _clear(days: int) -> DefaultDecision:
    return DefaultDecision(
        in_default=False,
        defaulted_on=None,
        clear_since=None,
        probation_ends_on=None,
        days_past_due=days,
        reasons=(),
    )
