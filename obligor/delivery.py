"""Send a history to the platform, day by day, and close its days."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from urllib.parse import quote

import msgspec
from msgspec import Struct

from obligor.facts import (
    DayOfFacts,
    History,
    Registration,
    Statement,
    Transaction,
    close_of,
)
from obligor.remote import Remote
from obligor.rest import Look, look, wait_for_rest
from shared.kernel.dates import next_day, previous_day
from shared.kernel.errors import ObligorError

LARGEST_BATCH = 5_000
_CHECKED = 500  # how many old facts are looked up before a file is taken for one sent before
_TRANSACTIONS = "/monitoring/v1/transactions"


class OlderThanLedgerError(ObligorError):
    """A file holds facts of days that the ledger has closed, and never saw them."""

    code = "older_than_ledger"

    def __init__(self, first: date, closed_on: date, unknown: int) -> None:
        super().__init__(
            f"the file begins on {first}, but the ledger has closed {closed_on} and does not know "
            f"{unknown} of its facts; --as-late-facts adds them as learned today"
        )


@dataclass(frozen=True, slots=True)
class Manner:
    """How a history is sent.

    `barrier`: step by step, each when the platform is at rest. `late`: facts of closed days are
    accepted as learned today. `wait`: return when everything is worked off.
    """

    barrier: bool = False
    late: bool = False
    wait: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """What to tell while it goes on: facts accepted so far, and looks at the platform."""

    on_sent: Callable[[int], None] = lambda _: None
    on_look: Callable[[Look], None] = lambda _: None


@dataclass(slots=True)
class Delivered:
    """What became of a history: accepted facts, and what the platform would not take."""

    registered: int = 0
    statements: int = 0
    transactions: int = 0
    invalid: int = 0
    first_invalid: str = ""


class ItemOutcome(Struct, frozen=True):
    """What the door said to one fact."""

    outcome: str = "accepted"
    id: str = ""
    errors: msgspec.Raw = msgspec.Raw(b"null")
    detail: str = ""


class BatchOutcome(Struct, frozen=True):
    """What the door said to a batch."""

    items: tuple[ItemOutcome, ...] = ()


class Delivery:
    """Sends one history to one platform."""

    def __init__(self, remote: Remote, *, source: str, progress: Progress | None = None) -> None:
        self._remote = remote
        self._source = source
        self._progress = progress or Progress()
        self.delivered = Delivered()

    def send(self, history: History, manner: Manner) -> Delivered:
        """Send everything, in the order of its days; sending it again changes nothing."""
        closed_on = look(self._remote).closed_on("monitoring")
        begins = closed_on is None
        if closed_on is None:
            closed_on = previous_day(history.first_day)
            self._post([close_of(closed_on, source=self._source)])
            self._rest()
        elif history.first_day <= closed_on and not manner.late:
            self._refuse_unknown(history, closed_on)
        customers = list(chain.from_iterable(day.registrations for day in history.days))
        self._register(customers, may_be_known=not begins)
        self._rest()
        days = list(_with_missing_days(history, closed_on))
        if manner.barrier:
            self._send_step_by_step(days, closed_on)
        else:
            self._send_in_batches(days, closed_on)
        if manner.wait:
            self._rest()
        return self.delivered

    def _refuse_unknown(self, history: History, closed_on: date) -> None:
        old = [fact for day in history.days if day.day <= closed_on for fact in day.transactions]
        checked = old if len(old) <= _CHECKED else old[:: -(-len(old) // _CHECKED)]
        known = self._remote.for_each(checked, self._is_known)
        unknown = sum(not each for each in known)
        if unknown:
            raise OlderThanLedgerError(history.first_day, closed_on, unknown)

    def _is_known(self, fact: Transaction) -> bool:
        path = f"{_TRANSACTIONS}/{fact.source}/{quote(fact.id, safe='')}"
        return self._remote.find(path, msgspec.Raw) is not None

    def _send_step_by_step(self, days: Iterable[DayOfFacts], closed_on: date) -> None:
        for day in days:
            if day.statements:
                self._file(day.statements)
                self._rest()
            for batch in _batches(day.transactions):
                self._post(batch)
            if day.transactions:
                self._rest()
            if day.day > closed_on:
                self._post([close_of(day.day, source=self._source)])
                self._rest()

    def _send_in_batches(self, days: Iterable[DayOfFacts], closed_on: date) -> None:
        """Many days in one batch: their statements, then each day's facts and its close."""
        statements: list[Statement] = []
        waiting: list[Transaction] = []
        for day in days:
            statements += day.statements
            waiting += day.transactions
            if day.day > closed_on:
                waiting.append(close_of(day.day, source=self._source))
            while len(waiting) >= LARGEST_BATCH:
                self._file(statements)
                statements.clear()
                self._post(waiting[:LARGEST_BATCH])
                del waiting[:LARGEST_BATCH]
        self._file(statements)
        if waiting:
            self._post(waiting)

    def _register(self, customers: Sequence[Registration], *, may_be_known: bool) -> None:
        put = self._put_unless_known if may_be_known else self._put
        for registered in self._remote.for_each(customers, put):
            self.delivered.registered += registered
            self._progress.on_sent(1)

    def _put_unless_known(self, customer: Registration) -> bool:
        """Register who is not known as such; returns whether anything was sent."""
        known = self._remote.find(_path_of(customer), KnownCustomer)
        if known is not None and known.is_like(customer):
            return False
        return self._put(customer)

    def _put(self, customer: Registration) -> bool:
        self._remote.put(_path_of(customer), msgspec.Raw, customer.body())
        return True

    def _file(self, statements: Sequence[Statement]) -> None:
        for wave in _waves(statements):
            for _ in self._remote.for_each(wave, partial(_file_one, self._remote)):
                self.delivered.statements += 1
                self._progress.on_sent(1)

    def _post(self, batch: Sequence[Transaction]) -> None:
        body = b"[" + b",".join(fact.body() for fact in batch) + b"]"
        answer = self._remote.post(_TRANSACTIONS, BatchOutcome, body)
        refused = [each for each in answer.items if each.outcome == "invalid"]
        facts = sum(1 for fact in batch if fact.customer_id)
        self.delivered.transactions += facts - len(refused)
        self.delivered.invalid += len(refused)
        if refused and not self.delivered.first_invalid:
            first = refused[0]
            self.delivered.first_invalid = f"{first.id}: {bytes(first.errors).decode()}"
        self._progress.on_sent(facts)

    def _rest(self) -> None:
        wait_for_rest(self._remote, on_look=self._progress.on_look)


