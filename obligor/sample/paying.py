"""How a customer of the sample pays: when, in how many parts, and what comes back from the bank."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Literal

from obligor.sample.customers import SampleCustomer
from obligor.sample.quarrels import Claim, claims_on
from obligor.sample.stories import Story
from obligor.sample.trading import Dated, Receivable, cents, weekday_from
from shared.contracts.transactions import Allocation, PaymentBounced, PaymentReceived

BounceReason = Literal["insufficient_funds", "technical"]
_DAYS_A_WEEK = 7
_TECHNICAL_BOUNCE = 0.003
_LATER_WITH_STRAIN = {
    Story.DRIFTING: 55.0,
    Story.PART_PAYING: 22.0,
    Story.BOUNCING: 14.0,
    Story.WITHDRAWING: 6.0,
    Story.STUMBLING: 38.0,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what an invoice is paid with; `bounces` names the bank's reason, if it comes back."""

    day: date
    invoice_id: str
    amount: Decimal
    bounces: BounceReason | None = None


def payments_of(
    customer: SampleCustomer, receivables: Sequence[Receivable], dice: Random, *, last_day: date
) -> Iterator[Dated]:
    """Payments, bounces, credit notes and disputes of a customer, until it fails or the days end."""
    parts: list[Part] = []
    for receivable in receivables:
        claim = claims_on(receivable, customer, dice)
        yield from (one for one in claim.happened if _happens(customer, one.day, last_day))
        parts.extend(_parts(customer, receivable, claim, dice))
    made = [part for part in parts if _happens(customer, part.day, last_day)]
    yield from (one for one in _payments(customer, made) if one.day <= last_day)


def _happens(customer: SampleCustomer, day: date, last_day: date) -> bool:
    return day <= last_day and not customer.fate.is_over(day)


def _parts(
    customer: SampleCustomer, receivable: Receivable, claim: Claim, dice: Random
) -> Iterator[Part]:
    for amount, not_before in claim.payable:
        day = max(_pay_day(customer, receivable, dice), not_before)
        days = [day]
        while len(days) < _pieces(customer, day, dice):
            days.append(_next_run(customer, days[-1] + timedelta(days=dice.randint(8, 20))))
        for piece, part_day in zip(_split(amount, len(days)), days, strict=True):
            yield from _until_it_holds(customer, receivable.invoice_id, piece, (part_day, dice))


def _pay_day(customer: SampleCustomer, receivable: Receivable, dice: Random) -> date:
    habits, fate = customer.habits, customer.fate
    late = dice.gauss(habits.days_late, habits.spread)
    late += fate.strain(receivable.due_on) * _LATER_WITH_STRAIN.get(fate.story, 0.0)
    earliest = receivable.issued_on + timedelta(days=1)
    return _run_by(customer, receivable.due_on + timedelta(days=round(late)), earliest=earliest)


def _run_by(customer: SampleCustomer, day: date, *, earliest: date) -> date:
    """The customer pays on one weekday only: the last one by a day, unless that is too early."""
    last = day - timedelta(days=(day.weekday() - customer.habits.pays_on) % _DAYS_A_WEEK)
    return last if last >= earliest else _next_run(customer, max(day, earliest))


def _next_run(customer: SampleCustomer, day: date) -> date:
    return day + timedelta(days=(customer.habits.pays_on - day.weekday()) % _DAYS_A_WEEK)


def _pieces(customer: SampleCustomer, day: date, dice: Random) -> int:
    if customer.fate.story is not Story.PART_PAYING:
        return 1
    most = 3
    return dice.randint(2, most) if dice.random() < customer.fate.strain(day) ** 0.5 else 1


def _split(amount: Decimal, pieces: int) -> Iterator[Decimal]:
    """Equal parts to the cent; the last takes the rest."""
    marks = [cents(float(amount) * share / pieces) for share in range(pieces)] + [amount]
    for earlier, later in pairwise(marks):
        yield later - earlier


def _until_it_holds(
    customer: SampleCustomer, invoice_id: str, amount: Decimal, first: tuple[date, Random]
) -> Iterator[Part]:
    day, dice = first
    reason = _bounce(customer, day, dice)
    yield Part(day, invoice_id, amount, bounces=reason)
    if reason is not None:
        again = weekday_from(day + timedelta(days=dice.randint(6, 16)))
        yield Part(again, invoice_id, amount)


def _bounce(customer: SampleCustomer, day: date, dice: Random) -> BounceReason | None:
    fate = customer.fate
    chance = 0.2 + 0.4 * fate.strain(day) if fate.story is Story.BOUNCING else 0.0
    if fate.strain(day) > 0 and dice.random() < chance:
        return "insufficient_funds"
    return "technical" if dice.random() < _TECHNICAL_BOUNCE else None


def _payments(customer: SampleCustomer, parts: Sequence[Part]) -> Iterator[Dated]:
    """What is paid on one day by one means is one payment; what bounces bounces alone."""
    runs: defaultdict[tuple[date, str], list[Part]] = defaultdict(list)
    for part in parts:
        runs[part.day, part.invoice_id if part.bounces else ""].append(part)
    for number, ((day, _), run) in enumerate(sorted(runs.items()), start=1):
        payment_id = f"P-{customer.customer_id}-{number:03d}"
        yield _received(customer, payment_id, day, run)
        if run[0].bounces is not None:
            yield _bounced(payment_id, day, run[0].bounces)


def _received(customer: SampleCustomer, payment_id: str, day: date, run: list[Part]) -> Dated:
    allocations = tuple(
        Allocation(invoice_id=part.invoice_id, amount=part.amount) for part in _merged(run)
    )
    return Dated(
        day,
        PaymentReceived(
            payment_id=payment_id,
            amount=sum((part.amount for part in run), Decimal(0)),
            currency=customer.currency,
            value_date=day,
            method="cheque" if customer.fate.story is Story.BOUNCING else "transfer",
            allocations=() if customer.habits.on_account else allocations,
        ),
    )


def _merged(run: list[Part]) -> Iterator[Part]:
    """One part per invoice."""
    amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for part in run:
        amounts[part.invoice_id] += part.amount
    for invoice_id, amount in amounts.items():
        yield Part(run[0].day, invoice_id, amount)


def _bounced(payment_id: str, day: date, reason: BounceReason) -> Dated:
    back_on = weekday_from(day + timedelta(days=2))
    return Dated(back_on, PaymentBounced(payment_id=payment_id, reason=reason, date=back_on))
