"""Which invoice has which part of a payment, and how that is taken back."""

from collections.abc import Iterable
from datetime import date

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.receivables.account import Account, Payment, Receivable, Share
from services.monitoring.domain.receivables.facts import Fact, Portion
from services.monitoring.domain.receivables.invoices import owed_again, put_owed, settle
from services.monitoring.domain.receivables.promises import count_applied, count_back


def allocate(account: Account, fact: Fact, payment: Payment) -> None:
    """Somebody says what money received before is for.

    That ends what we assumed of it: only what was said counts, the rest is unapplied.
    """
    if fact.document in account.allocations:
        return
    account.allocations[fact.document] = payment.payment_id
    on = max(fact.on, payment.on)
    if payment.automatic:
        take_back(account, payment, payment.shares, on=on)
        freed = account.payments[payment.payment_id]
        account.put_payment(freed._replace(automatic=False))
    apply_portions(account, payment.payment_id, fact.portions, on=on, allocation=fact.document)


def unallocate(account: Account, fact: Fact, payment: Payment) -> None:
    """An allocation is taken back: its invoices (or the one named) are owed again, by their due dates.

    The payment's own number names what it settled when it came.
    """
    named = None if fact.refers_to == payment.payment_id else fact.refers_to

    def _goes(share: Share) -> bool:
        if share.allocation != named:
            return False
        return not fact.invoices or share.invoice_id in fact.invoices

    waiting = tuple(share for share in payment.promised if not _goes(share))
    account.put_payment(payment._replace(promised=waiting))
    gone = [share for share in payment.shares if _goes(share)]
    take_back(account, payment, gone, on=max(fact.on, payment.on))


def apply_portions(
    account: Account,
    payment_id: str,
    portions: Iterable[Portion],
    *,
    on: date,
    allocation: str | None = None,
) -> None:
    """Let invoices take the portions meant for them; those not known yet are waited for."""
    currency = account.payments[payment_id].currency
    for portion in portions:
        share = Share(
            invoice_id=portion.invoice_id,
            amount=minor_of(portion.amount, currency),
            allocation=allocation,
        )
        apply_share(account, payment_id, share, on=on)


def apply_share(account: Account, payment_id: str, share: Share, *, on: date) -> None:
    """Let one invoice take what is meant for it, or wait for it; another currency is never paid."""
    receivable = account.receivable(share.invoice_id)
    payment = account.payments[payment_id]
    if receivable is None:
        account.put_payment(payment._replace(promised=(*payment.promised, share)))
    elif receivable.currency != payment.currency:
        account.unmatched = (*account.unmatched, f"{payment_id}/{share.invoice_id}")
    else:
        take(account, payment_id, receivable, share, on=on)


def take(
    account: Account, payment_id: str, receivable: Receivable, wanted: Share, *, on: date
) -> None:
    """Let an invoice take what it is to have, up to what it is owed and the payment has left."""
    payment = account.payments[payment_id]
    amount = min(wanted.amount, receivable.open, payment.unapplied)
    if amount <= 0:
        return
    kept = count_applied(account, payment, receivable.invoice_id, amount)
    share = wanted._replace(amount=amount, kept=kept)
    account.put_payment(
        payment._replace(shares=(*payment.shares, share), applied=payment.applied + amount)
    )
    known = payment_id in receivable.paid_by
    paid = receivable._replace(
        paid=receivable.paid + amount,
        paid_by=receivable.paid_by if known else (*receivable.paid_by, payment_id),
    )
    if paid.open == 0:
        settle(account, paid, on=on)
    else:
        account.put(paid)


def take_back(account: Account, payment: Payment, shares: Iterable[Share], *, on: date) -> None:
    """Take shares from their invoices again: they are owed as before, with their old due dates."""
    gone = tuple(shares)
    held = account.payments[payment.payment_id]
    kept = tuple(share for share in held.shares if share not in gone)
    applied = sum(share.amount for share in kept)
    account.put_payment(held._replace(shares=kept, applied=applied))
    still = {share.invoice_id for share in kept}
    for share in gone:
        receivable = account.receivable(share.invoice_id)
        if receivable is None:
            continue
        count_back(account, share.kept)
        paid_in_part = share.invoice_id in still
        owed = _without(owed_again(account, receivable), payment, share, paid_in_part=paid_in_part)
        put_owed(account, owed, on=on)


def _without(paid: Receivable, payment: Payment, share: Share, *, paid_in_part: bool) -> Receivable:
    name = payment.payment_id
    payers = tuple(each for each in paid.paid_by if each != name or paid_in_part)
    return paid._replace(paid=paid.paid - share.amount, paid_by=payers)
