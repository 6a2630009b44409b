"""Promises to pay: what comes in for them, and whether they were kept (domain.md §6.3)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.policies.undertakings import PromisePolicy
from services.monitoring.domain.receivables.account import Account, Payment, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.undertakings import Kept, Promise
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
    """What became of a promise by the end of a day: broken from the day after its grace.

    One is kept, too, if nothing is owed any more on the invoices it names.
    """
    needed = Money(promise.amount, promise.currency).times(policy.kept_share).minor
    if promise.paid >= needed or promise.is_cleared:
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


def count_received(account: Account, payment: Payment) -> tuple[Kept, ...]:
    """Money came in: what of it counts for the promises that name no invoice."""
    if not account.promises or payment.on_credit:
        return ()
    due = _counting(account, payment.currency, payment.on)
    return _count(account, [each for each in due if not each.invoices], payment.amount)


def count_applied(
    account: Account, payment: Payment, invoice_id: str, amount: int
) -> tuple[Kept, ...]:
    """An invoice took money: what of it counts for its promises, by the day the money came."""
    if not account.promises or payment.on_credit:
        return ()
    due = _counting(account, payment.currency, payment.on)
    return _count(account, [each for each in due if invoice_id in each.invoices], amount)


def count_relieved(account: Account, receivable: Receivable, amount: int, *, on: date) -> None:
    """So much less is owed on a promised invoice: nobody can be held to it."""
    due = _counting(account, receivable.currency, on)
    _count(account, [each for each in due if receivable.invoice_id in each.invoices], amount)


def count_back(account: Account, kept: Iterable[Kept]) -> None:
    """Money went back: what counted of it counts no more."""
    for name, amount in kept:
        promise = account.promises.get(name)
        if promise is not None:
            account.promises[name] = replace(promise, paid=promise.paid - amount)


def note_closed(account: Account, receivable: Receivable, *, on: date) -> None:
    """Nothing is owed on an invoice; one that a company's bill has paid is not closed by that."""
    if not account.promises or any(account.payments[p].on_credit for p in receivable.paid_by):
        return
    name = receivable.invoice_id
    for promise in _counting(account, receivable.currency, on):
        if name in promise.invoices and name not in promise.cleared:
            cleared = (*promise.cleared, name)
            account.promises[promise.promise_id] = replace(promise, cleared=cleared)


def note_reopened(account: Account, receivable: Receivable) -> None:
    """Something is owed on an invoice again."""
    name = receivable.invoice_id
    for promise in list(account.promises.values()):
        if name in promise.cleared:
            cleared = tuple(each for each in promise.cleared if each != name)
            account.promises[promise.promise_id] = replace(promise, cleared=cleared)


def is_awaited(account: Account, currency: str, *, on: date) -> bool:
    """Whether money of a day counts for any promise: then it matters what comes in first."""
    return any(each.counts(currency, on) for each in account.promises.values())


def after_business_days(day: date, days: int) -> date:
    """The day some business days (Monday to Friday) later."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() <= _FRIDAY
    return day


def _counting(account: Account, currency: str, on: date) -> list[Promise]:
    """The promises that what comes in on a day is in time for, the earliest due first."""
    due = [each for each in account.promises.values() if each.counts(currency, on)]
    return sorted(due, key=attrgetter("due_on", "promise_id"))


def _count(account: Account, promises: Iterable[Promise], amount: int) -> tuple[Kept, ...]:
    """Give the first promise what it lacks, then the next: no money keeps two."""
    kept: list[Kept] = []
    for promise in promises:
        part = min(amount, promise.lacks)
        if part > 0:
            amount -= part
            kept.append(Kept(promise_id=promise.promise_id, amount=part))
            account.promises[promise.promise_id] = replace(promise, paid=promise.paid + part)
    return tuple(kept)


def _due(account: Account, name: str) -> tuple[date, str]:
    return (account.promises[name].due_on, name)
