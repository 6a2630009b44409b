"""How a customer pays: what the behavioural score and the limit formula rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.policies.ledger import BehaviourWindows, LedgerPolicy
from services.monitoring.domain.receivables.account import Account, Dishonour
from services.monitoring.domain.receivables.history import (
    History,
    SettledDay,
    purchased_within,
    settled_within,
)
from shared.kernel.dates import add_months
from shared.kernel.values import quick

TECHNICAL = "technical"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the customer has paid us in its main currency. Days are amount-weighted; None = not known.

    `wadd` counts late days only, `signed_wadd` takes early ones off; shares are of the amount paid.
    `wadd_trend` is the last months' WADD less that of the months before, in days. Invoices settled
    and dishonours are counted in all currencies.
    """

    as_of: date
    currency: str
    settled: int
    wadd: float | None
    signed_wadd: float | None
    recent_wadd: float | None
    wadd_trend: float | None
    late_share: float | None
    late_over_30_share: float | None
    max_days_past_due: int | None
    dishonours: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """What the customer bought, in minor units of one currency, in the policy's purchase window.

    `largest_month_paid_on_time` is the largest sum of one month's invoices that was paid by its due
    dates; `usual_terms_days` the median of the latest invoices' terms.
    """

    currency: str
    purchases: int
    largest_month_paid_on_time: int
    usual_terms_days: int | None


def behaviour_of(account: Account, ageing: Ageing, policy: LedgerPolicy) -> Behaviour:
    """Behaviour at the end of the aged day, in the aged currency."""
    windows, as_of = policy.behaviour, ageing.as_of
    history = account.histories.get(ageing.currency, History())
    lately = _window(history, as_of, months=windows.lateness_months)
    recent = _window(history, as_of, months=windows.trend_months)
    return Behaviour(
        as_of=as_of,
        currency=ageing.currency,
        settled=_settled(account.histories.values(), as_of, windows),
        wadd=weighted_days_late(lately),
        signed_wadd=_per_amount(lately, sum(day.signed_days for day in lately)),
        recent_wadd=weighted_days_late(recent),
        wadd_trend=_trend(history, recent, as_of, windows),
        late_share=_per_amount(lately, sum(day.late_amount for day in lately)),
        late_over_30_share=_per_amount(lately, sum(day.late_over_30_amount for day in lately)),
        max_days_past_due=_worst(history, ageing, windows),
        dishonours=len(dishonours_within(account, as_of, months=windows.dishonour_months)),
    )


def settled_of(account: Account, as_of: date, windows: BehaviourWindows) -> int:
    """How many invoices were settled in the window, in all currencies."""
    return _settled(account.histories.values(), as_of, windows)


def weighted_days_late(days: Iterable[SettledDay]) -> float | None:
    """WADD: sum of amount x days late over the amount, late days only; None if nothing settled."""
    settled = list(days)
    return _per_amount(settled, sum(day.late_days for day in settled))


def dishonours_within(account: Account, as_of: date, *, months: int) -> list[Dishonour]:
    """Payments that bounced for want of money in the last months; technical ones never count."""
    after = add_months(as_of, -months)
    return [
        each for each in account.dishonours if after < each.on <= as_of and each.reason != TECHNICAL
    ]


def purchases_of(account: Account, ageing: Ageing, policy: LedgerPolicy) -> Purchases:
    """Purchases in the aged currency at the end of the aged day."""
    history = account.histories.get(ageing.currency, History())
    after = add_months(ageing.as_of, -policy.purchase_months)
    months = [paid for month, paid in history.on_time.items() if after < month <= ageing.as_of]
    return Purchases(
        currency=ageing.currency,
        purchases=purchased_within(history, after=after, through=ageing.as_of),
        largest_month_paid_on_time=max(months, default=0),
        usual_terms_days=median_of(history.terms),
    )


def median_of(days: tuple[int, ...]) -> int | None:
    """The middle one of some numbers of days (the lower of two); None if there are none."""
    return sorted(days)[(len(days) - 1) // 2] if days else None


def _window(history: History, as_of: date, *, months: int) -> list[SettledDay]:
    return settled_within(history, after=add_months(as_of, -months), through=as_of)


def _per_amount(days: list[SettledDay], weighted: int) -> float | None:
    amount = sum(day.amount for day in days)
    return weighted / amount if amount else None


def _trend(
    history: History, recent: list[SettledDay], as_of: date, windows: BehaviourWindows
) -> float | None:
    before = settled_within(
        history,
        after=add_months(as_of, -windows.lateness_months),
        through=add_months(as_of, -windows.trend_months),
    )
    now, then = weighted_days_late(recent), weighted_days_late(before)
    return None if now is None or then is None else now - then


def _worst(history: History, ageing: Ageing, windows: BehaviourWindows) -> int | None:
    """The most days past due that any invoice reached in the window, open ones included."""
    settled = _window(history, ageing.as_of, months=windows.worst_months)
    if not settled and not ageing.aged:
        return None
    paid_late = max((day.most_days_late for day in settled), default=0)
    return max(paid_late, ageing.undisputed_days_past_due)


def _settled(histories: Iterable[History], as_of: date, windows: BehaviourWindows) -> int:
    after = add_months(as_of, -windows.settled_months)
    days = [day for each in histories for day in settled_within(each, after=after, through=as_of)]
    return sum(day.invoices for day in days)
