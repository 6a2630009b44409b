"""A company's trade with its customers, as transactions: seeded, in any amount, the same each time.

Every third event is an order, an invoice or a payment, in a mix that stays stable: invoices take
up orders, payments settle invoices, and no customer's ledger grows without end. `warned` is the
share of events that are bounced payments, no two of them (almost) about the same customer, so
that each raises a warning. `skew` 0 gives all customers the same share of the trade, 1 the
Zipfian one, where the k-th largest has 1/k of what the largest has.

Before the stream every customer has the same short history, told by `history` for any of them.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple, Self

from shared.kernel.partitions import partition_of

FIRST_DAY = date(2026, 3, 2)
SOURCE = "/erp/booking"
CURRENCY = "EUR"
TERMS_DAYS = 30
HISTORY_DAYS = 3
HISTORY_STEPS = 6
TEMPLATES = 1000
MOST_OPEN = 6
MOST_BOUNCES = 2
BOUNCE = "payment.bounced"
_FILLING = (
    '"type":"{}","customer_id":"{}","company_code":"1000","sales_area":"1000/10/00","booked_by":"interface.sd",'
    '"document_text":"{:.<{}}"}}'
)
_BYTES = 400
_REST = 127


class Message(NamedTuple):
    """One record to be produced: CloudEvents in binary mode, keyed by its customer."""

    partition: int
    key: str
    headers: tuple[tuple[str, str], ...]
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What trade there is to be, from `day` on."""

    customers: int
    events: int
    partitions: int = 4
    day: date = FIRST_DAY + timedelta(days=HISTORY_DAYS)
    days: int = 1
    skew: float = 0.0
    warned: float = 0.0
    seed: int = 7
    close_days: bool = False


@dataclass(slots=True)
class _Ledger:
    """What a customer has going on after its history."""

    number: int
    customer_id: str
    partition: int
    orders: deque[tuple[str, int]] = field(default_factory=deque)
    invoices: deque[tuple[str, int]] = field(default_factory=deque)
    bounces: int = 0

    @classmethod
    def of(cls, number: int, partitions: int) -> Self:
        """A customer as its history leaves it."""
        name, minor = customer_id(number), usual_minor(number)
        orders, invoices = deque([("SO-h5", minor)]), deque([("IN-h4", minor)])
        place = partition_of(name, partitions)
        return cls(number, name, place, orders, invoices, bounces=1)  # the one of its history


def customer_id(number: int) -> str:
    """The name of a customer."""
    return f"C{number:07d}"


def usual_minor(number: int) -> int:
    """What the documents of a customer's history are worth, in minor units: so much is open after."""
    return 40_000 + number % TEMPLATES * 20


