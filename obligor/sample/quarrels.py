"""What is not simply paid: disputes and credit notes of the sample."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from obligor.sample.customers import SampleCustomer
from obligor.sample.stories import Story
from obligor.sample.trading import Dated, Receivable, cents, weekday_from
from shared.contracts.transactions import CreditNoteIssued, DisputeOpened, DisputeResolved

_SHARE_CREDITED = 0.02
_SHARE_DISPUTED = 0.004
_SHARE_DISPUTED_BY_DISPUTERS = 0.14
_UPHELD = 0.5


@dataclass(frozen=True, slots=True)
class Claim:
    """What the customer claims about one invoice: what happened, and what it still pays from when."""

    happened: tuple[Dated, ...]
    payable: tuple[tuple[Decimal, date], ...]


def claims_on(receivable: Receivable, customer: SampleCustomer, dice: Random) -> Claim:
    """A dispute, a credit note, or (mostly) nothing."""
    disputes = customer.fate.story is Story.DISPUTING
    chance = _SHARE_DISPUTED_BY_DISPUTERS if disputes else _SHARE_DISPUTED
    if dice.random() < chance:
        return _dispute(receivable, customer, dice)
    if dice.random() < _SHARE_CREDITED:
        return _credit_note(receivable, customer, dice)
    return Claim((), ((receivable.amount, receivable.issued_on),))


def _credit_note(receivable: Receivable, customer: SampleCustomer, dice: Random) -> Claim:
    credited = cents(float(receivable.amount) * dice.uniform(0.03, 0.15))
    day = weekday_from(receivable.issued_on + timedelta(days=dice.randint(2, 12)))
    note = _note(receivable, customer, credited=credited, day=day)
    return Claim((note,), ((receivable.amount - credited, day),))


def _note(
    receivable: Receivable, customer: SampleCustomer, *, credited: Decimal, day: date
) -> Dated:
    return Dated(
        day,
        CreditNoteIssued(
            credit_note_id=receivable.invoice_id.replace("I-", "CN-", 1),
            invoice_id=receivable.invoice_id,
            amount=credited,
            currency=customer.currency,
            reason="price",
            date=day,
        ),
    )


def _dispute(receivable: Receivable, customer: SampleCustomer, dice: Random) -> Claim:
    contested = cents(float(receivable.amount) * dice.uniform(0.15, 0.9))
    opened_on = weekday_from(receivable.issued_on + timedelta(days=dice.randint(4, 14)))
    resolved_on = weekday_from(opened_on + timedelta(days=dice.randint(15, 45)))
    upheld = dice.random() < _UPHELD
    opened, resolved = _quarrel(
        receivable, contested=contested, days=(opened_on, resolved_on), upheld=upheld
    )
    undisputed = (receivable.amount - contested, opened_on)
    if upheld:
        note = _note(receivable, customer, credited=contested, day=resolved_on)
        return Claim((opened, resolved, note), (undisputed,))
    return Claim((opened, resolved), (undisputed, (contested, resolved_on)))


def _quarrel(
    receivable: Receivable, *, contested: Decimal, days: tuple[date, date], upheld: bool
) -> tuple[Dated, Dated]:
    dispute_id = receivable.invoice_id.replace("I-", "D-", 1)
    opened = DisputeOpened(
        dispute_id=dispute_id,
        invoice_id=receivable.invoice_id,
        amount=contested,
        code="quality",
        date=days[0],
    )
    resolved = DisputeResolved(
        dispute_id=dispute_id, outcome="upheld" if upheld else "rejected", date=days[1]
    )
    return Dated(days[0], opened), Dated(days[1], resolved)
