"""Promises to pay: what comes in for them, and whether they were kept (domain.md §6.3)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.policies.undertakings import PromisePolicy
from services.monitoring.domain.receivables.account import Account, Payment, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.undertakings import Promise
from shared.kernel.money import Money

PROMISES_KEPT = 50
_FRIDAY = 4


class Verdict(StrEnum):
    """Whether a promise was kept."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRecord:
    """The promises of a window by how they ended, the earliest due first."""

    kept: tuple[Promise, ...] = ()
    broken: tuple[Promise, ...] = ()
    open: tuple[Promise, ...] = ()

    @property
    def ended(self) -> int:
        """How many were kept or broken."""
        return len(self.kept) + len(self.broken)

    @property
    def broken_share(self) -> float | None:
        """The broken ones of those that ended; None before any has."""
        return len(self.broken) / self.ended if self.ended else None


def make_promise(account: Account, fact: Fact, policy: PromisePolicy) -> None:
    """The customer promised to pay; of many promises those due last are kept."""
    if fact.document in account.promises:
        return
    currency = fact.currency or ""
    account.history(currency)
    due = fact.due or fact.on
    account.promises[fact.document] = Promise(
        promise_id=fact.document,
        made_on=fact.on,
        due_on=due,
        counts_until=after_business_days(due, policy.grace_business_days),
        amount=minor_of(fact.amount, currency),
        currency=currency,
        invoices=fact.invoices,
    )
    if len(account.promises) > PROMISES_KEPT:
        del account.promises[min(account.promises, key=lambda name: _due(account, name))]


def verdict(promise: Promise, policy: PromisePolicy, *, as_of: date) -> Verdict:
    """What became of a promise by the end of a day: broken from the day after its grace."""
    needed = Money(promise.amount, promise.currency).times(policy.kept_share).minor
    if promise.paid >= needed:
        return Verdict.KEPT
    return Verdict.BROKEN if as_of > promise.counts_until else Verdict.OPEN


def promises_within(
    account: Account, policy: PromisePolicy, *, after: date, through: date
) -> PromiseRecord:
    """The promises due in the window `after` < day <= `through`, and those kept before their day.

    As of `through`, in every currency.
    """
    by_verdict: dict[Verdict, list[Promise]] = {each: [] for each in Verdict}
    for name in sorted(account.promises, key=lambda each: _due(account, each)):
        promise = account.promises[name]
        if promise.due_on > after:
            by_verdict[verdict(promise, policy, as_of=through)].append(promise)
    return PromiseRecord(
        kept=tuple(by_verdict[Verdict.KEPT]),
        broken=tuple(by_verdict[Verdict.BROKEN]),
        open=tuple(by_verdict[Verdict.OPEN]),
    )


def promise_days(account: Account, *, after: date) -> list[date]:
    """The days after `after` whose close breaks a promise, if nothing comes."""
    days = (each.counts_until + timedelta(days=1) for each in account.promises.values())
    return [day for day in days if day > after]


def note_received(account: Account, payment: Payment, *, sign: int = 1) -> None:
    """Money came in: it counts for the promises that name no invoice (`sign` -1: it bounced)."""
    if not account.promises or payment.on_credit:
        return
    for promise in list(account.promises.values()):
        if not promise.invoices and _counts(promise, payment.currency, payment.on):
            _paid(account, promise, sign * payment.amount)


def note_applied(account: Account, payment: Payment, invoice_id: str, amount: int) -> None:
    """An invoice took money (below zero: gave it back): it counts by the day the money came."""
    if not account.promises or payment.on_credit:
        return
    for promise in list(account.promises.values()):
        named = invoice_id in promise.invoices
        if named and _counts(promise, payment.currency, payment.on):
            _paid(account, promise, amount)


def note_relieved(account: Account, receivable: Receivable, amount: int, *, on: date) -> None:
    """So much less is owed on a promised invoice: nobody can be held to it."""
    for promise in list(account.promises.values()):
        named = receivable.invoice_id in promise.invoices
        if named and _counts(promise, receivable.currency, on):
            _paid(account, promise, amount)


def after_business_days(day: date, days: int) -> date:
    """The day some business days (Monday to Friday) later."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() <= _FRIDAY
    return day


def _counts(promise: Promise, currency: str, on: date) -> bool:
    return promise.currency == currency and promise.made_on <= on <= promise.counts_until


def _paid(account: Account, promise: Promise, amount: int) -> None:
    account.promises[promise.promise_id] = replace(promise, paid=promise.paid + amount)


def _due(account: Account, name: str) -> tuple[date, str]:
    return (account.promises[name].due_on, name)
