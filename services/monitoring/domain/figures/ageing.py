"""How old the receivables are: days past due and ageing buckets, by due date (domain.md §0, §7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.monitoring.domain.figures.cash import after_cash, unapplied_cash
from services.monitoring.domain.policies.ledger import LedgerPolicy, minor_by_currency
from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.payments import due_order
from shared.kernel.values import quick


class AgeingBucket(StrEnum):
    """How long an invoice has been past due, in days."""

    CURRENT = "current"
    TO_30 = "1-30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    OVER_90 = "91+"


_UPPER = (
    (0, AgeingBucket.CURRENT),
    (30, AgeingBucket.TO_30),
    (60, AgeingBucket.TO_60),
    (90, AgeingBucket.TO_90),
)


def bucket_of(days: int) -> AgeingBucket:
    """The bucket of a number of days past due."""
    return next((bucket for upper, bucket in _UPPER if days <= upper), AgeingBucket.OVER_90)


class Aged(NamedTuple):
    """One open invoice at the end of a day. `counted` is its open amount without paused disputes."""

    receivable: Receivable
    days: int
    open: int
    counted: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """A customer's open invoices in one currency, by age. Amounts in minor units.

    `overdue` is everything past due; `counted_overdue` leaves out what is disputed in time.
    `max_days_past_due` is raw; `undisputed_days_past_due` leaves out invoices disputed in full;
    `material_days_past_due` those too that no more than the de-minimis is left of after unapplied cash.
    """

    as_of: date
    currency: str
    aged: tuple[Aged, ...]
    open: int
    overdue: int
    counted_overdue: int
    disputed: int
    max_days_past_due: int
    undisputed_days_past_due: int
    material_days_past_due: int

    @property
    def past_due(self) -> list[Aged]:
        """The invoices past due, oldest first."""
        return [each for each in self.aged if each.days > 0]

    @property
    def buckets(self) -> dict[AgeingBucket, int]:
        """Open amounts by age."""
        buckets = dict.fromkeys(AgeingBucket, 0)
        for each in self.aged:
            buckets[bucket_of(each.days)] += each.open
        return buckets


def age(account: Account, currency: str, *, as_of: date, policy: LedgerPolicy) -> Ageing:
    """Age a customer's open invoices in one currency, oldest due first."""
    within = policy.dispute_pauses_within_days
    mine = _in_order(account.receivables.values(), currency)
    aged = [_aged(each, as_of=as_of, within=within) for each in mine]
    late = [each for each in aged if each.days] if mine and mine[0].due_date < as_of else []
    disputed = sum([each.disputed for each in mine if each.disputes])
    opened = sum([each.open for each in aged])
    if not late:
        return Ageing(
            as_of=as_of,
            currency=currency,
            aged=tuple(aged),
            open=opened,
            overdue=0,
            counted_overdue=0,
            disputed=disputed,
            max_days_past_due=0,
            undisputed_days_past_due=0,
            material_days_past_due=0,
        )
    small = minor_by_currency(policy.de_minimis, currency)
    cash = unapplied_cash(account, currency)
    return Ageing(
        as_of=as_of,
        currency=currency,
        aged=tuple(aged),
        open=opened,
        overdue=sum([each.open for each in late]),
        counted_overdue=sum([each.counted for each in late]),
        disputed=disputed,
        max_days_past_due=late[0].days,
        undisputed_days_past_due=_oldest(late, above=0),
        material_days_past_due=_oldest(late, above=small, cash=cash),
    )


def age_all(account: Account, *, as_of: date, policy: LedgerPolicy) -> tuple[Ageing, ...]:
    """Age every currency the customer has dealt in; the main one first.

    The main currency has the largest open amount, then the largest purchases on record.
    """
    ageings = [
        age(account, currency, as_of=as_of, policy=policy) for currency in account.currencies
    ]
    if len(ageings) < 2:  # noqa: PLR2004  # one is the main one
        return tuple(ageings)
    return tuple(sorted(ageings, key=lambda each: (-each.open, -_bought(account, each.currency))))


def _bought(account: Account, currency: str) -> int:
    history = account.histories.get(currency)
    return sum(history.purchased.values()) if history else 0


def _in_order(receivables: Iterable[Receivable], currency: str) -> list[Receivable]:
    mine = [each for each in receivables if each.currency == currency]
    if len(mine) > 1:
        mine.sort(key=due_order)
    return mine


def _aged(receivable: Receivable, *, as_of: date, within: int) -> Aged:
    owed, due = receivable.open, receivable.due_date
    paused = receivable.paused(within) if receivable.disputes else 0
    days = (as_of - due).days if due < as_of else 0
    return Aged(receivable, days, owed, owed - paused)


def _oldest(late: Iterable[Aged], *, above: int, cash: int = 0) -> int:
    """The days of the oldest invoice with more than so much that counts; they stand oldest first."""
    counted = ((each.days, each.counted) for each in late)
    return next((days for days, left in after_cash(counted, cash) if left > above), 0)
