"""The ledger's side of the indicators: the figures that warnings are measured on."""

from datetime import date

from services.monitoring.domain.figures.ageing import Ageing
from services.monitoring.domain.figures.behaviour import weighted_days_late
from services.monitoring.domain.figures.exposure import Exposure
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.policies.warnings import FactWindows
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.history import (
    History,
    days_before,
    purchased_within,
    settled_within,
)
from shared.kernel.dates import month_end
from shared.kernel.money import Money

DOCUMENTS_SHOWN = 20
_YEAR = 365


def currency_facts(
    account: Account,
    ageing: Ageing,
    exposure: Exposure,
    windows: FactWindows,
    *,
    limit: int | None,
) -> CurrencyFacts:
    """One currency's figures at the end of the aged day."""
    currency, as_of = ageing.currency, ageing.as_of
    history = account.histories.get(currency, History())
    counted = [each for each in ageing.past_due if each.counted > 0]
    settled = settled_within(history, after=days_before(as_of, windows.wadd_days), through=as_of)
    in_parts = settled_within(history, after=days_before(as_of, windows.parts_days), through=as_of)
    return CurrencyFacts(
        currency=currency,
        open_amount=Money(ageing.open, currency),
        overdue_amount=Money(ageing.counted_overdue, currency),
        open_invoices=len(ageing.aged),
        overdue_count=len(counted),
        max_days_past_due=ageing.material_days_past_due,
        longest_days_late=ageing.undisputed_days_past_due,
        purchases_12m=_bought(history, currency, as_of, _YEAR),
        sales=_bought(history, currency, as_of, windows.sales_days),
        exposure=Money(exposure.total, currency),
        open_orders=exposure.orders,
        overdue_invoices=tuple(each.receivable.invoice_id for each in counted[:DOCUMENTS_SHOWN]),
        wadd=weighted_days_late(settled),
        wadd_invoices=sum(day.invoices for day in settled),
        wadd_amount=Money(sum(day.amount for day in settled), currency) if settled else None,
        wadd_documents=tuple(name for day in settled for name in day.late)[:DOCUMENTS_SHOWN],
        settled_invoices=sum(day.invoices for day in in_parts),
        settled_in_parts=sum(day.in_parts for day in in_parts),
        parts_documents=tuple(name for day in in_parts for name in day.split)[:DOCUMENTS_SHOWN],
        limit=None if limit is None else Money(limit, currency),
    )


def month_purchases(account: Account, currency: str, *, month: date) -> tuple[Money, int]:
    """What was bought in the month a date lies in (credit notes off), and by how many invoices."""
    first = month.replace(day=1)
    history = account.histories.get(currency, History())
    bought = purchased_within(history, after=days_before(first, 1), through=month_end(month))
    invoices = [*account.receivables.values(), *account.closed.values()]
    count = sum(
        1
        for each in invoices
        if each.currency == currency
        and not each.cancelled
        and each.invoice_date.replace(day=1) == first
    )
    return Money(bought, currency), count


def _bought(history: History, currency: str, as_of: date, days: int) -> Money:
    after = days_before(as_of, days)
    return Money(purchased_within(history, after=after, through=as_of), currency)
