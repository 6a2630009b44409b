"""What a customer hands over or says beside paying: bills, promises, requests, answers to our calls."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from shared.kernel.values import quick


class BillKind(StrEnum):
    """Who accepted a bill, and so whom we trust: a bank, or a company."""

    BANK = "bank"
    COMMERCIAL = "commercial"


class BillState(StrEnum):
    """What became of a bill."""

    HELD = "held"
    WITH_RECOURSE = "with_recourse"
    WITHOUT_RECOURSE = "without_recourse"
    SETTLED = "settled"
    DISHONOURED = "dishonoured"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill of exchange, in minor units of `currency`.

    `payment_id` is the payment it stands for in the account, `due` None where nobody said. `changed_on`
    is the day of its latest fact; `state` with or without recourse: we have passed it on.
    """

    bill_id: str
    payment_id: str
    kind: BillKind
    amount: int
    currency: str
    received_on: date
    changed_on: date
    due: date | None = None
    acceptor: str | None = None
    state: BillState = BillState.HELD

    def become(self, state: BillState, *, on: date) -> "Bill":
        """The bill after what became of it on a day, or was told of before the bill itself."""
        return replace(self, state=state, changed_on=max(on, self.changed_on))


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise to pay, in minor units of `currency`, and what has come in for it so far.

    Money with a value date from `made_on` to `counts_until` (the due day and the policy's grace)
    counts: on the `invoices` or, none named, any. `cleared` are those of the invoices that were closed in
    that time, and are: nobody can be held to pay for them.
    """

    promise_id: str
    made_on: date
    due_on: date
    counts_until: date
    amount: int
    currency: str
    invoices: tuple[str, ...] = ()
    paid: int = 0
    cleared: tuple[str, ...] = ()

    @property
    def lacks(self) -> int:
        """What is still to come in for it."""
        return max(0, self.amount - self.paid)

    @property
    def is_cleared(self) -> bool:
        """Whether nothing is owed any more on the invoices that it names."""
        return bool(self.invoices) and set(self.invoices) <= set(self.cleared)

    def counts(self, currency: str, on: date) -> bool:
        """Whether what comes in on a day is in time for it."""
        return self.currency == currency and self.made_on <= on <= self.counts_until


class Kept(NamedTuple):
    """The minor units of some money that count for a promise."""

    promise_id: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefRequest:
    """The customer asked for easier terms: longer_terms|instalments|higher_limit.

    `after_overdue`: something that counts was past due when it asked.
    """

    request_id: str
    on: date
    kind: str
    after_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """We tried to reach the customer: answered|unanswered|premises_closed."""

    attempt_id: str
    on: date
    outcome: str
    channel: str | None = None
