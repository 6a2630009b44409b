"""A service as small as can be, to see what the bus does to one: it counts, and notes what it saw.

It reads rating's topic (from another service, numbered by its log) and the transactions (from
outsiders too). Every event carries a number; per customer they count up from 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import BigInteger, Column, Identity, Integer, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.idempotency.commands import Answer
from shared.chassis.service import Scope, Service, Subscription
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.monitoring import ExposureChanged, MonitoringDayClosed
from shared.contracts.rating import RatingDayClosed, ReviewDue
from shared.contracts.transactions import OrderCancelled
from shared.db.bulk import among, insert_rows, upsert_rows
from shared.db.tables import metadata_of
from shared.decisions.stored import StoredDecision
from shared.kernel.errors import ObligorError, TransientError
from shared.policies.book import ALWAYS, PolicyBook, PolicyVersion

REFUSED = "refuse me"


@dataclass(frozen=True, slots=True)
class NoPolicy:
    """The probe decides nothing."""


class RefusedError(ObligorError):
    """The probe was asked to refuse."""


@dataclass(frozen=True, slots=True)
class Applied:
    """One event that reached the probe's tables."""

    partition: int
    topic: str
    customer: str
    number: int
    worker: str


@dataclass(slots=True)
class Ledger:
    """The probe's book: the last number by (topic, customer), and what this batch applied."""

    last: dict[tuple[str, str], int] = field(default_factory=dict)
    applied: list[Applied] = field(default_factory=list)


@dataclass(slots=True)
class Faults:
    """What shall go wrong: the next saves fail after they have written."""

    failing_saves: int = 0


PROBE = metadata_of("monitoring")
LAST = Table(
    "probe_last",
    PROBE,
    Column("topic", Text, primary_key=True),
    Column("customer", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
APPLIED = Table(
    "probe_applied",
    PROBE,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("worker", Text, nullable=False),
)


class ProbeStorage:
    """Set-wise, like every service's."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    async def load(self, conn: AsyncConnection, scope: Scope) -> Ledger:
        found = await conn.execute(select(LAST).where(among(LAST.c.customer, scope.customers)))
        return Ledger(last={(row.topic, row.customer): row.number for row in found})

    async def save(self, conn: AsyncConnection, book: Ledger) -> None:
        last = {(each.topic, each.customer): each.number for each in book.applied}
        rows = [
            {"topic": topic, "customer": customer, "number": number}
            for (topic, customer), number in last.items()
        ]
        await upsert_rows(conn, LAST, rows, key=("topic", "customer"))
        await insert_rows(
            conn,
            APPLIED,
            [
                {
                    "partition": each.partition,
                    "topic": each.topic,
                    "customer": each.customer,
                    "number": each.number,
                    "worker": each.worker,
                }
                for each in book.applied
            ],
        )
        if self._faults.failing_saves:
            self._faults.failing_saves -= 1
            message = "the batch crashed half way"
            raise TransientError(message)


class ProbeKeeping:
    """Keeps nothing."""

    async def policies(self, conn: AsyncConnection) -> PolicyBook[NoPolicy]:
        del conn
        return PolicyBook([PolicyVersion("1", ALWAYS, NoPolicy())])

    async def save_decisions(
        self, conn: AsyncConnection, decided: Sequence[StoredDecision]
    ) -> None:
        del conn, decided

    async def save_answers(self, conn: AsyncConnection, answers: Sequence[Answer]) -> None:
        del conn, answers


def number_of(event: ReviewDue | OrderCancelled) -> int:
    if isinstance(event, ReviewDue):
        return event.valid_to.toordinal()
    return int(event.order_id)


def probe(worker: str = "only", faults: Faults | None = None) -> Service[Ledger, NoPolicy]:
    """The service, as one worker runs it."""

    def on_event(event: ReviewDue | OrderCancelled, book: Ledger, work: Work[NoPolicy]) -> None:
        if isinstance(event, OrderCancelled) and event.reason == REFUSED:
            raise RefusedError(REFUSED)
        topic = catalogue.RATING if isinstance(event, ReviewDue) else catalogue.TRANSACTIONS
        customer, number = work.cause.subject, number_of(event)
        book.applied.append(Applied(work.partition, topic, customer, number, worker))
        if isinstance(event, ReviewDue):
            work.announce(
                ExposureChanged(
                    customer_id=customer, as_of=date(2026, 1, 1), version=number, exposures=()
                ),
                customer_id=customer,
            )

    return Service(
        name="monitoring",
        topic=catalogue.MONITORING,
        subscriptions=(
            Subscription(catalogue.RATING),
            Subscription(catalogue.TRANSACTIONS, upstream=True),
        ),
        handlers={"rating.review_due.v1": on_event, "order.cancelled": on_event},
        close_day=lambda day, _book, _work: MonitoringDayClosed(date=day),
        storage=ProbeStorage(faults or Faults()),
        metadata=PROBE,
        policy=NoPolicy,
        policy_file=Path("policy.yaml"),
        hosts=(catalogue.TRANSACTIONS,),
    )


def neighbour() -> Service[Ledger, NoPolicy]:
    """The service that the probe hears from; nobody runs it, tests write its log."""
    return Service(
        name="rating",
        topic=catalogue.RATING,
        subscriptions=(),
        handlers={},
        close_day=lambda day, _book, _work: RatingDayClosed(date=day),
        storage=ProbeStorage(Faults()),
        metadata=metadata_of("rating"),
        policy=NoPolicy,
        policy_file=Path("policy.yaml"),
    )


TOPICS = (catalogue.RATING, catalogue.TRANSACTIONS, catalogue.MONITORING)