def history(numbers: Sequence[int], partitions: int) -> Iterator[Message]:
    """What happened before, of some customers: order, invoice, payment; order, invoice; order."""
    yield from day_ends(FIRST_DAY - timedelta(days=1), partitions)
    for step, (event_type, body) in enumerate(_HISTORY):
        day = FIRST_DAY + timedelta(days=step // 2)
        for number in numbers:
            told = body(usual_minor(number), day)
            name = customer_id(number)
            headers = _headers(f"{SOURCE}/h{step}/{name}", event_type, day)
            place = partition_of(name, partitions)
            yield Message(place, name, headers, _filled(event_type, name, told))
        if step % 2:
            yield from day_ends(day, partitions)


def stream(traffic: Traffic) -> Iterator[Message]:
    """The stream, day by day, in the order in which it is to be produced."""
    trade = _Trade(traffic)
    for number in range(traffic.days):
        day = traffic.day + timedelta(days=number)
        share = traffic.events * (number + 1) // traffic.days
        while trade.written < share:
            yield trade.next(day)
        if traffic.close_days:
            yield from day_ends(day, traffic.partitions)


def day_ends(day: date, partitions: int) -> list[Message]:
    """The markers that end a day in every partition."""
    return [
        Message(
            partition,
            "",
            _headers(f"day/{day}/{partition}", "day.closed", day),
            b'{"date":"%s"}' % day.isoformat().encode(),
        )
        for partition in range(partitions)
    ]


class _Trade:
    """The trade while it goes on."""

    def __init__(self, traffic: Traffic) -> None:
        self.written = 0
        self._traffic = traffic
        self._dice = Random(traffic.seed)  # noqa: S311  # a benchmark, and the same each time
        self._ledgers = [
            _Ledger.of(number, traffic.partitions) for number in range(traffic.customers)
        ]
        self._weights = _weights(traffic.customers, traffic.skew) if traffic.skew else None
        self._chosen: Iterator[_Ledger] = iter(())
        self._paid = deque((ledger, "PM-h2") for ledger in self._ledgers)
        self._dice.shuffle(self._paid)

    def next(self, day: date) -> Message:
        """The next event, of a day."""
        number = self.written
        self.written += 1
        if self._dice.random() < self._traffic.warned and self._paid:
            return self._bounce(number, *self._paid.popleft(), day)
        ledger = self._customer()
        kind = self._dice.randrange(3)
        if kind == 0:
            return self._order(number, ledger, day)
        if kind == 1 or not ledger.invoices:
            return self._invoice(number, ledger, day)
        return self._payment(number, ledger, day)

    def _customer(self) -> _Ledger:
        chosen = next(self._chosen, None)
        if chosen is None:
            some = self._dice.choices(self._ledgers, cum_weights=self._weights, k=10_000)
            self._chosen = iter(some)
            chosen = next(self._chosen)
        return chosen

    def _order(self, number: int, ledger: _Ledger, day: date) -> Message:
        name = f"SO-{number:010d}"
        minor = usual_minor(ledger.number) + self._dice.randrange(-5_000, 5_000)
        ledger.orders.append((name, minor))
        if len(ledger.orders) > MOST_OPEN:
            ledger.orders.popleft()
        return _message(number, ledger, "order.placed", _order_body(name, minor, day), day)

    def _invoice(self, number: int, ledger: _Ledger, day: date) -> Message:
        name, order, minor = f"IN-{number:010d}", "", usual_minor(ledger.number)
        if ledger.orders:
            order, minor = ledger.orders.popleft()
        ledger.invoices.append((name, minor))
        body = _invoice_body(name, minor, day, order=order)
        return _message(number, ledger, "invoice.issued", body, day)

    def _payment(self, number: int, ledger: _Ledger, day: date) -> Message:
        name = f"PM-{number:010d}"
        count = len(ledger.invoices) if len(ledger.invoices) > MOST_OPEN else 1
        settled = [ledger.invoices.popleft() for _ in range(count)]
        if ledger.bounces < MOST_BOUNCES:
            ledger.bounces += 1
            self._paid.append((ledger, name))
        return _message(number, ledger, "payment.received", _payment_body(name, settled, day), day)

    def _bounce(self, number: int, ledger: _Ledger, payment: str, day: date) -> Message:
        body = f'{{"payment_id":"{payment}","reason":"insufficient_funds","date":"{day}",'
        return _message(number, ledger, BOUNCE, body, day)


def _order_body(name: str, minor: int, day: date) -> str:
    delivery = day + timedelta(days=5)
    return (
        f'{{"order_id":"{name}","amount":"{_major(minor)}","currency":"{CURRENCY}",'
        f'"planned_delivery":"{delivery}",'
    )


def _invoice_body(name: str, minor: int, day: date, *, order: str) -> str:
    due = day + timedelta(days=TERMS_DAYS)
    ordered = f'"order_id":"{order}",' if order else ""
    return (
        f'{{"invoice_id":"{name}","amount":"{_major(minor)}","currency":"{CURRENCY}",'
        f'"invoice_date":"{day}","due_date":"{due}",{ordered}'
    )


def _payment_body(name: str, settled: Sequence[tuple[str, int]], day: date) -> str:
    parts = ",".join(
        f'{{"invoice_id":"{invoice}","amount":"{_major(minor)}"}}' for invoice, minor in settled
    )
    return (
        f'{{"payment_id":"{name}","amount":"{_major(sum(minor for _, minor in settled))}",'
        f'"currency":"{CURRENCY}","value_date":"{day}","method":"transfer",'
        f'"allocations":[{parts}],'
    )


_HISTORY: Final[tuple[tuple[str, Callable[[int, date], str]], ...]] = (
    ("order.placed", lambda minor, day: _order_body("SO-h0", minor, day)),
    ("invoice.issued", lambda minor, day: _invoice_body("IN-h1", minor, day, order="SO-h0")),
    ("payment.received", lambda minor, day: _payment_body("PM-h2", [("IN-h1", minor)], day)),
    ("order.placed", lambda minor, day: _order_body("SO-h3", minor, day)),
    ("invoice.issued", lambda minor, day: _invoice_body("IN-h4", minor, day, order="SO-h3")),
    ("order.placed", lambda minor, day: _order_body("SO-h5", minor, day)),
)


def _message(number: int, ledger: _Ledger, event_type: str, body: str, day: date) -> Message:
    headers = _headers(f"{SOURCE}/{number:012d}", event_type, day)
    value = _filled(event_type, ledger.customer_id, body)
    return Message(ledger.partition, ledger.customer_id, headers, value)


def _filled(event_type: str, customer: str, body: str) -> bytes:
    width = max(0, _BYTES - len(body) - len(event_type) - len(customer) - _REST)
    return (body + _FILLING.format(event_type, customer, "", width)).encode()


def _headers(event_id: str, event_type: str, day: date) -> tuple[tuple[str, str], ...]:
    return (
        ("ce_specversion", "1.0"),
        ("ce_id", event_id),
        ("ce_source", SOURCE),
        ("ce_type", event_type),
        ("ce_time", f"{day}T10:00:00+00:00"),
        ("content-type", "application/json"),
    )


def _weights(customers: int, skew: float) -> Sequence[float]:
    return list(accumulate(1 / rank**skew for rank in range(1, customers + 1)))


def _major(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
