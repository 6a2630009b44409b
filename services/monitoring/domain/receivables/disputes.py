"""What disputes do to an account."""

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.receivables.account import Account, Dispute, Receivable
from services.monitoring.domain.receivables.facts import Fact

PRETEXT = "PRETEXT"
"""The code of a dispute that we take for an excuse (domain.md §6.3)."""
REJECTED = "rejected"


def open_dispute(account: Account, fact: Fact, receivable: Receivable) -> None:
    """The customer contests part of an invoice; it stays owed, and may stop counting as past due."""
    if fact.document in account.disputes:
        return
    account.disputes[fact.document] = receivable.invoice_id
    if receivable.cancelled:
        return
    contested = min(minor_of(fact.amount, receivable.currency), receivable.billed)
    dispute = Dispute(
        dispute_id=fact.document,
        opened_on=fact.on,
        amount=contested,
        pretext=fact.reason == PRETEXT,
    )
    account.put(receivable._replace(disputes=(*receivable.disputes, dispute)))


def resolve_dispute(account: Account, fact: Fact, receivable: Receivable) -> None:
    """A dispute ends.

    Upheld, the contested amount (or the part given) stays out of days past due until a credit note
    takes it off; settled for an amount, the difference does; rejected, everything counts again, and
    no dispute of the invoice that comes after it stops the count.
    """
    dispute = next((d for d in receivable.disputes if d.dispute_id == fact.document), None)
    if dispute is None:
        return
    conceded = _conceded(fact, dispute, minor_of(fact.amount, receivable.currency))
    others = tuple(each for each in receivable.disputes if each is not dispute)
    if conceded > 0:
        others = (*others, dispute._replace(amount=conceded, conceded=True))
    rejected_on = receivable.rejected_on
    if fact.reason == REJECTED:
        rejected_on = rejected_on or fact.on
    account.put(receivable._replace(disputes=others, rejected_on=rejected_on))


def _conceded(fact: Fact, dispute: Dispute, amount: int) -> int:
    match fact.reason:
        case "upheld":
            return min(amount, dispute.amount) if fact.amount is not None else dispute.amount
        case "settled" if fact.amount is not None:
            return dispute.amount - amount
        case _:
            return 0
