"""Recovery's policy: the dunning ladders, and how long things may wait."""

from dataclasses import dataclass
from decimal import Decimal

from services.recovery.domain.model import CaseState, Tier
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True)
class DunningStep:
    """One step: from `days_past_due` of the oldest undisputed invoice, do `action`."""

    code: str
    days_past_due: int
    action: str
    state: CaseState


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """Promises to pay: at most `max_days_ahead`, at most `max_in_window` in `window_days`.

    A promise is checked `grace_business_days` after its day.
    """

    max_days_ahead: int
    grace_business_days: int
    max_in_window: int
    window_days: int


@dataclass(frozen=True, slots=True)
class RecoveryPolicy:
    """Ladders by tier (`untiered` names the one for customers without a tier), and waiting times.

    Below `minimum_amounts` (major units by currency; `minimum_amount_elsewhere` for others) nobody
    is dunned. `high_tier_action` is due `high_tier_action_days` after a case opens on tier high.
    """

    ladders: dict[str, tuple[DunningStep, ...]]
    untiered: str
    minimum_amounts: dict[str, Decimal]
    minimum_amount_elsewhere: Decimal
    high_tier_action: str
    high_tier_action_days: int
    dispute_action: str
    dispute_review_days: int
    review_action: str
    review_days: int
    promise_action: str
    promise: PromisePolicy
    longest_plan_days: int

    def __post_init__(self) -> None:
        if set(self.ladders) != set(Tier):
            rule = f"needs one ladder for each of {[tier.value for tier in Tier]}"
            raise InvalidInputError(field="ladders", value=sorted(self.ladders), rule=rule)
        if self.untiered not in self.ladders:
            raise InvalidInputError(field="untiered", value=self.untiered, rule="must be a tier")
        for tier, ladder in self.ladders.items():
            _refuse_unordered(tier, ladder)
        _refuse_different_codes(self.ladders)
        self._refuse_days_below_one()

    def _refuse_days_below_one(self) -> None:
        names = ("high_tier_action_days", "dispute_review_days", "review_days", "longest_plan_days")
        for name in names:
            if getattr(self, name) < 1:
                rule = "must be at least 1, or a case would have no next day"
                raise InvalidInputError(field=name, value=getattr(self, name), rule=rule)

    def ladder(self, tier: str | None) -> tuple[DunningStep, ...]:
        """The ladder of a tier, or of customers without one."""
        return self.ladders.get(tier or self.untiered, self.ladders[self.untiered])

    def is_worth_dunning(self, amount: Money) -> bool:
        """Whether an undisputed overdue amount reaches the minimum of its currency."""
        least = self.minimum_amounts.get(amount.currency, self.minimum_amount_elsewhere)
        return amount.minor > 0 and amount.amount >= least


def _refuse_unordered(tier: str, ladder: tuple[DunningStep, ...]) -> None:
    days = [step.days_past_due for step in ladder]
    if not days or days != sorted(set(days)) or days[0] < 1:
        rule = "needs steps that ascend from at least 1 day past due"
        raise InvalidInputError(field=f"ladders.{tier}", value=days, rule=rule)


def _refuse_different_codes(ladders: dict[str, tuple[DunningStep, ...]]) -> None:
    codes = {tuple(step.code for step in ladder) for ladder in ladders.values()}
    if len(codes) != 1 or len(set(next(iter(codes)))) != len(next(iter(codes))):
        rule = "must have the same distinct steps in the same order in every tier"
        raise InvalidInputError(field="ladders", value=sorted(codes), rule=rule)
