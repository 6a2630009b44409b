"""Receivables, exposure and behaviour as the doors show them: amounts as decimal strings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.monitoring.domain.figures.ageing import Aged, Ageing, AgeingBucket, age
from services.monitoring.domain.figures.behaviour import behaviour_of, purchases_of
from services.monitoring.domain.figures.cash import unapplied_cash
from services.monitoring.domain.figures.exposure import exposure_of
from services.monitoring.domain.figures.kpis import (
    average_days_delinquent,
    best_possible_dso,
    countback_dso,
    days_sales_outstanding,
)
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.history import (
    History,
    days_before,
    lost_within,
    purchased_within,
)
from services.monitoring.domain.receivables.ledger import account_as_of, fold
from shared.kernel.dates import add_months
from shared.kernel.money import Money

Shown = dict[str, object]
_MONTHS_BACK = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A customer as it was at the end of a day, as far as was known at a moment (None: is known now).

    `currencies` are all it is known to have dealt in, so that a day before the first fact shows zeros.
    """

    customer_id: str
    as_of: date
    account: Account
    currencies: tuple[str, ...]
    policy: MonitoringPolicy
    known_at: datetime | None = None

    def ageing(self, currency: str) -> Ageing:
        """The open invoices in one currency."""
        return age(self.account, currency, as_of=self.as_of, policy=self.policy.ledger)


def asked_of(
    customer_id: str,
    facts: Sequence[Fact],
    policy: MonitoringPolicy,
    *,
    as_of: date,
    known_at: datetime | None = None,
) -> Asked:
    """Fold a customer's facts, those that were known at a moment, to the end of a day."""
    return Asked(
        customer_id=customer_id,
        as_of=as_of,
        account=account_as_of(facts, as_of, policy.ledger),
        currencies=tuple(fold(facts, policy.ledger).currencies),
        policy=policy,
        known_at=known_at,
    )


def shown_receivables(asked: Asked, currency: str) -> Shown:
    """Open invoices in one currency, with their ageing."""
    ageing = asked.ageing(currency)
    return {
        "customer_id": asked.customer_id,
        "as_of": asked.as_of,
        "known_at": asked.known_at,
        "currency": currency,
        "open_amount": text(ageing.open, currency),
        "overdue_amount": text(ageing.overdue, currency),
        "max_days_past_due": ageing.max_days_past_due,
        "material_days_past_due": ageing.material_days_past_due,
        "unapplied_cash": text(unapplied_cash(asked.account, currency), currency),
        "ageing": shown_buckets(ageing.buckets, currency),
        "invoices": [_invoice(each, currency) for each in ageing.aged],
    }


def shown_exposure(asked: Asked, currency: str) -> Shown:
    """What could be lost in one currency."""
    exposure = exposure_of(asked.account, asked.ageing(currency), asked.policy.ledger)
    return {
        "customer_id": asked.customer_id,
        "as_of": asked.as_of,
        "known_at": asked.known_at,
        "currency": currency,
        "open_amount": text(exposure.open, currency),
        "overdue_amount": text(exposure.overdue, currency),
        "disputed_amount": text(exposure.disputed, currency),
        "open_orders": text(exposure.open_orders, currency),
        "unapplied_cash": text(exposure.unapplied, currency),
        "total": text(exposure.total, currency),
        "dni": text(exposure.uninvoiced, currency),
        "bills": text(exposure.bills, currency),
        "bills_with_recourse": text(exposure.recourse, currency),
    }


def shown_behaviour(asked: Asked, currency: str) -> Shown:
    """How the customer pays and buys in one currency."""
    ageing = asked.ageing(currency)
    behaviour = behaviour_of(asked.account, ageing, asked.policy.ledger)
    purchases = purchases_of(asked.account, ageing, asked.policy.ledger)
    return {
        "customer_id": asked.customer_id,
        "as_of": asked.as_of,
        "known_at": asked.known_at,
        "currency": currency,
        "settled_24m": behaviour.settled,
        "wadd_12m": behaviour.wadd,
        "wadd_3m": behaviour.recent_wadd,
        "wadd_trend": behaviour.wadd_trend,
        "late_share_12m": behaviour.late_share,
        "late_over_30_share_12m": behaviour.late_over_30_share,
        "max_days_past_due_6m": behaviour.max_days_past_due,
        "dishonours_12m": behaviour.dishonours,
        "purchases_12m": text(purchases.purchases, currency),
        "largest_month_paid_on_time": text(purchases.largest_month_paid_on_time, currency),
        "usual_terms_days": purchases.usual_terms_days,
        "losses_12m": text(_lost(asked, currency), currency),
        **_collection(asked, ageing),
    }


def _lost(asked: Asked, currency: str) -> int:
    """What was written off in the purchase window, less what came in after all, in minor units."""
    history = asked.account.histories.get(currency, History())
    after = add_months(asked.as_of, -asked.policy.ledger.purchase_months)
    return lost_within(history, after=after, through=asked.as_of)


def shown_buckets(buckets: dict[AgeingBucket, int], currency: str) -> Shown:
    """Ageing buckets by their names."""
    return {bucket.value: text(buckets[bucket], currency) for bucket in AgeingBucket}


def text(minor: int, currency: str) -> str:
    """Minor units as a decimal string in major units."""
    return str(Money(minor, currency).amount)


def _invoice(aged: Aged, currency: str) -> Shown:
    receivable = aged.receivable
    return {
        "invoice_id": receivable.invoice_id,
        "invoice_date": receivable.invoice_date,
        "due_date": receivable.due_date,
        "amount": text(receivable.amount, currency),
        "open_amount": text(aged.open, currency),
        "disputed_amount": text(receivable.disputed, currency),
        "days_past_due": aged.days,
        "extended_to": receivable.extended_to,
        "forborne_on": receivable.forborne_on,
    }


def _collection(asked: Asked, ageing: Ageing) -> Shown:
    history = asked.account.histories.get(ageing.currency, History())
    days = asked.policy.warnings.windows.sales_days
    after = days_before(asked.as_of, days)
    sales = purchased_within(history, after=after, through=asked.as_of)
    current = ageing.open - ageing.overdue
    return {
        "days_sales_outstanding": days_sales_outstanding(ageing.open, sales, days),
        "best_possible_dso": best_possible_dso(current, sales, days),
        "average_days_delinquent": average_days_delinquent(ageing.open, current, sales, days),
        "countback_dso": countback_dso(ageing.open, _months(history, asked.as_of)),
    }


def _months(history: History, as_of: date) -> list[tuple[float, int]]:
    """Sales and days of the month so far and of the eleven before it, the newest first."""
    months, end = [], as_of
    for _ in range(_MONTHS_BACK):
        before = days_before(end.replace(day=1), 1)
        sold = purchased_within(history, after=before, through=end)
        months.append((float(sold), (end - before).days))
        end = before
    return months
