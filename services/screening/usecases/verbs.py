"""Register, screen, keep how customers stand with us, close a day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from services.screening.domain.model import Customer, LastVerdict, OwnHistory, RegisterEntry
from services.screening.domain.policy import ScreeningPolicy
from services.screening.domain.screen import ScreeningDecision, ScreeningFacts, decide_screening
from services.screening.storage import Book, ScreeningRow
from services.screening.usecases.answers import (
    Json,
    customer_answer,
    registration_event,
    screening_answer,
    verdict_event,
)
from services.screening.usecases.commands import RegisterCustomer, ScreenCustomer
from shared.chassis.service import CommandAnswer
from shared.chassis.work import Work
from shared.contracts.monitoring import ArrearsChanged
from shared.contracts.screening import CustomerRegistered, CustomerUpdated, ScreeningDayClosed
from shared.decisions.kinds import DecisionKind
from shared.kernel.errors import NotFoundError

SCREENING: Final[DecisionKind[ScreeningFacts, ScreeningPolicy, ScreeningDecision]] = DecisionKind(
    "screening", decide_screening, ScreeningFacts, ScreeningDecision, "screening-1"
)


def register_customer(
    wish: RegisterCustomer, book: Book, work: Work[ScreeningPolicy]
) -> CommandAnswer:
    """Register a customer and screen it, or take over what has changed about it.

    The same facts again are no new version.
    """
    held = book.entries.get(wish.customer_id)
    if held is None:
        return CommandAnswer(201, _first_registered(wish.customer(version=1), book, work))
    customer = wish.customer(version=held.customer.version + 1)
    if customer.says_the_same_as(held.customer):
        return CommandAnswer(200, customer_answer(held))
    return CommandAnswer(200, _updated(customer, held, book, work))


def screen_customer(wish: ScreenCustomer, book: Book, work: Work[ScreeningPolicy]) -> CommandAnswer:
    """Screen a customer now."""
    entry = book.entries.get(wish.customer_id)
    if entry is None:
        raise NotFoundError(kind="customer", name=wish.customer_id)
    if wish.financials is not None:
        entry = replace(entry, financials=wish.financials)
    return CommandAnswer(201, _screen(entry, book, work))


def keep_arrears(event: ArrearsChanged, book: Book, work: Work[ScreeningPolicy]) -> None:
    """Keep since when a customer owes us undisputed money; the next screening looks at it."""
    del work
    undisputed = [
        each.due_date
        for each in event.invoices
        if each.open_amount - each.disputed_amount > Decimal(0)
    ]
    before = book.histories.get(event.customer_id, OwnHistory(as_of=event.as_of))
    book.put_history(
        event.customer_id,
        replace(before, as_of=event.as_of, oldest_due_on=min(undisputed, default=None)),
    )


def close_day(day: date, book: Book, work: Work[ScreeningPolicy]) -> ScreeningDayClosed:
    """Screen again whoever's verdict ends with the day."""
    for entry in book.due(day):
        _screen(entry, book, work)
    return ScreeningDayClosed(date=day)


def _first_registered(customer: Customer, book: Book, work: Work[ScreeningPolicy]) -> Json:
    event = registration_event(CustomerRegistered, customer)
    work.announce(event, customer_id=customer.customer_id)
    entry = RegisterEntry(customer, registered_at=work.business_day)
    return _shown(entry, _screen(entry, book, work))


def _updated(
    customer: Customer, held: RegisterEntry, book: Book, work: Work[ScreeningPolicy]
) -> Json:
    event = registration_event(CustomerUpdated, customer)
    work.announce(event, customer_id=customer.customer_id)
    entry = replace(held, customer=customer)
    changes = customer.changes_since(held.customer)
    if changes.isdisjoint(work.policy.rescreen_on):
        book.put(entry)
        return customer_answer(entry)
    return _shown(entry, _screen(entry, book, work))


def _screen(entry: RegisterEntry, book: Book, work: Work[ScreeningPolicy]) -> Json:
    customer_id = entry.customer.customer_id
    facts = _facts(entry, book)
    decision_id, decision = work.decide(SCREENING, facts, customer_id=customer_id)
    as_of, version = work.business_day, work.policy_version
    verdict = LastVerdict(decision_id, decision.outcome, as_of, decision.valid_to)
    book.put(replace(entry, verdict=verdict))
    book.screenings.append(ScreeningRow(decision_id, customer_id, as_of, version, decision))
    event = verdict_event(
        decision,
        customer_id=customer_id,
        decision_id=decision_id,
        as_of=as_of,
        policy_version=version,
    )
    work.announce(event, customer_id=customer_id)
    return screening_answer(decision, decision_id=decision_id, as_of=as_of, policy_version=version)


def _facts(entry: RegisterEntry, book: Book) -> ScreeningFacts:
    customer = entry.customer
    return ScreeningFacts(
        customer_id=customer.customer_id,
        names=tuple(each.name for each in customer.legal_names),
        country=customer.country,
        identifiers=customer.identifiers,
        clashes=book.claim(customer.customer_id, customer.identifiers),
        registered_on=customer.registered_on,
        registration_status=customer.registration_status,
        financials=entry.financials,
        own_history=book.histories.get(customer.customer_id),
    )


def _shown(entry: RegisterEntry, screening: Json) -> Json:
    return customer_answer(entry) | screening
