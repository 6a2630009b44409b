"""What invoices, credit notes and cancellations do to an account."""

from datetime import date

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.receivables.account import Account, Dispute, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.history import Settlement
from services.monitoring.domain.receivables.orders import deliver
from services.monitoring.domain.receivables.promises import (
    count_relieved,
    note_closed,
    note_reopened,
)


def issue_invoice(account: Account, fact: Fact) -> None:
    """The customer owes the amount; of its order, that much is no longer open."""
    if account.receivable(fact.document):
        return
    currency = fact.currency or ""
    receivable = Receivable(
        invoice_id=fact.document,
        invoice_date=fact.on,
        due_date=fact.counts_from or fact.due or fact.on,
        amount=minor_of(fact.amount, currency),
        currency=currency,
        order_id=fact.refers_to,
        extended_to=fact.due if fact.counts_from else None,
        forborne_on=fact.told if fact.counts_from else None,
    )
    account.put(receivable)
    history = account.history(currency)
    history.buy(fact.on, receivable.amount)
    history.agree_terms(((fact.due or fact.on) - fact.on).days)
    deliver(account, receivable, on=fact.on)


def credit_invoice(account: Account, fact: Fact, receivable: Receivable) -> None:
    """Part of an invoice is given back; it answers disputes first, and what exceeds the rest is a credit.

    A credit note in another currency than its invoice's has no effect, and shows as unmatched.
    """
    if fact.currency not in {None, receivable.currency}:
        account.unmatched = (*account.unmatched, fact.document)
        return
    if receivable.cancelled:
        return
    amount = minor_of(fact.amount, receivable.currency)
    account.history(receivable.currency).buy(receivable.invoice_date, -amount)
    _give_credit(account, receivable.currency, amount)
    credited = receivable._replace(
        overcredited=receivable.overcredited + amount,
        disputes=answered(receivable.disputes, amount),
    )
    put_owed(account, credited, on=fact.on)


def answered(disputes: tuple[Dispute, ...], amount: int) -> tuple[Dispute, ...]:
    """The disputes left once a credit of that many minor units has answered them, oldest first."""
    left: list[Dispute] = []
    for dispute in disputes:
        used = min(amount, dispute.amount)
        amount -= used
        if used < dispute.amount:
            left.append(dispute._replace(amount=dispute.amount - used))
    return tuple(left)


def cancel_invoice(account: Account, fact: Fact, receivable: Receivable) -> None:
    """Nothing is owed on it any more; what had been paid on it is unapplied again."""
    if receivable.cancelled:
        return
    reopen(account, receivable)
    for payment_id in receivable.paid_by:
        payment = account.payments[payment_id]
        kept = tuple(s for s in payment.shares if s.invoice_id != receivable.invoice_id)
        applied = sum(share.amount for share in kept)
        account.put_payment(payment._replace(shares=kept, applied=applied))
    bought = receivable.billed - receivable.credited - receivable.overcredited
    account.history(receivable.currency).buy_more(receivable.invoice_date, -bought)
    _give_credit(account, receivable.currency, -receivable.overcredited)
    count_relieved(account, receivable, receivable.open, on=fact.on)
    lose(account, receivable.currency, -receivable.written_off, on=fact.on)
    cancelled = receivable._replace(
        cancelled=True,
        paid=0,
        paid_by=(),
        paid_on=None,
        written_off=0,
        overcredited=0,
        settled_on=max(fact.on, receivable.invoice_date),
        disputes=(),
    )
    account.put(cancelled)
    note_closed(account, cancelled, on=fact.on)
    deliver(account, receivable, on=fact.on, sign=-1)


def put_owed(account: Account, receivable: Receivable, *, on: date) -> None:
    """Keep an invoice once the credit that was beyond what was owed has taken off what is owed now."""
    taken = min(receivable.overcredited, receivable.open)
    if not taken:
        account.put(receivable)
        return
    _give_credit(account, receivable.currency, -taken)
    count_relieved(account, receivable, taken, on=on)
    credited = receivable._replace(
        credited=receivable.credited + taken, overcredited=receivable.overcredited - taken
    )
    if credited.open == 0:
        settle(account, credited, on=on)
    else:
        account.put(credited)


def settle(account: Account, receivable: Receivable, *, on: date) -> None:
    """Close an invoice that nothing is owed on; if money was paid for it, it counts as settled."""
    day = max(on, receivable.invoice_date)
    there = _there_on(account, receivable, on=day)
    settled = receivable._replace(settled_on=day, paid_on=there)
    account.put(settled)
    note_closed(account, settled, on=day)
    settlement = settlement_of(settled)
    if settlement:
        account.history(settled.currency).settle(settlement)


def reopen(account: Account, receivable: Receivable) -> None:
    """Forget that an invoice was settled, before something is taken off it again."""
    settlement = settlement_of(receivable)
    if settlement is None:
        return
    others = (
        each.days_late
        for closed in account.closed.values()
        if closed.settled_on == receivable.settled_on
        and closed.currency == receivable.currency
        and closed.invoice_id != receivable.invoice_id
        and (each := settlement_of(closed))
    )
    account.history(receivable.currency).unsettle(settlement, rest=max(0, *others, 0))


def owed_again(account: Account, receivable: Receivable) -> Receivable:
    """The invoice before it was settled, to be put back with what is owed on it now."""
    reopen(account, receivable)
    note_reopened(account, receivable)
    return receivable._replace(settled_on=None, paid_on=None)


def lose(account: Account, currency: str, amount: int, *, on: date) -> None:
    """Count minor units as given up (below zero: as come in after all)."""
    if not amount:
        return
    account.history(currency).lose(on, amount)
    account.written_off[currency] = account.written_off.get(currency, 0) + amount


def settlement_of(receivable: Receivable) -> Settlement | None:
    """How an invoice was settled; None while it is open, and where no money or not all of it came."""
    if receivable.settled_on is None or not receivable.paid or receivable.cancelled:
        return None
    if receivable.written_off:
        return None
    there = receivable.paid_on or receivable.settled_on
    return Settlement(
        invoice_id=receivable.invoice_id,
        invoice_date=receivable.invoice_date,
        settled_on=receivable.settled_on,
        amount=receivable.paid,
        days_late=(there - receivable.due_date).days,
        parts=len(receivable.paid_by),
    )


def _give_credit(account: Account, currency: str, amount: int) -> None:
    """Keep minor units for the customer that no invoice has taken (below zero: one takes them)."""
    left = account.credits.pop(currency, 0) + amount
    if left:
        account.credits[currency] = left


def _there_on(account: Account, receivable: Receivable, *, on: date) -> date | None:
    """The day on which all the money for an invoice was there; None if that is the day `on`.

    Where it was allocated late, or our credit note came after it, whoever sent it has paid in time.
    """
    came = max((account.payments[name].on for name in receivable.paid_by), default=on)
    there = max(came, receivable.invoice_date)
    return None if there >= on else there
