"""The sample portfolio: invented customers, two years of their trade, and the truth about them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

import msgspec

from obligor.facts import History, Statement, Transaction, history_of
from obligor.sample.conduct import conduct_of
from obligor.sample.customers import SampleCustomer, sample_customers
from obligor.sample.dice import dice_for
from obligor.sample.paying import payments_of
from obligor.sample.statements import statements_of
from obligor.sample.stories import Story
from obligor.sample.trading import trade_of
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Event
from shared.kernel.dates import add_months, next_day

SEED = 20
SOURCE = "sample"
MONTHS = 24
_DOCUMENT_KEYS = (
    "credit_note_id",
    "payment_id",
    "dispute_id",
    "promise_id",
    "request_id",
    "attempt_id",
    "invoice_id",
    "order_id",
)


@dataclass(frozen=True, slots=True)
class Truth:
    """What will become of one customer, as nobody could know beforehand."""

    customer_id: str
    name: str
    story: Story
    shows_from: date | None
    fails_on: date | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A history to stream, and the truth to judge the answers by."""

    history: History
    truths: tuple[Truth, ...]

    def truth_file(self) -> bytes:
        """The truth as JSON, to lie beside the platform's own files."""
        return msgspec.json.format(msgspec.json.encode(self.truths), indent=1)


def read_truths(content: bytes) -> tuple[Truth, ...]:
    """Read a truth file again."""
    return msgspec.json.decode(content, type=tuple[Truth, ...])


def build_sample(*, last_day: date, seed: int = SEED) -> Sample:
    """The sample that ends on a day: the same seed and day give the same, byte for byte."""
    first_day = next_day(add_months(last_day, -MONTHS))
    dice = dice_for(seed, "customers")
    customers = sample_customers(dice, first_day=first_day, last_day=last_day)
    transactions: list[Transaction] = []
    statements: list[Statement] = []
    for customer in customers:
        own = dice_for(seed, customer.customer_id)
        transactions.extend(_transactions(customer, own, first_day=first_day, last_day=last_day))
        if customer.files_statements:
            statements.extend(statements_of(customer, own, first_day=first_day, last_day=last_day))
    history = history_of(
        [customer.registration for customer in customers],
        transactions,
        statements=statements,
        last_day=last_day,
    )
    return Sample(history=history, truths=tuple(_truths(customers)))


def _transactions(
    customer: SampleCustomer, dice: Random, *, first_day: date, last_day: date
) -> Iterator[Transaction]:
    trade = trade_of(customer, dice, first_day=first_day, last_day=last_day)
    payments = payments_of(customer, trade.receivables, dice, last_day=last_day)
    talking = dice_for(SEED, customer.customer_id, "conduct")
    said = conduct_of(customer, trade.receivables, talking, last_day=last_day)
    for dated in (*trade.happened, *payments, *said):
        kind = EVENT_TYPES[type(dated.event)]
        yield Transaction(
            id=f"{kind}:{_document(dated.event)}",
            source=SOURCE,
            customer_id=customer.customer_id,
            day=dated.day,
            event=dated.event,
        )


def _document(event: Event) -> str:
    """The document that an event is about; every document has one event of a kind in the sample."""
    return next(str(getattr(event, key)) for key in _DOCUMENT_KEYS if hasattr(event, key))


def _truths(customers: Iterable[SampleCustomer]) -> Iterator[Truth]:
    for customer in sorted(customers, key=lambda one: one.customer_id):
        yield Truth(
            customer_id=customer.customer_id,
            name=customer.name,
            story=customer.fate.story,
            shows_from=customer.fate.shows_from,
            fails_on=customer.fate.fails_on,
        )