class KnownName(Struct, frozen=True):
    """One name of a registered customer."""

    name: str


class KnownCustomer(Struct, frozen=True):
    """A registered customer, as far as it is compared."""

    country: str
    legal_names: tuple[KnownName, ...]

    def is_like(self, customer: Registration) -> bool:
        """Whether it is registered under the same names and country already."""
        names = [each.name for each in self.legal_names]
        return self.country == customer.country and names == [
            each.name for each in customer.legal_names
        ]


def _path_of(customer: Registration) -> str:
    return f"/screening/v1/customers/{customer.customer_id}"


def _file_one(remote: Remote, statement: Statement) -> None:
    path = f"/rating/v1/customers/{statement.customer_id}/financial-statements"
    remote.post(path, msgspec.Raw, statement.body())


def _waves(statements: Sequence[Statement]) -> Iterator[Sequence[Statement]]:
    """What may be filed side by side: a customer's next statement waits for the one before."""
    wave: dict[str, Statement] = {}
    for each in statements:
        if each.customer_id in wave:
            yield list(wave.values())
            wave = {}
        wave[each.customer_id] = each
    if wave:
        yield list(wave.values())


def _batches(facts: Sequence[Transaction]) -> Iterator[Sequence[Transaction]]:
    for start in range(0, len(facts), LARGEST_BATCH):
        yield facts[start : start + LARGEST_BATCH]


def _with_missing_days(history: History, closed_on: date) -> Iterator[DayOfFacts]:
    """The history's days, after the days that the ledger has still to close before them."""
    day = next_day(closed_on)
    while day < history.first_day:
        yield DayOfFacts(day)
        day = next_day(day)
    yield from history.days
