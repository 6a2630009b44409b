"""What the ledger is made of: dated facts about orders, invoices and payments, in canonical order."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money, minor_digits


class FactKind(StrEnum):
    """The kinds of ledger facts, in the order in which those of one day are taken."""

    ORDER_PLACED = "order.placed"
    ORDER_CHANGED = "order.changed"
    INVOICE_ISSUED = "invoice.issued"
    DISPUTE_OPENED = "dispute.opened"
    CREDIT_NOTE_ISSUED = "credit_note.issued"
    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_BOUNCED = "payment.bounced"
    DISPUTE_RESOLVED = "dispute.resolved"
    INVOICE_CANCELLED = "invoice.cancelled"
    ORDER_CANCELLED = "order.cancelled"


RANK = {kind: rank for rank, kind in enumerate(FactKind)}

FactKey = tuple[date, int, str, int, str]
"""Sorts facts canonically: day, kind, document, version, source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """The part of a payment meant for one invoice, in major units."""

    invoice_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One accepted fact of one customer.

    `on` is the day it happened, `document` its own number. `refers_to` names the invoice, order or
    payment that it is about (for an invoice, the order it delivers). Amounts are in major units;
    `currency` is None where the document referred to has it. `reason` is the code given with it.
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

    @property
    def key(self) -> FactKey:
        """Where the fact stands in the canonical order."""
        return (self.on, RANK[self.kind], self.document, self.version, self.source)

    @property
    def business_key(self) -> tuple[str, str, str, int]:
        """What makes two facts the same one: source, kind, document, version."""
        return (self.source, self.kind.value, self.document, self.version)


def minor_of(amount: Decimal | None, currency: str) -> int:
    """An amount in minor units, rounded half up; nothing given counts as nothing."""
    if amount is None:
        return 0
    return int(amount.scaleb(minor_digits(currency)).to_integral_value(ROUND_HALF_UP))


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
    for field, day in (("date", fact.on), ("due_date", fact.due), ("delivery", fact.delivery)):
        if day is not None and not _EARLIEST <= day <= _LATEST:
            rule = f"must lie between {_EARLIEST} and {_LATEST}"
            raise InvalidInputError(field=field, value=str(day), rule=rule)
    if fact.due is not None and fact.due < fact.on:
        rule = f"must not lie before the invoice date {fact.on}"
        raise InvalidInputError(field="due_date", value=str(fact.due), rule=rule)


def _check_names(fact: Fact) -> None:
    names = [fact.document, fact.refers_to, *(portion.invoice_id for portion in fact.portions)]
    for name in names:
        if name is not None and (not 1 <= len(name) <= _LONGEST_NAME or "\x00" in name):
            rule = f"must have 1 to {_LONGEST_NAME} characters, none of them NUL"
            raise InvalidInputError(field="document", value=name[:40], rule=rule)


def _check_amounts(fact: Fact) -> None:
    amounts = [("amount", fact.amount)]
    amounts += [("allocations.amount", portion.amount) for portion in fact.portions]
    for field, amount in amounts:
        if amount is None:
            continue
        Money.parse(amount, fact.currency or _FINEST, field=field)
        if amount <= 0 and fact.kind not in _MAY_BE_ZERO:
            raise InvalidInputError(field=field, value=str(amount), rule="must be above zero")
        if amount < 0:
            raise InvalidInputError(field=field, value=str(amount), rule="must not be negative")


_EARLIEST, _LATEST = date(1970, 1, 1), date(2199, 12, 31)
_LARGEST_VERSION = 1_000_000
_LONGEST_NAME = 200
_FINEST = "CLF"  # four digits, the most that any currency of ISO 4217 has
_MAY_BE_ZERO = frozenset({FactKind.ORDER_CHANGED, FactKind.DISPUTE_RESOLVED})
