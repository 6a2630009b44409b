"""What else happens to an invoice: debit notes, other terms, write-offs and what is recovered of them."""

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.history import days_before
from services.monitoring.domain.receivables.invoices import lose, owed_again, put_owed

COMMERCIAL = "commercial"


def debit_invoice(account: Account, fact: Fact, receivable: Receivable) -> None:
    """More is owed on an invoice; one settled already is open again for the rest, by its due date.

    A debit note in another currency than its invoice's has no effect, and shows as unmatched.
    """
    if not _fits(account, fact, receivable):
        return
    amount = minor_of(fact.amount, receivable.currency)
    account.history(receivable.currency).buy_more(receivable.invoice_date, amount)
    before = owed_again(account, receivable)
    put_owed(account, before._replace(debited=before.debited + amount), on=fact.on)


def change_terms(
    account: Account, fact: Fact, receivable: Receivable, *, moves_within_days: int
) -> None:
    """An open invoice has another due date from now on.

    Only a commercial change agreed at most some days after the invoice was first due moves the date that
    days past due count from, however often it was moved. Any other extension is forbearance: it is kept
    beside it (domain.md §1.5).
    """
    if receivable.open == 0 or fact.due is None:
        return
    if fact.due <= receivable.due_date:
        account.put(receivable._replace(due_date=fact.due))
        return
    first_due = min(receivable.first_due or receivable.due_date, receivable.due_date)
    if fact.reason == COMMERCIAL and first_due >= days_before(fact.on, moves_within_days):
        account.put(receivable._replace(due_date=fact.due, first_due=first_due))
        return
    first = receivable.forborne_on or fact.on
    account.put(receivable._replace(extended_to=fact.due, forborne_on=first))


def write_off(account: Account, fact: Fact, receivable: Receivable) -> None:
    """We give up what is owed, up to the amount; what was partly written off was never settled."""
    if not _fits(account, fact, receivable):
        return
    given_up = min(minor_of(fact.amount, receivable.currency), receivable.open)
    if given_up == 0:
        return
    lose(account, receivable.currency, given_up, on=fact.on)
    rest = receivable._replace(written_off=receivable.written_off + given_up)
    account.put(rest if rest.open else rest._replace(settled_on=fact.on, disputes=()))


def recover(account: Account, fact: Fact) -> None:
    """Money came in for what had been written off; nothing is owed less by it."""
    currency = fact.currency or ""
    lose(account, currency, -minor_of(fact.amount, currency), on=fact.on)


def _fits(account: Account, fact: Fact, receivable: Receivable) -> bool:
    """Whether a note can be posted: in the invoice's currency, to an invoice that counts."""
    if fact.currency not in {None, receivable.currency}:
        account.unmatched = (*account.unmatched, fact.document)
        return False
    return not receivable.cancelled
