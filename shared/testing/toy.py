"""The smallest service there is, to hold the chassis and the transports to their promises.

It remembers, per customer, which orders came in which sequence, refuses orders named `poison`,
breaks on orders named `bug`, and says at each day's end how many orders it knows.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import msgspec
from sqlalchemy import Column, Integer, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.chassis.service import CommandAnswer, CommandKind, Scope, Service, Subscription
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.monitoring import ArrearsChanged, MonitoringDayClosed
from shared.contracts.transactions import OrderPlaced
from shared.db.bulk import among, upsert_rows
from shared.db.tables import metadata_of
from shared.kernel.errors import PoisonError

metadata = metadata_of("monitoring")
tally = Table(
    "tally",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("orders", JSONB, nullable=False),
)


class PoisonOrderError(PoisonError):
    """An order that can never be applied."""

    code = "poison_order"


@dataclass(frozen=True, slots=True)
class ToyPolicy:
    """Nothing to decide by."""

    most_orders: int = 1000


@dataclass(slots=True)
class ToyBook:
    """The orders of each customer, in the order they were applied."""

    partition: int
    orders: dict[str, list[str]] = field(default_factory=dict)


class ToyStorage:
    """Loads and saves tallies."""

    async def load(self, conn: AsyncConnection, scope: Scope) -> ToyBook:
        """The tallies of the batch's customers."""
        found = await conn.execute(
            select(tally).where(among(tally.c.customer_id, sorted(scope.customers)))
        )
        return ToyBook(scope.partition, {row.customer_id: list(row.orders) for row in found})

    async def save(self, conn: AsyncConnection, book: ToyBook) -> None:
        """Write every tally in the book."""
        rows = [
            {
                "customer_id": customer_id,
                "partition": book.partition,
                "orders": msgspec.json.encode(orders).decode(),
            }
            for customer_id, orders in sorted(book.orders.items())
        ]
        await upsert_rows(conn, tally, rows, key=("customer_id",))


def on_order(event: OrderPlaced, book: ToyBook, work: Work[ToyPolicy]) -> None:
    """Note an order and announce that arrears changed, as a trace of it."""
    if event.order_id.startswith("poison"):
        message = f"{event.order_id} can never be applied"
        raise PoisonOrderError(message)
    if event.order_id.startswith("bug"):
        message = f"no bug should look like {event.order_id}"
        raise ZeroDivisionError(message)
    customer_id = work.cause.subject
    book.orders.setdefault(customer_id, []).append(event.order_id)
    work.announce(
        ArrearsChanged(customer_id=customer_id, as_of=work.business_day, invoices=(), totals=()),
        customer_id=customer_id,
    )


def close_day(day: date, _book: ToyBook, _work: Work[ToyPolicy]) -> MonitoringDayClosed:
    """Nothing falls due; the day ends."""
    return MonitoringDayClosed(date=day)


def forget(_payload: dict[str, Any], book: ToyBook, work: Work[ToyPolicy]) -> CommandAnswer:
    """Forget a customer's orders."""
    book.orders[work.cause.subject] = []
    return CommandAnswer(200, {"forgotten_by": work.actor})


def toy_service() -> Service[ToyBook, ToyPolicy]:
    """The toy, standing in monitoring's place."""
    policy_file = Path(gettempdir()) / "obligor-toy-policy.yaml"
    policy_file.write_text("version: toy\nmost_orders: 1000\n")
    return Service(
        name="monitoring",
        topic=catalogue.MONITORING,
        subscriptions=(
            Subscription(catalogue.TRANSACTIONS, closes_on=catalogue.DAY_CLOSED, upstream=True),
        ),
        handlers={"order.placed": on_order},
        close_day=close_day,
        storage=ToyStorage(),
        metadata=metadata,
        policy=ToyPolicy,
        policy_file=policy_file,
        hosts=(catalogue.TRANSACTIONS,),
        commands={"forget": CommandKind(dict, forget)},
    )
