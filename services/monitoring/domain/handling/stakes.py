"""What is at stake: exposures in one currency, so that they can be ranked, and the loss to expect."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from services.monitoring.domain.catalogue import IndicatorGroup
from services.monitoring.domain.policies.handling import QueuePolicy
from services.monitoring.domain.policies.warnings import Severity
from shared.kernel.money import Money, minor_digits


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What to do first: a stable code, and the sentence for it by language."""

    code: str
    wording: dict[str, str]


def together(amounts: Iterable[Money], policy: QueuePolicy) -> Money:
    """Amounts of any currencies as one in the reporting currency, for ranking only.

    A currency without a rate counts unit for unit: too much or too little, but never nothing.
    """
    worth = sum(
        (each.amount * Decimal(str(policy.rates.get(each.currency, 1.0))) for each in amounts),
        start=Decimal(0),
    )
    digits = minor_digits(policy.reporting_currency)
    minor = worth.scaleb(digits).to_integral_value(rounding=ROUND_HALF_UP)
    return Money(int(minor), policy.reporting_currency)


def unsecured(exposure: Iterable[Money], secured: Iterable[Money]) -> tuple[Money, ...]:
    """What is left of each exposure after the security in its own currency; never below zero."""
    covered: dict[str, int] = {}
    for each in secured:
        covered[each.currency] = covered.get(each.currency, 0) + each.minor
    return tuple(
        Money(max(0, each.minor - covered.get(each.currency, 0)), each.currency)
        for each in exposure
    )


def expected_loss(at_stake: Money, severity: Severity, policy: QueuePolicy) -> Money:
    """What is to be expected of it: the stake x the chance of a loss x the loss given default."""
    return at_stake.times(policy.chance_of_loss[severity] * policy.loss_given_default)


def first_step(group: IndicatorGroup, severity: Severity, policy: QueuePolicy) -> NextStep:
    """What to do first about a warning of some group and severity."""
    code = policy.next_steps[group][severity]
    return NextStep(code=code, wording=policy.wording[code])


def expires_on(last_breach_on: date, *, half_life_days: float, half_lives: float) -> date:
    """The day from which a sign that was not seen again is stale."""
    return last_breach_on + timedelta(days=round(half_life_days * half_lives))
