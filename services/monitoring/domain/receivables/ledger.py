"""The receivables ledger: an account is the fold of a customer's facts in canonical order."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from services.monitoring.domain.policies.ledger import LedgerPolicy
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.commuting import commutes, may_come_late
from services.monitoring.domain.receivables.corrections import effective
from services.monitoring.domain.receivables.effects import post
from services.monitoring.domain.receivables.facts import Fact, FactKey, FactKind
from services.monitoring.domain.receivables.payments import keep_promise, payment_of
from services.monitoring.domain.receivables.references import (
    Name,
    begun_by,
    mentions,
    missing,
    needs_history,
    pending_name,
)
from services.monitoring.domain.receivables.retention import let_go

_WITH_PORTIONS = frozenset(
    {FactKind.PAYMENT_RECEIVED, FactKind.BILL_RECEIVED, FactKind.PAYMENT_ALLOCATED}
)


def account_as_of(facts: Iterable[Fact], day: date, policy: LedgerPolicy) -> Account:
    """The account at the end of a day, from all that is known of the customer."""
    return fold((fact for fact in effective(facts) if fact.on <= day), policy)


def fold(facts: Iterable[Fact], policy: LedgerPolicy) -> Account:
    """The account that facts add up to, whatever order they came in."""
    account = Account()
    for fact in sorted(effective(facts), key=lambda each: each.key):
        apply(account, fact, policy)
    return account


def apply(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
    """Post one fact to an account that holds every fact before it.

    A fact about a document that has not come yet is kept in `pending` and posted right after it.
    """
    absent = missing(account, fact)
    if absent:
        _wait_for(account, absent, fact)
    else:
        _post(account, fact, policy)
    if account.last_key is None or fact.key > account.last_key:
        account.last_key = fact.key


def _post(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
    """Post a fact, have its money wait for invoices to come, and post what has waited for it."""
    post(account, fact, policy)
    if fact.kind in _WITH_PORTIONS and fact.portions:
        _promise(account, fact)
    for name in begun_by(fact):
        _release(account, name, policy, on=fact.on)


def _promise(account: Account, fact: Fact) -> None:
    """Let money wait for the invoices it is meant for that have not come."""
    said = fact.document if fact.kind is FactKind.PAYMENT_ALLOCATED else None
    payment = account.payments.get(payment_of(fact))
    for share in () if payment is None else payment.promised:
        if share.allocation == said:
            _wait_for(account, ("invoice", share.invoice_id), fact)


def _wait_for(account: Account, name: Name, fact: Fact) -> None:
    key = pending_name(name)
    account.pending[key] = (*account.pending.get(key, ()), fact)


def _release(account: Account, name: Name, policy: LedgerPolicy, *, on: date) -> None:
    """Post what had been waiting for this document, in canonical order, as of this day."""
    family, number = name
    for waiting in account.pending.pop(pending_name(name), ()):
        if family == "invoice" and waiting.kind in _WITH_PORTIONS:
            keep_promise(account, payment_of(waiting), number, on=on)
        else:
            _post(account, waiting, policy)


def _place(fact: Fact) -> FactKey:
    return fact.key


@dataclass(slots=True, kw_only=True)
class Ledger:
    """An account that is kept up fact by fact, and comes out as if all had come in order.

    `earlier` holds every fact before the day of the newest one, `recent` the facts of that day, `account`
    is both together. A fact of that day may come in any order; for one from before it, or about a
    document let go, `rebuild` from all facts.
    """

    earlier: Account = field(default_factory=Account)
    recent: list[Fact] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    unfolded: bool = True

    @property
    def day(self) -> date | None:
        """The day of the newest fact."""
        return self.recent[-1].on if self.recent else None

    @classmethod
    def kept(cls, earlier: Account, recent: list[Fact]) -> Self:
        """A ledger as it was kept: `unfold` it before use."""
        return cls(earlier=earlier, recent=recent, unfolded=False)

    def unfold(self, policy: LedgerPolicy) -> Account:
        """The account, once the newest day's facts are on top of the earlier ones."""
        if not self.unfolded:
            self._refold(policy)
        return self.account

    def takes(self, fact: Fact) -> bool:
        """Whether the fact can be posted without looking at the facts before."""
        late = self.day is not None and fact.on < self.day
        return not late and not needs_history(self.account, fact)

    def post(self, fact: Fact, policy: LedgerPolicy) -> None:
        """Post a fact that `takes` allows."""
        last = self.recent[-1] if self.recent else None
        if last is None or fact.on > last.on:
            self.earlier = self.account.copy()
            self.recent = [fact]
            apply(self.account, fact, policy)
            return
        place = bisect(self.recent, fact.key, key=_place)
        later = self.recent[place:]
        self.recent.insert(place, fact)
        if not later or self._may_follow(fact, later):
            apply(self.account, fact, policy)
        else:
            self._refold(policy)

    def _may_follow(self, fact: Fact, later: Sequence[Fact]) -> bool:
        """Whether the account comes out the same with the fact posted behind those after it."""
        account = self.account
        return may_come_late(account, fact) and all(commutes(account, fact, each) for each in later)

    def rebuild(self, facts: Sequence[Fact], policy: LedgerPolicy) -> None:
        """Start again from all facts of the customer."""
        counted = sorted(effective(facts), key=lambda each: each.key)
        last_day = counted[-1].on
        self.recent = [fact for fact in counted if fact.on == last_day]
        self.earlier = fold([fact for fact in counted if fact.on < last_day], policy)
        self._refold(policy)

    def slim(self) -> None:
        """Let go of what is over and done with, except for what the newest day's facts are about.

        What is left follows from the facts alone, not from when this was called before.
        """
        last_day = self.earlier.last_day
        if last_day is None:
            return
        let_go(self.earlier, month=last_day.replace(day=1), needed=self._needed)

    def _needed(self) -> set[Name]:
        """What the newest day's facts are about."""
        return {name for fact in self.recent for name in mentions(self.earlier, fact)}

    def _refold(self, policy: LedgerPolicy) -> None:
        self.account, self.unfolded = self.earlier.copy(), True
        for fact in self.recent:
            apply(self.account, fact, policy)
