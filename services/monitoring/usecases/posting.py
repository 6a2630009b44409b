"""A fact comes in: post it, put it aside until it is due, or drop it as a duplicate."""

from collections.abc import Sequence

from services.monitoring.domain.amounts import minor_of
from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.conduct.notes import note_fact
from services.monitoring.domain.figures.behaviour import settled_of
from services.monitoring.domain.figures.feed_quality import note_doubt
from services.monitoring.domain.policies.guards import FeedDoubt
from services.monitoring.domain.policy import MonitoringPolicy
from services.monitoring.domain.receivables.bills import UNPAID
from services.monitoring.domain.receivables.facts import Fact, FactKind
from services.monitoring.domain.receivables.knowledge import learned_at
from services.monitoring.domain.watching.touched import TOUCHED
from services.monitoring.domain.watching.watch import note_bounce, note_order
from services.monitoring.storage.book import (
    Book,
    Customer,
    HistoryMissingError,
    document_key,
    due_by,
)
from services.monitoring.storage.reading import FactRow, as_told, fact_of, fact_row
from services.monitoring.usecases.figures import View, view_of
from services.monitoring.usecases.observing import (
    SIXTH_SETTLED,
    MonitoringWork,
    absorbed_orders,
    report_behaviour,
    say_exposure,
    watch_facts,
)
from services.monitoring.usecases.outcomes import note_write_offs
from shared.contracts import catalogue
from shared.contracts.envelope import Event
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money

DUPLICATE = "duplicate"
WAITING = "waiting"
_TRANSACTIONS = catalogue.EVENTS[catalogue.TRANSACTIONS]


def take_fact(event: Event, book: Book, work: MonitoringWork) -> None:
    """Take one transaction into the ledger. Raises `InvalidInputError` before anything changes."""
    cause = work.cause
    fact, payload = _read(event, book, work)
    told = cause.time
    if work.closed_on is not None:
        told = learned_at(told, business_day=work.business_day)
    row = fact_row(fact, payload, cause, partition=book.partition, recorded_at=told)
    known = book.customers.get(cause.subject)
    if known is not None and known.knows(fact):
        _doubt_known(FeedDoubt.DUPLICATES, book, work)
        work.status = DUPLICATE
        return
    fact = as_told(fact, row)
    customer = book.customer(cause.subject)
    customer.remember(fact)
    if customer.corrects(fact):
        _doubt(customer, FeedDoubt.CORRECTIONS, work)
    if work.closed_on is None or fact.on > work.business_day:
        book.keep_waiting(customer, fact, row)
        customer.wake_by(fact.on)
        work.status = WAITING
        return
    release_due(customer, book, work)
    _post(customer, [(fact, row)], book, work)


def note_conflict(book: Book, work: MonitoringWork) -> None:
    """Another body under an id that came before is parked; it leaves a doubt about its customer."""
    if work.cause.type in _TRANSACTIONS:
        _doubt_known(FeedDoubt.CONFLICTS, book, work)


def _read(event: Event, book: Book, work: MonitoringWork) -> tuple[Fact, bytes]:
    """The fact in an event, and the bytes it came in; one that makes no sense leaves a doubt."""
    known = book.read.get(id(event))
    if known is not None:
        return known
    try:
        fact = fact_of(event, day=work.cause.day, source=work.cause.source)
    except InvalidInputError:
        _doubt_known(FeedDoubt.REFUSED, book, work)
        raise
    return fact, catalogue.encode(event)


def _doubt_known(doubt: FeedDoubt, book: Book, work: MonitoringWork) -> None:
    """Count a doubt about a customer that has a ledger: a name that only garbage bears is none."""
    known = book.customers.get(work.cause.subject)
    if known is not None and known.ledger.day is not None:
        _doubt(book.customer(known.customer_id), doubt, work)


def _doubt(customer: Customer, doubt: FeedDoubt, work: MonitoringWork) -> None:
    policy = work.policy.warnings.feed
    note_doubt(customer.watch.doubts, doubt, on=work.business_day, policy=policy)


