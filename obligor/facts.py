"""Facts on their way to the platform: what a file or a sample knows, ordered by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import msgspec

from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Event
from shared.contracts.financials import FinancialStatementFiled
from shared.contracts.screening import Identifier, Industry, LegalName
from shared.contracts.transactions import DayClosed
from shared.kernel.dates import next_day
from shared.kernel.errors import ObligorError

_encoder = msgspec.json.Encoder(decimal_format="string", order="deterministic")


class NoFactsError(ObligorError):
    """There is nothing to import."""

    code = "no_facts"

    def __init__(self) -> None:
        super().__init__("there is not one usable fact to send")


@dataclass(frozen=True, slots=True)
class Registration:
    """A customer as the register's door takes it."""

    customer_id: str
    legal_names: tuple[LegalName, ...]
    country: str
    identifiers: tuple[Identifier, ...] = ()
    industry: Industry | None = None
    registered_on: date | None = None
    size_class: str | None = None
    segment: str | None = None

    def body(self) -> bytes:
        """The JSON of `PUT /screening/v1/customers/{id}`: what is known, and nothing else."""
        known = {
            name: value
            for name, value in (
                ("legal_names", self.legal_names),
                ("country", self.country),
                ("identifiers", self.identifiers),
                ("industry", self.industry),
                ("registered_on", self.registered_on),
                ("size_class", self.size_class),
                ("segment", self.segment),
            )
            if value is not None and value != ()
        }
        return _encoder.encode(known)


@dataclass(frozen=True, slots=True)
class Statement:
    """A financial statement that became known on `day`."""

    customer_id: str
    day: date
    filed: FinancialStatementFiled

    def body(self) -> bytes:
        """The JSON of `POST /rating/v1/customers/{id}/financial-statements`."""
        plain = msgspec.structs.asdict(self.filed)
        return _encoder.encode({**plain, "filed_on": self.day})


@dataclass(frozen=True, slots=True)
class Transaction:
    """One fact of the receivables ledger; `id` is stable, so that sending it again changes nothing."""

    id: str
    source: str
    customer_id: str
    day: date
    event: Event

    def body(self) -> bytes:
        """The JSON of one member of `POST /monitoring/v1/transactions`."""
        return _encoder.encode(
            {
                "id": self.id,
                "source": self.source,
                "type": EVENT_TYPES[type(self.event)],
                "time": f"{self.day.isoformat()}T12:00:00Z",
                "customer_id": self.customer_id,
                "data": self.event,
            }
        )


@dataclass(slots=True)
class DayOfFacts:
    """Everything that became known on one day, in the order of its steps."""

    day: date
    registrations: list[Registration] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.registrations) + len(self.statements) + len(self.transactions)


@dataclass(frozen=True, slots=True)
class History:
    """Customers, and the days of their facts without a gap, from the first to the last."""

    days: tuple[DayOfFacts, ...]

    @property
    def first_day(self) -> date:
        """The day of the earliest fact."""
        return self.days[0].day

    @property
    def last_day(self) -> date:
        """The day of the latest fact."""
        return self.days[-1].day

    def __len__(self) -> int:
        return sum(len(day) for day in self.days)


def history_of(
    registrations: Iterable[Registration],
    transactions: Iterable[Transaction],
    *,
    statements: Iterable[Statement] = (),
    last_day: date | None = None,
) -> History:
    """Order facts by day and fill the quiet days; refuses to make a history of nothing.

    Customers are registered on the first day, and what a day holds is ordered by customer and id,
    so that the same facts in another order make the same history.
    """
    by_day: dict[date, DayOfFacts] = {}
    for fact in sorted(transactions, key=lambda fact: (fact.day, fact.customer_id)):
        by_day.setdefault(fact.day, DayOfFacts(fact.day)).transactions.append(fact)
    for statement in statements:
        by_day.setdefault(statement.day, DayOfFacts(statement.day)).statements.append(statement)
    if not by_day:
        raise NoFactsError
    first, last = min(by_day), max(by_day)
    by_day[first].registrations.extend(sorted(registrations, key=lambda one: one.customer_id))
    return History(tuple(_without_gaps(by_day, first=first, last=max(last, last_day or last))))


def _without_gaps(
    by_day: dict[date, DayOfFacts], *, first: date, last: date
) -> Iterator[DayOfFacts]:
    day = first
    while day <= last:
        yield by_day.get(day, DayOfFacts(day))
        day = next_day(day)


def close_of(day: date, *, source: str) -> Transaction:
    """The marker that ends a day, for every partition."""
    return Transaction(
        id=f"day/{day.isoformat()}",
        source=source,
        customer_id="",
        day=day,
        event=DayClosed(date=day),
    )
