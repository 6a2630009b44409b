"""What people and services say in the contract suite, as entries of a log."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.port import CHANNEL
from shared.contracts import catalogue
from shared.contracts.envelope import Event, first_of_chain
from shared.contracts.rating import ReviewDue
from shared.contracts.transactions import OrderCancelled
from shared.kernel.partitions import partition_of
from shared.log.append import Entry, entry_of
from tests.contract.workers import PARTITIONS

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def announcement(customer: str, number: int) -> Entry:
    """An event between services, about a customer."""
    day = date.fromordinal(number)
    event = ReviewDue(customer_id=customer, as_of=day, valid_to=day)
    return _entry(catalogue.RATING, customer, number, event)


def command(customer: str) -> Entry:
    """A person's wish, as a door writes it down."""
    headers = {
        "ce_id": "wish",
        "ce_source": "/tests",
        "ce_type": "command.unheard_of",
        "ce_time": NOON.isoformat(),
    }
    return Entry(catalogue.COMMANDS, partition_of(customer, PARTITIONS), customer, headers, b"{}")


def transaction(
    customer: str, number: int, *, partition: int | None = None, reason: str | None = None
) -> Entry:
    """A fact from upstream about a customer."""
    event = OrderCancelled(order_id=str(number), reason=reason)
    return _entry(catalogue.TRANSACTIONS, customer, number, event, partition=partition)


def _entry(
    topic: str, customer: str, number: int, event: Event, *, partition: int | None = None
) -> Entry:
    envelope = first_of_chain(
        event_id=f"{topic}/{customer}/{number}",
        source="/tests",
        event_type=catalogue.EVENT_TYPES[type(event)],
        time=NOON,
        subject=customer,
    )
    place = partition_of(customer, PARTITIONS) if partition is None else partition
    return entry_of(envelope, event, topic=topic, partition=place)


async def notify(conn: AsyncConnection, entries: Sequence[Entry]) -> None:
    for payload in sorted({f"{each.topic}/{each.partition}" for each in entries}):
        await conn.execute(
            text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload}
        )