def release_due(customer: Customer, book: Book, work: MonitoringWork) -> None:
    """Post the customer's waiting facts whose day has come, in canonical order."""
    due = due_by(customer, work.business_day)
    if due:
        for each in due:
            book.release(customer, each)
        _post(customer, [(each.fact, each.row) for each in due], book, work)


def _post(
    customer: Customer, facts: list[tuple[Fact, FactRow]], book: Book, work: MonitoringWork
) -> None:
    policy = work.policy
    for fact, row in facts:
        unmatched = len(customer.ledger.unfold(policy.ledger).unmatched)
        told_again = _is_told_again(customer, fact)
        _enter(customer, fact, policy)
        if len(customer.ledger.account.unmatched) > unmatched:
            _doubt(customer, FeedDoubt.WRONG_CURRENCY, work)
        if not told_again:
            _sense(customer, fact, policy)
        book.post(row)
    note_write_offs(customer.customer_id, [fact for fact, _ in facts], book)
    view = view_of(customer.ledger.account, policy.ledger, as_of=work.business_day)
    book.shift_totals(customer.standing.open, view.open)
    customer.standing.open = view.open
    absorbed = absorbed_orders([fact for fact, _ in facts])
    say_exposure(customer, view, book, work, absorbed=absorbed)
    watch_facts(customer, view, [fact for fact, _ in facts], book, work)
    _report_when_enough(customer, view, [fact for fact, _ in facts], work)
    customer.wake_by(work.business_day)


def _enter(customer: Customer, fact: Fact, policy: MonitoringPolicy) -> None:
    """Post a fact to the ledger; one from the past has the account folded anew."""
    ledger = customer.ledger
    ledger.unfold(policy.ledger)
    if ledger.takes(fact) and not customer.corrects(fact):
        ledger.post(fact, policy.ledger)
    elif customer.history is None:
        raise HistoryMissingError(customer.customer_id, fact)
    else:
        ledger.rebuild([*customer.history, fact], policy.ledger)
    if customer.history is not None:
        customer.history.append(fact)


def _is_told_again(customer: Customer, fact: Fact) -> bool:
    """Whether another source told of the same version of the document, which the ledger counts once."""
    if not customer.corrects(fact):
        return False
    key = document_key(fact.kind, fact.document, fact.version)
    return any(
        document_key(each.kind, each.document, each.version) == key
        and each.version == fact.version
        and each.source != fact.source
        for each in customer.history or ()
    )


def _sense(customer: Customer, fact: Fact, policy: MonitoringPolicy) -> None:
    """Let the detectors, and the notes on conduct, see what they watch."""
    account = customer.ledger.account
    note_fact(customer.watch.conduct, fact, account, policy.warnings)
    if fact.kind is FactKind.ORDER_PLACED and fact.currency:
        amount = Money(minor_of(fact.amount, fact.currency), fact.currency)
        note_order(customer.watch, fact.document, amount=amount, on=fact.on, policy=policy.warnings)
    elif fact.kind in {FactKind.PAYMENT_BOUNCED, FactKind.BILL_DISHONOURED}:
        note_bounce(
            customer.watch,
            fact.document,
            on=fact.on,
            reason=fact.reason or UNPAID,
            policy=policy.warnings,
        )


def _may_settle(facts: Sequence[Fact]) -> bool:
    """Whether any of the facts can have settled an invoice: those about orders never do."""
    return any(Indicator.LATENESS_LEVEL in TOUCHED[fact.kind] for fact in facts)


def _report_when_enough(
    customer: Customer, view: View, facts: Sequence[Fact], work: MonitoringWork
) -> None:
    """The first time that enough invoices are settled to judge behaviour, say so at once."""
    if customer.standing.enough_settled or not _may_settle(facts):
        return
    rules = work.policy.ledger
    settled = settled_of(view.account, view.as_of, rules.behaviour)
    if settled >= rules.report_at_settled:
        customer.standing.enough_settled = True
        report_behaviour(customer, view, work, occasion=SIXTH_SETTLED)
