"""The most exposure allowed: the smallest of need, capacity, expected loss and concentration (§3.11)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.tiering.domain.model import BindingCap, Tier
from services.tiering.domain.policy import GradePolicy, LimitPolicy, TieringPolicy
from shared.kernel.money import Money
from shared.kernel.reasons import Reason
from shared.kernel.values import quick

DAYS_IN_YEAR = 365


@quick
@dataclass(frozen=True, slots=True)
class CreditLimitFacts:
    """What the limit's formula needs, all in `currency`; what is known in another one is left out.

    `pd` 0..1 over 12 months; `gross_margin` a share of purchases; `eligible_security` after haircuts;
    `own_receivables` our whole portfolio at the close of `portfolio_day`. None = not known.
    """

    currency: str
    grade: str
    pd: float
    tier: Tier
    verdict: str | None = None
    tangible_net_worth: Money | None = None
    working_capital: Money | None = None
    accounts_payable: Money | None = None
    purchases_12m: Money | None = None
    largest_month_paid_on_time: Money | None = None
    terms_days: int | None = None
    gross_margin: float | None = None
    eligible_security: Money | None = None
    own_receivables: Money | None = None
    own_customers: int | None = None
    portfolio_day: date | None = None


@quick
@dataclass(frozen=True, slots=True)
class CreditLimitDecision:
    """The limit, the cap that binds it, every cap that could be computed, and why.

    `unsecured` is what the formula gives after the tier's multiplier, before rounding down.
    """

    amount: Money
    binding_cap: BindingCap
    unsecured: Money
    caps: dict[str, Money]
    reasons: tuple[Reason, ...]


def decide_credit_limit(
    facts: CreditLimitFacts, policy: TieringPolicy, *, as_of: date
) -> CreditLimitDecision:
    """Set a customer's credit limit; `as_of` is the day it is decided for."""
    del as_of  # every figure is already as of that day
    caps = _caps(facts, policy)
    binding, formula = _smallest(caps, facts.currency)
    refused = _refused(facts, policy)
    if refused is not None:
        binding, formula = refused, Money.zero(facts.currency)
    terms = policy.tiers[facts.tier]
    unsecured = formula.times(terms.limit_multiplier)
    security = Money.zero(facts.currency) if refused else _security(facts)
    amount = rounded_down(unsecured, policy.limit.significant_digits)
    if terms.unsecured:
        amount = amount + security
    elif security < amount:
        binding, amount = BindingCap.TIER, security
    return CreditLimitDecision(
        amount=amount,
        binding_cap=binding,
        unsecured=unsecured,
        caps=caps,
        reasons=_reasons(facts, caps, binding, amount),
    )


def rounded_down(amount: Money, digits: int) -> Money:
    """Keep the first significant digits of an amount and drop the rest, never below zero."""
    if amount.minor <= 0:
        return Money.zero(amount.currency)
    unit = 10 ** max(0, len(str(amount.minor)) - digits)
    return Money(amount.minor // unit * unit, amount.currency)


def median(amounts: list[Money]) -> Money:
    """The middle amount; of an even number the mean of the two in the middle, half up."""
    ordered = sorted(amounts, key=lambda each: each.minor)
    upper = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[upper]
    both = Decimal(ordered[upper - 1].minor + ordered[upper].minor) / 2
    return Money(int(both.quantize(Decimal(1), ROUND_HALF_UP)), ordered[upper].currency)


def _caps(facts: CreditLimitFacts, policy: TieringPolicy) -> dict[str, Money]:
    """Every cap that the facts allow to compute, by name; L1, L2 and L4 make up the capacity."""
    balance_sheet = _balance_sheet_caps(facts, policy.grade(facts.grade), policy.limit)
    known = {
        **balance_sheet,
        BindingCap.NEED: _need(facts, policy),
        BindingCap.CAPACITY: _capacity(facts, policy.limit, balance_sheet),
        BindingCap.EXPECTED_LOSS: _expected_loss_cap(facts, policy.limit),
        BindingCap.CONCENTRATION: _concentration(facts, policy),
    }
    return {str(name): cap for name, cap in known.items() if cap is not None}


def _balance_sheet_caps(
    facts: CreditLimitFacts, grade: GradePolicy, policy: LimitPolicy
) -> dict[str, Money | None]:
    """L1 net worth and L2 working capital, zero where negative, and L4 the supplier's share."""
    return {
        "net_worth": _share(facts.tangible_net_worth, grade.net_worth_share),
        "working_capital": _share(facts.working_capital, grade.working_capital_share),
        "supplier_share": _share(facts.accounts_payable, policy.supplier_share),
    }


def _share(amount: Money | None, share: float) -> Money | None:
    if amount is None:
        return None
    return Money(max(0, amount.minor), amount.currency).times(share)


def _capacity(
    facts: CreditLimitFacts, policy: LimitPolicy, balance_sheet: dict[str, Money | None]
) -> Money | None:
    known = [cap for cap in balance_sheet.values() if cap is not None]
    if known:
        return median(known)
    return _share(facts.largest_month_paid_on_time, policy.proven_months)


def _need(facts: CreditLimitFacts, policy: TieringPolicy) -> Money | None:
    """L3: what a year's purchases tie up at the customer's terms, never longer than the tier's."""
    if facts.purchases_12m is None:
        return None
    longest = policy.tiers[facts.tier].payment_terms_days
    terms = longest if facts.terms_days is None else min(facts.terms_days, longest)
    tied_up = (terms + policy.limit.grace_days) / DAYS_IN_YEAR
    return facts.purchases_12m.times(tied_up * policy.limit.need_margin)


def _expected_loss_cap(facts: CreditLimitFacts, policy: LimitPolicy) -> Money | None:
    """L5: the exposure whose expected loss eats the accepted share of a year's margin."""
    margin = policy.assumed_gross_margin if facts.gross_margin is None else facts.gross_margin
    if facts.purchases_12m is None or margin is None:
        return None
    loss = max(facts.pd, policy.pd_floor) * policy.loss_given_default
    return facts.purchases_12m.times(policy.loss_appetite * margin / loss)


def _concentration(facts: CreditLimitFacts, policy: TieringPolicy) -> Money | None:
    """L6: a share of our own receivables, once there are enough customers for a share to mean much."""
    if (facts.own_customers or 0) < policy.concentration.fewest_customers:
        return None
    return _share(facts.own_receivables, policy.limit.concentration_share)


def _smallest(caps: dict[str, Money], currency: str) -> tuple[BindingCap, Money]:
    """The cap that binds. Without any sign of capacity there is no ground for credit."""
    if str(BindingCap.CAPACITY) not in caps:
        return BindingCap.NO_EVIDENCE, Money.zero(currency)
    named = [(cap, caps[str(cap)]) for cap in BindingCap if str(cap) in caps]
    return min(named, key=lambda each: each[1].minor)


def _refused(facts: CreditLimitFacts, policy: TieringPolicy) -> BindingCap | None:
    if facts.verdict in policy.limit.refused_verdicts:
        return BindingCap.VERDICT
    return None if policy.band_of(facts.grade).credit else BindingCap.GRADE


def _security(facts: CreditLimitFacts) -> Money:
    return facts.eligible_security or Money.zero(facts.currency)


def _reasons(
    facts: CreditLimitFacts, caps: dict[str, Money], binding: BindingCap, amount: Money
) -> tuple[Reason, ...]:
    bound = Reason(f"limit_{binding}", str(amount.amount), facts.verdict or facts.grade)
    return (bound, *(Reason(f"cap_{name}", str(cap.amount)) for name, cap in caps.items()))
