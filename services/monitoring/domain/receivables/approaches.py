"""How we and the customer approach each other: requests for relief, attempts to reach it."""

from datetime import date

from services.monitoring.domain.policies.ledger import LedgerPolicy, minor_by_currency
from services.monitoring.domain.receivables.account import Account, Receivable
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.undertakings import Contact, ReliefRequest

REQUESTS_KEPT = 20
CONTACTS_KEPT = 30
ANSWERED = "answered"
PREMISES_CLOSED = "premises_closed"


def ask_relief(account: Account, fact: Fact, policy: LedgerPolicy) -> None:
    """The customer asks for easier terms; asked while something is past due, it tells more.

    That is, more than the de-minimis of an invoice, what is disputed in time left out.
    """
    late = any(_counts(each, fact.on, policy) for each in account.receivables.values())
    request = ReliefRequest(
        request_id=fact.document, on=fact.on, kind=fact.reason or "", after_overdue=late
    )
    account.reliefs = (*account.reliefs, request)[-REQUESTS_KEPT:]


def _counts(receivable: Receivable, on: date, policy: LedgerPolicy) -> bool:
    """Whether an invoice is past due on a day with an amount that counts."""
    if receivable.due_date >= on:
        return False
    counted = receivable.open - receivable.paused(policy.dispute_pauses_within_days)
    return counted > minor_by_currency(policy.de_minimis, receivable.currency)


def note_contact(account: Account, fact: Fact) -> None:
    """We tried to reach the customer."""
    extra = fact.particulars
    contact = Contact(
        attempt_id=fact.document,
        on=fact.on,
        outcome=fact.reason or "",
        channel=None if extra is None else extra.channel,
    )
    account.contacts = (*account.contacts, contact)[-CONTACTS_KEPT:]


def reliefs_within(account: Account, *, after: date, through: date) -> tuple[ReliefRequest, ...]:
    """Requests for easier terms in the window `after` < day <= `through`, the newest last."""
    return tuple(each for each in account.reliefs if after < each.on <= through)


def contacts_within(account: Account, *, after: date, through: date) -> tuple[Contact, ...]:
    """Attempts to reach the customer in the window `after` < day <= `through`, the newest last."""
    return tuple(each for each in account.contacts if after < each.on <= through)


def unanswered_in_a_row(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """The attempts since the customer last answered, the newest last."""
    row: list[Contact] = []
    for contact in reversed(contacts):
        if contact.outcome == ANSWERED:
            break
        row.append(contact)
    return tuple(reversed(row))
