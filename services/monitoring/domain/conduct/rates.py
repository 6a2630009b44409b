"""Shares of a window: what was cancelled of what was ordered, and so on, by currency."""

from collections.abc import Iterable
from datetime import date, timedelta

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.rules import number, window
from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.conduct.tally import (
    Series,
    Tallies,
    currencies_of,
    key_of,
    sum_within,
)
from services.monitoring.domain.figures.ageing import Aged, Ageing
from services.monitoring.domain.indicator_facts.conduct import RateFacts
from services.monitoring.domain.policies.warnings import WarningPolicy
from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.history import History, purchased_within, settled_within
from shared.kernel.money import Money

DOCUMENTS_SHOWN = 20


def short_paid(
    conduct: Conduct, account: Account, ageings: Iterable[Ageing], policy: WarningPolicy
) -> tuple[RateFacts, ...]:
    """What was kept back without a reason (T08): small rests past due of invoices paid in the window.

    Out of what was due: settled in the window, or past due, with what was paid of that in the window. A
    rest of more than `most_share` of the invoice is an instalment; what is disputed, claimed or a
    discount taken in time has its reason.
    """
    found = (
        _short_in(conduct, account, each, policy)
        for each in ageings
        if any(aged.days and aged.receivable.paid for aged in each.aged)
    )
    return tuple(each for each in found if each is not None)


def _short_in(
    conduct: Conduct, account: Account, ageing: Ageing, policy: WarningPolicy
) -> RateFacts | None:
    days, currency = window(policy, Indicator.SHORT_PAYMENTS), ageing.currency
    most = number(policy, Indicator.SHORT_PAYMENTS, "most_share")
    begin = ageing.as_of - timedelta(days=days)
    paid = [each for each in ageing.past_due if _is_paid_since(each.receivable, account, begin)]
    rests = {
        each.receivable.invoice_id: rest
        for each in paid
        if (rest := _rest(each, conduct)) > 0 and rest <= most * each.receivable.amount
    }
    if not rests:
        return None
    history = account.histories.get(currency, History())
    settled = settled_within(history, after=begin, through=ageing.as_of)
    overdue = [each for each in ageing.past_due if each.counted > 0]
    due = sum(each.amount for each in settled) + sum(each.counted for each in overdue)
    due += sum(each.receivable.paid for each in paid if each.counted > 0)
    return RateFacts(
        currency=currency,
        part=Money(sum(rests.values()), currency),
        whole=Money(due, currency),
        parts=len(rests),
        wholes=sum(each.invoices for each in settled) + len(overdue),
        documents=tuple(rests)[:DOCUMENTS_SHOWN],
    )


def _is_paid_since(receivable: Receivable, account: Account, begin: date) -> bool:
    """Whether money in force on an invoice came after a day."""
    if not receivable.paid:
        return False
    payments = (account.payments.get(name) for name in receivable.paid_by)
    return any(each is not None and each.on > begin for each in payments)


def _rest(aged: Aged, conduct: Conduct) -> int:
    """What is open of an invoice and neither disputed nor claimed, in minor units."""
    receivable = aged.receivable
    claimed = conduct.claims.get(receivable.invoice_id, 0)
    return max(0, aged.open - receivable.disputed - claimed)


def rates_of(
    tallies: Tallies, part: Series, whole: Series, *, days: int, as_of: date
) -> tuple[RateFacts, ...]:
    """One series over another, in the days that end with a day; only where the part is anything."""
    found = []
    for currency in currencies_of(tallies, part):
        tally = tallies[key_of(part, currency)]
        amount, parts = tally.within(days, as_of)
        if parts:
            of, wholes = sum_within(tallies, whole, currency, days=days, through=as_of)
            found.append(
                RateFacts(
                    currency=currency,
                    part=Money(amount, currency),
                    whole=Money(of, currency),
                    parts=parts,
                    wholes=wholes,
                    documents=tally.named_within(days, as_of),
                )
            )
    return tuple(found)


def returns_of(
    tallies: Tallies, account: Account, policy: WarningPolicy, *, as_of: date
) -> tuple[RateFacts, ...]:
    """Returned over delivered (B05): told by the goods or by their credit notes, the larger counts.

    Where deliveries are not told, what was invoiced stands in.
    """
    days, found = window(policy, Indicator.RETURNS), []
    named = {*currencies_of(tallies, Series.RETURNED)}
    named |= {*currencies_of(tallies, Series.CREDITED_RETURNS)}
    for currency in sorted(named):
        told = [
            (*sum_within(tallies, series, currency, days=days, through=as_of), series)
            for series in (Series.CREDITED_RETURNS, Series.RETURNED)
        ]
        amount, parts, series = max(told, key=lambda each: (each[0], each[2]))
        if not parts:
            continue
        whole, wholes = sum_within(tallies, Series.DELIVERED, currency, days=days, through=as_of)
        if not wholes:
            whole, wholes = invoiced(tallies, account, currency, days=days, as_of=as_of)
        found.append(
            RateFacts(
                currency=currency,
                part=Money(amount, currency),
                whole=Money(whole, currency),
                parts=parts,
                wholes=wholes,
                documents=tallies[key_of(series, currency)].named_within(days, as_of),
            )
        )
    return tuple(found)


def of_invoiced(
    tallies: Tallies, part: Series, account: Account, *, days: int, as_of: date
) -> tuple[RateFacts, ...]:
    """A series over what was invoiced (B06, B07); `late` where disputes came late."""
    found = []
    for currency in currencies_of(tallies, part):
        tally = tallies[key_of(part, currency)]
        amount, parts = tally.within(days, as_of)
        if not parts:
            continue
        whole, wholes = invoiced(tallies, account, currency, days=days, as_of=as_of)
        late, _ = sum_within(tallies, Series.DISPUTED_LATE, currency, days=days, through=as_of)
        found.append(
            RateFacts(
                currency=currency,
                part=Money(amount, currency),
                whole=Money(whole, currency),
                parts=parts,
                wholes=wholes,
                documents=tally.named_within(days, as_of),
                late=Money(late, currency) if part is Series.DISPUTED else None,
            )
        )
    return tuple(found)


def invoiced(
    tallies: Tallies, account: Account, currency: str, *, days: int, as_of: date
) -> tuple[int, int]:
    """Minor units invoiced in the window before any credit note, and on how many days there were any."""
    history, after = account.histories.get(currency, History()), as_of - timedelta(days=days)
    net = purchased_within(history, after=after, through=as_of)
    back, _ = sum_within(tallies, Series.GIVEN_BACK, currency, days=days, through=as_of)
    count = sum(1 for day in history.purchased if after < day <= as_of)
    return net + back, count
