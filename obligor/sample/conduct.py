"""What customers of the sample say when we ask for our money: promises, requests, or nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Literal

from obligor.sample.customers import SampleCustomer
from obligor.sample.stories import Story
from obligor.sample.trading import Dated, Receivable, weekday_from
from shared.contracts.transactions import ContactAttempted, PromiseMade, ReliefRequested

_CALLED_AFTER_DAYS = 9
_STRAINED = 0.15
_SHARE_CALLED = 0.6
_ANSWERS: dict[Story, float] = {
    Story.DRIFTING: 0.85,
    Story.PART_PAYING: 0.9,
    Story.BOUNCING: 0.7,
    Story.BUST_OUT: 0.2,
    Story.WITHDRAWING: 0.5,
    Story.STUMBLING: 0.95,
}
"""How likely a strained customer answers; those who are not here are never late enough to be called."""
_ASKS_FOR: dict[Story, Literal["longer_terms", "instalments", "higher_limit"]] = {
    Story.DRIFTING: "longer_terms",
    Story.PART_PAYING: "instalments",
    Story.BUST_OUT: "higher_limit",
    Story.STUMBLING: "longer_terms",
}
_ASKS_FROM = (0.35, 0.6, 0.8)


def conduct_of(
    customer: SampleCustomer, receivables: Sequence[Receivable], dice: Random, *, last_day: date
) -> Iterator[Dated]:
    """Calls, promises and requests of a customer, until it fails or the days end."""
    said = [*_calls(customer, receivables, dice), *_requests(customer, dice)]
    for each in sorted(said, key=lambda one: one.day):
        if each.day <= last_day and not customer.fate.is_over(each.day):
            yield each


def _calls(
    customer: SampleCustomer, receivables: Sequence[Receivable], dice: Random
) -> Iterator[Dated]:
    answers = _ANSWERS.get(customer.fate.story)
    for receivable in receivables if answers is not None else ():
        day = weekday_from(receivable.due_on + timedelta(days=_CALLED_AFTER_DAYS))
        if customer.fate.strain(day) < _STRAINED or dice.random() > _SHARE_CALLED:
            continue
        yield from _call(customer, receivable, day, answered=dice.random() < (answers or 0.0))


def _call(
    customer: SampleCustomer, receivable: Receivable, day: date, *, answered: bool
) -> Iterator[Dated]:
    name = receivable.invoice_id.removeprefix("I-")
    attempt = ContactAttempted(
        attempt_id=f"K-{name}",
        channel="phone",
        outcome="answered" if answered else "unanswered",
        date=day,
    )
    yield Dated(day, attempt)
    if answered:
        promise = PromiseMade(
            promise_id=f"V-{name}",
            amount=receivable.amount,
            currency=customer.currency,
            due_on=weekday_from(day + timedelta(days=7)),
            invoice_ids=(receivable.invoice_id,),
            date=day,
        )
        yield Dated(day, promise)


def _requests(customer: SampleCustomer, dice: Random) -> Iterator[Dated]:
    """A request each time that the strain passes another mark."""
    fate, kind = customer.fate, _ASKS_FOR.get(customer.fate.story)
    end = fate.fails_on or fate.recovered_on
    if kind is None or fate.shows_from is None or end is None:
        return
    days = (end - fate.shows_from).days
    for number, mark in enumerate(_ASKS_FROM, start=1):
        if dice.random() < mark:
            day = weekday_from(fate.shows_from + timedelta(days=int(days * mark)))
            request_id = f"Q-{customer.customer_id}-{number}"
            yield Dated(day, ReliefRequested(request_id=request_id, kind=kind, date=day))
