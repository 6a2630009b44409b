"""What a service is, to the chassis: its subscriptions, handlers, commands, storage and policy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import MetaData, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.memory import Memory
from shared.chassis.work import Work
from shared.contracts.envelope import Envelope, Event
from shared.decisions.kinds import DecisionKind

BookT = TypeVar("BookT")
PolicyT = TypeVar("PolicyT")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic that a service reads.

    `closes_on` names the event type on it that ends a day; a service closes day D when all its
    closing topics have come to theirs. `upstream` topics are written by others too, so duplicates
    are probed by (source, id) and the partition of each key is checked.
    """

    topic: str
    closes_on: str | None = None
    upstream: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One decoded record of a batch; `value` are its bytes as they came."""

    envelope: Envelope
    event: Event
    topic: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Scope:
    """What a batch is about, so that storage can load everything it needs at once.

    `customers` are those with a record in the batch and those that a closing day wakes in it;
    `closing_through` is the last day that may close in it. `commands` are the names and JSON
    payloads of the commands in it, for those that speak of more than their own customer. `memory` is
    what storage kept of customers when it saved the last batch; None where nothing is remembered.
    """

    partition: int
    customers: frozenset[str]
    closing_through: date | None
    deliveries: Sequence[Delivery]
    commands: Sequence[tuple[str, bytes]] = ()
    memory: Memory | None = None


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What became of a command: the HTTP status and body its sender gets."""

    status: int
    body: dict[str, Any]  # JSON of any shape


@dataclass(frozen=True, slots=True)
class CommandKind(Generic[BookT, PolicyT]):
    """A person's (or program's) wish, carried out by the worker of the customer's partition.

    `payload` is the msgspec struct the JSON is read into; `run` raises an `ObligorError` to refuse.
    """

    payload: type[Any]
    run: Callable[[Any, BookT, Work[PolicyT]], CommandAnswer]


class Storage(Protocol[BookT]):
    """Loads a batch's aggregates set-wise and saves what changed set-wise."""

    async def load(self, conn: AsyncConnection, scope: Scope) -> BookT:
        """Everything the batch's handlers may touch, in a handful of statements."""
        ...

    async def save(self, conn: AsyncConnection, book: BookT) -> None:
        """Write what handlers changed in the book, in a handful of statements."""
        ...


def overlook(_book: object, _work: object) -> None:
    """Think nothing of a conflict: the dead letter is enough."""


@dataclass(frozen=True, slots=True)
class Service(Generic[BookT, PolicyT]):
    """One of the five: a name, a question, and everything the chassis needs to run it.

    Handlers are `(event, book, work) -> None`, synchronous and without I/O; a handler raises
    `ObligorError` before it changes anything, to have the record parked in the dead letters.
    `close_day(day, book, work)` decides what falls due at the end of a day for the customers in the
    book that wake by then, and returns the service's own day_closed event. `wakes` is the table
    whose `customer_id`, `partition` and `wake_on` say who those are; None: nobody ever. Where they are
    many, a day is closed in parts, each with a book of its own; the last one's event is announced.
    `on_conflict(book, work)` hears, once each, of an upstream record that was parked because its id
    came before with another body; `work.cause` is its envelope, and nothing of its body is believed.
    """

    name: str
    topic: str
    subscriptions: tuple[Subscription, ...]
    handlers: Mapping[str, Callable[[Any, BookT, Work[PolicyT]], None]]
    close_day: Callable[[date, BookT, Work[PolicyT]], Event]
    storage: Storage[BookT]
    metadata: MetaData
    policy: type[PolicyT]
    policy_file: Path
    hosts: tuple[str, ...] = ()
    commands: Mapping[str, CommandKind[BookT, PolicyT]] = field(default_factory=dict)
    decisions: tuple[DecisionKind[Any, PolicyT, Any], ...] = ()
    wakes: Table | None = None
    on_conflict: Callable[[BookT, Work[PolicyT]], None] = overlook

    @property
    def migrations(self) -> Path:
        """The folder of its schema revisions, beside its policy."""
        return self.policy_file.with_name("migrations")

    @property
    def log_schema(self) -> str:
        """The schema of its event log: all that a service shows others."""
        return f"{self.name}_log"


AnyService = Service[Any, Any]
"""A service whose book and policy do not matter, as at the doors."""
