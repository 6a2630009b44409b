"""A customer's account: what the ledger's facts add up to."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple, Self

from services.monitoring.domain.policies.ledger import NEAR_DAYS
from services.monitoring.domain.receivables.facts import Fact, FactKey
from services.monitoring.domain.receivables.history import History
from services.monitoring.domain.receivables.outstanding import Outstanding
from services.monitoring.domain.receivables.undertakings import (
    Bill,
    Contact,
    Kept,
    Promise,
    ReliefRequest,
)


class Dispute(NamedTuple):
    """A contested part of an invoice, in minor units: `amount` is what is left of it.

    While open it is `paused` for days past due if it came in time and is no `pretext`; once `conceded`,
    always.
    """

    dispute_id: str
    opened_on: date
    amount: int
    conceded: bool = False
    pretext: bool = False


class Receivable(NamedTuple):
    """One invoice and what became of it. Amounts in minor units of `currency`.

    Days past due count from `due_date`. `extended_to` is a later day granted since `forborne_on`, in
    difficulty or too late: it stops no count. `paid_by` are the payments in force on it, so two or more
    mean it was paid in parts; `paid_on` is when the money for it was there, where that is not
    `settled_on`. `delivered` of it had been delivered before, without an order. `overcredited` is what
    credit notes gave beyond what was owed: nothing, while anything is open. `rejected_on` is when the
    first dispute of it was rejected, `first_due` the day it was due before a commercial change moved it.
    """

    invoice_id: str
    invoice_date: date
    due_date: date
    amount: int
    currency: str
    order_id: str | None = None
    debited: int = 0
    credited: int = 0
    paid: int = 0
    written_off: int = 0
    paid_by: tuple[str, ...] = ()
    settled_on: date | None = None
    paid_on: date | None = None
    disputes: tuple[Dispute, ...] = ()
    cancelled: bool = False
    extended_to: date | None = None
    forborne_on: date | None = None
    delivered: int = 0
    overcredited: int = 0
    rejected_on: date | None = None
    first_due: date | None = None

    @property
    def billed(self) -> int:
        """What it was issued for, with its debit notes."""
        return self.amount + self.debited

    @property
    def open(self) -> int:
        """What is still owed on it (domain.md §1.5)."""
        if self.cancelled:
            return 0
        return self.amount + self.debited - self.credited - self.paid - self.written_off

    @property
    def disputed(self) -> int:
        """The contested part of what is owed."""
        return min(self.open, sum(dispute.amount for dispute in self.disputes))

    def paused(self, within_days: int) -> int:
        """The contested part that does not count as past due.

        Only disputes opened at most `within_days` after the due date pause the count, and none that
        comes once another was rejected: it would be the same one again (domain.md §6.3).
        """
        if not self.disputes:
            return 0
        last = self.due_date + timedelta(days=within_days)
        if self.rejected_on is not None:
            last = min(last, self.rejected_on - timedelta(days=1))
        paused = (
            dispute.amount
            for dispute in self.disputes
            if dispute.conceded or (dispute.opened_on <= last and not dispute.pretext)
        )
        return min(self.open, sum(paused))


class Share(NamedTuple):
    """The minor units of a payment that one invoice has, or is to have.

    `allocation` says by which allocation; None: by what was said (or not) when the money came. `kept` is
    what of it counts for promises that name the invoice.
    """

    invoice_id: str
    amount: int
    allocation: str | None = None
    kept: tuple[Kept, ...] = ()


class Payment(NamedTuple):
    """Money that came in, and where it went: `applied` is what its shares add up to.

    `promised` waits for invoices not known yet. `automatic`: nobody has said what it is for, so its
    shares are our assumption. `on_credit`: a commercial bill, which is no money yet. `gave_back`: the
    invoices that had shares of it when it bounced. `kept`: what of it counts for promises that name none.
    """

    payment_id: str
    on: date
    amount: int
    currency: str
    shares: tuple[Share, ...] = ()
    applied: int = 0
    promised: tuple[Share, ...] = ()
    bounced: bool = False
    automatic: bool = False
    on_credit: bool = False
    gave_back: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def unapplied(self) -> int:
        """What no invoice has taken."""
        return 0 if self.bounced else self.amount - self.applied


class Order(NamedTuple):
    """An order and how much of it was delivered and invoiced. Minor units of `currency`.

    `returned` came back before it was invoiced; `touched_on` is the day of its latest document.
    """

    order_id: str
    placed_on: date
    amount: int
    currency: str
    planned_delivery: date | None = None
    invoiced: int = 0
    delivered: int = 0
    returned: int = 0
    version: int = 0
    cancelled: bool = False
    touched_on: date | None = None

    @property
    def open(self) -> int:
        """What is still to be delivered, or to be invoiced where nobody tells us of deliveries."""
        return 0 if self.cancelled else max(0, self.amount - max(self.invoiced, self.delivered))

    @property
    def uninvoiced(self) -> int:
        """What was delivered, did not come back, and is not invoiced yet (DNI)."""
        return max(0, self.delivered - self.returned - self.invoiced)

    @property
    def ahead(self) -> date | None:
        """Its planned delivery, where that was far off as it was placed."""
        planned = self.planned_delivery
        if planned is None or (planned - self.placed_on).days <= NEAR_DAYS:
            return None
        return planned

    @property
    def last_on(self) -> date:
        """The day of its latest document."""
        return self.touched_on or self.placed_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Dishonour:
    """A payment that bounced, when, and why: insufficient_funds|account_closed|technical."""

    payment_id: str
    on: date
    reason: str


@dataclass(slots=True, kw_only=True)
class Account:
    """The fold of a customer's facts. Its parts are frozen, so a copy of the dicts is a copy.

    `receivables` are open, `closed` those settled, credited or cancelled lately. `pending` are facts about
    documents not seen yet, by the document's name. `allocations` holds the payment of each allocation.
    In minor units by currency: `credits` are credit notes beyond what was owed, `loose` what was
    delivered without an order and is not invoiced, `written_off` what was given up, less recoveries.
    `reliefs` and `contacts` are those of late, the newest last.
    """

    last_key: FactKey | None = None
    receivables: dict[str, Receivable] = field(default_factory=dict)
    closed: dict[str, Receivable] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)
    pending: dict[str, tuple[Fact, ...]] = field(default_factory=dict)
    credits: dict[str, int] = field(default_factory=dict)
    dishonours: tuple[Dishonour, ...] = ()
    unmatched: tuple[str, ...] = ()
    histories: dict[str, History] = field(default_factory=dict)
    allocations: dict[str, str] = field(default_factory=dict)
    loose: dict[str, int] = field(default_factory=dict)
    written_off: dict[str, int] = field(default_factory=dict)
    bills: dict[str, Bill] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    reliefs: tuple[ReliefRequest, ...] = ()
    contacts: tuple[Contact, ...] = ()
    outstanding: dict[str, Outstanding] = field(default_factory=dict)

    @property
    def last_day(self) -> date | None:
        """The day of the newest fact in it."""
        return self.last_key[0] if self.last_key else None

    def copy(self) -> Self:
        """An account that can change without this one changing."""
        return type(self)(
            last_key=self.last_key,
            receivables=dict(self.receivables),
            closed=dict(self.closed),
            payments=dict(self.payments),
            orders=dict(self.orders),
            disputes=dict(self.disputes),
            pending=dict(self.pending),
            credits=dict(self.credits),
            dishonours=self.dishonours,
            unmatched=self.unmatched,
            histories={name: history.copy() for name, history in self.histories.items()},
            allocations=dict(self.allocations),
            loose=dict(self.loose),
            written_off=dict(self.written_off),
            bills=dict(self.bills),
            promises=dict(self.promises),
            outstanding=dict(self.outstanding),
            reliefs=self.reliefs,
            contacts=self.contacts,
        )

    def receivable(self, invoice_id: str) -> Receivable | None:
        """An invoice by its number, open or lately closed."""
        return self.receivables.get(invoice_id) or self.closed.get(invoice_id)

    def put(self, receivable: Receivable) -> None:
        """Keep an invoice where it belongs: with the open ones, or with the closed."""
        here, there = self.receivables, self.closed
        if receivable.open == 0:
            here, there = there, here
        there.pop(receivable.invoice_id, None)
        here[receivable.invoice_id] = receivable

    def put_order(self, order: Order) -> None:
        """Keep an order, or what it has become."""
        before = self.orders.get(order.order_id)
        if before is not None:
            sums = self.outstanding[before.currency]
            less = sums.with_order(before.open, before.uninvoiced, ahead=before.ahead, sign=-1)
            self.outstanding[before.currency] = less
        sums = self.outstanding.get(order.currency, Outstanding())
        more = sums.with_order(order.open, order.uninvoiced, ahead=order.ahead)
        self.outstanding[order.currency] = more
        self.orders[order.order_id] = order

    def put_payment(self, payment: Payment) -> None:
        """Keep a payment, or what it has become; its currency stays."""
        before = self.payments.get(payment.payment_id)
        more = payment.unapplied - (before.unapplied if before else 0)
        if more or before is None:
            sums = self.outstanding.get(payment.currency, Outstanding())
            unapplied = sums.unapplied + more
            self.outstanding[payment.currency] = sums._replace(unapplied=unapplied)
        self.payments[payment.payment_id] = payment

    def history(self, currency: str) -> History:
        """The rolling history in one currency."""
        return self.histories.setdefault(currency, History())

    @property
    def currencies(self) -> list[str]:
        """Every currency the customer has dealt in, sorted."""
        return sorted(self.histories)
