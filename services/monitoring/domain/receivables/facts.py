"""What the ledger is made of: dated facts about orders, invoices and payments, in canonical order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.kernel.dates import EARLIEST, LATEST
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money
from shared.kernel.values import quick


class FactKind(StrEnum):
    """The kinds of ledger facts, in the order in which those of one day are taken."""

    ORDER_PLACED = "order.placed"
    ORDER_CHANGED = "order.changed"
    DELIVERY_MADE = "delivery.made"
    INVOICE_ISSUED = "invoice.issued"
    TERMS_CHANGED = "terms.changed"
    DEBIT_NOTE_ISSUED = "debit_note.issued"
    DISPUTE_OPENED = "dispute.opened"
    GOODS_RETURNED = "goods.returned"
    CREDIT_NOTE_ISSUED = "credit_note.issued"
    PROMISE_MADE = "promise.made"
    PAYMENT_RECEIVED = "payment.received"
    BILL_RECEIVED = "bill.received"
    PAYMENT_UNALLOCATED = "payment.unallocated"
    PAYMENT_ALLOCATED = "payment.allocated"
    BILL_TRANSFERRED = "bill.transferred"
    BILL_SETTLED = "bill.settled"
    BILL_DISHONOURED = "bill.dishonoured"
    PAYMENT_BOUNCED = "payment.bounced"
    DISPUTE_RESOLVED = "dispute.resolved"
    WRITTEN_OFF = "receivable.written_off"
    RECOVERED = "receivable.recovered"
    RELIEF_REQUESTED = "relief.requested"
    CONTACT_ATTEMPTED = "contact.attempted"
    INVOICE_CANCELLED = "invoice.cancelled"
    ORDER_CANCELLED = "order.cancelled"


RANK = {kind: rank for rank, kind in enumerate(FactKind)}

FactKey = tuple[date, int, str, int, str]
"""Sorts facts canonically: day, kind, document, version, source."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """The part of a payment meant for one invoice, in major units."""

    invoice_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """What the customer kept back from an invoice, in major units; no claim: without a word."""

    invoice_id: str
    amount: Decimal
    claim: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a document says beside what the ledger posts; signs are read from it.

    `liquid` is the part of an order that is easily resold, `discount` what may be taken off an invoice
    paid by `discount_until` (or, of a payment, what was taken); amounts in major units. `party` is who
    accepted a bill or sent the money, `relation` customer|affiliate|unrelated, `channel` how somebody
    was reached.
    """

    liquid: Decimal | None = None
    discount: Decimal | None = None
    discount_until: date | None = None
    deductions: tuple[Deduction, ...] = ()
    party: str | None = None
    relation: str | None = None
    country: str | None = None
    account: str | None = None
    channel: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One accepted fact of one customer.

    `on` is the day it happened, `document` its own number. `refers_to` names the invoice, order,
    payment, allocation or bill that it is about (for an invoice or a delivery, its order), `invoices`
    further ones. Amounts are in major units; `currency` is None where the document referred to has it.
    `reason` is the code given with it. Of a corrected invoice, `told` is the day the correction came,
    and `counts_from` the due date of before that days past due still count from.
    """

    on: date
    kind: FactKind
    document: str
    version: int = 1
    source: str = ""
    amount: Decimal | None = None
    currency: str | None = None
    due: date | None = None
    delivery: date | None = None
    refers_to: str | None = None
    portions: tuple[Portion, ...] = ()
    reason: str | None = None
    invoices: tuple[str, ...] = ()
    particulars: Particulars | None = None
    told: date | None = None
    counts_from: date | None = None

    @property
    def key(self) -> FactKey:
        """Where the fact stands in the canonical order."""
        return (self.on, RANK[self.kind], self.document, self.version, self.source)

    @property
    def business_key(self) -> tuple[str, str, str, int]:
        """What makes two facts the same one: source, kind, document, version."""
        return (self.source, self.kind.value, self.document, self.version)


def checked(fact: Fact) -> Fact:
    """The fact, once its figures make sense; raises `InvalidInputError` naming the field."""
    _check_amounts(fact)
    _check_dates(fact)
    _check_names(fact)
    if not 1 <= fact.version <= _LARGEST_VERSION:
        rule = f"must lie between 1 and {_LARGEST_VERSION}"
        raise InvalidInputError(field="version", value=fact.version, rule=rule)
    return fact


def _check_dates(fact: Fact) -> None:
    extra = fact.particulars
    _check_date("date", fact.on)
    _check_date("due_date", fact.due)
    _check_date("delivery", fact.delivery)
    _check_date("discount_until", None if extra is None else extra.discount_until)
    if fact.kind is FactKind.INVOICE_ISSUED and fact.due is not None and fact.due < fact.on:
        rule = f"must not lie before the invoice date {fact.on}"
        raise InvalidInputError(field="due_date", value=str(fact.due), rule=rule)


def _check_date(field: str, day: date | None) -> None:
    if day is not None and not EARLIEST <= day <= LATEST:
        rule = f"must lie between {EARLIEST} and {LATEST}"
        raise InvalidInputError(field=field, value=str(day), rule=rule)


def _check_names(fact: Fact) -> None:
    names = [fact.document, fact.refers_to, *fact.invoices]
    names += [portion.invoice_id for portion in fact.portions]
    if fact.particulars is not None:
        names += [each.invoice_id for each in fact.particulars.deductions]
    for name in names:
        if name is not None and (not 1 <= len(name) <= _LONGEST_NAME or "\x00" in name):
            rule = f"must have 1 to {_LONGEST_NAME} characters, none of them NUL"
            raise InvalidInputError(field="document", value=name[:40], rule=rule)
    _check_words(fact)


def _check_words(fact: Fact) -> None:
    extra = fact.particulars
    words = [fact.reason]
    if extra is not None:
        words += [extra.party, extra.country, extra.account, extra.channel]
    for word in words:
        if word is not None and (len(word) > _LONGEST_NAME or "\x00" in word):
            rule = f"must have {_LONGEST_NAME} characters at most, none of them NUL"
            raise InvalidInputError(field="text", value=word[:40], rule=rule)


def _check_amounts(fact: Fact) -> None:
    for field, amount in _amounts(fact):
        if amount is None:
            continue
        Money.parse(amount, fact.currency or _FINEST, field=field)
        if amount <= 0 and fact.kind not in _MAY_BE_ZERO and field not in _MAY_BE_NOTHING:
            raise InvalidInputError(field=field, value=str(amount), rule="must be above zero")
        if amount < 0:
            raise InvalidInputError(field=field, value=str(amount), rule="must not be negative")


def _amounts(fact: Fact) -> list[tuple[str, Decimal | None]]:
    amounts = [("amount", fact.amount)]
    amounts += [("allocations.amount", portion.amount) for portion in fact.portions]
    extra = fact.particulars
    if extra is not None:
        amounts += [("liquid_amount", extra.liquid), ("discount", extra.discount)]
        amounts += [("deductions.amount", each.amount) for each in extra.deductions]
    return amounts


_LARGEST_VERSION = 1_000_000
_LONGEST_NAME = 200
_FINEST = "CLF"  # four digits, the most that any currency of ISO 4217 has
_MAY_BE_ZERO = frozenset({FactKind.ORDER_CHANGED, FactKind.DISPUTE_RESOLVED})
_MAY_BE_NOTHING = frozenset({"liquid_amount", "discount"})
