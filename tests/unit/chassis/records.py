"""Builders of what a worker finds: records, envelopes, sifted records, a service to sift for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shared.bus.port import Record
from shared.chassis.service import Delivery, Service, Subscription
from shared.chassis.sieve import Sieve, Sifted
from shared.chassis.work import Work
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope, Event, first_of_chain
from shared.contracts.monitoring import MonitoringDayClosed
from shared.contracts.rating import RatingDayClosed
from shared.contracts.transactions import DayClosed, OrderPlaced
from shared.kernel.partitions import partition_of
from shared.log.append import headers_of
from shared.policies.book import ALWAYS, PolicyBook, PolicyVersion
from shared.testing.toy import ToyBook, ToyPolicy, toy_service

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONE, TWO, THREE = (date(2026, 3, day) for day in (1, 2, 3))
PARTITIONS = 4
CUSTOMER = "c1"
HOME = partition_of(CUSTOMER, PARTITIONS)


def an_envelope(event_type: str = "order.placed", **changed: Any) -> Envelope:
    plain = first_of_chain(
        event_id="e1", source="test", event_type=event_type, time=NOON, subject=CUSTOMER
    )
    return Envelope(**{name: getattr(plain, name) for name in plain.__struct_fields__} | changed)


def an_order(name: str = "o1") -> OrderPlaced:
    return OrderPlaced(order_id=name, amount=Decimal(10), currency="EUR")


def a_record(
    event: Event | None = None,
    envelope: Envelope | None = None,
    *,
    headers: Mapping[str, str | None] | None = None,
    **changed: Any,
) -> Record:
    """An order of customer c1 in its place; headers given as None are left out."""
    event = event or an_order()
    event_type = catalogue.EVENT_TYPES[type(event)]
    made = headers_of(envelope or an_envelope(event_type)) | dict(headers or {})
    record = Record(
        topic=catalogue.TOPIC_OF[event_type],
        partition=HOME,
        position=0,
        log_offset=0,
        key=CUSTOMER,
        headers={name: value for name, value in made.items() if value is not None},
        value=catalogue.encode(event),
        appended_at=NOON,
    )
    return record._replace(**changed)


def toy_sieve(index: int = HOME, *, zone: str = "UTC", **service: Any) -> Sieve:
    return Sieve(
        replace(toy_service(), **service), index=index, partitions=PARTITIONS, zone=ZoneInfo(zone)
    )


def closing_service(*subscriptions: Subscription) -> Service[ToyBook, ToyPolicy]:
    return replace(toy_service(), subscriptions=subscriptions, policy_file=Path("none"))


def a_fact(topic: str, name: str) -> Sifted:
    """A record of a topic that ends no day; `name` tells it from others."""
    event = an_order(name)
    envelope = an_envelope(id=name)
    record = a_record(event, envelope, topic=topic)
    return Sifted(record, delivery=Delivery(envelope, event, topic, record.value))


def a_marker(topic: str, day: date) -> Sifted:
    """A record that ends a day of a topic."""
    event: Event = {
        catalogue.TRANSACTIONS: DayClosed(date=day),
        catalogue.MONITORING: MonitoringDayClosed(date=day),
        catalogue.RATING: RatingDayClosed(date=day),
    }[topic]
    envelope = an_envelope(catalogue.EVENT_TYPES[type(event)], id=f"{topic}/{day}", subject="")
    record = a_record(event, envelope)
    return Sifted(record, delivery=Delivery(envelope, event, topic, record.value))


def toy_work(
    *, closed_on: date | None = None, cause: Envelope | None = None, versions: Any = None
) -> Work[ToyPolicy]:
    book = versions or [PolicyVersion("toy", ALWAYS, ToyPolicy())]
    return Work(
        service="monitoring",
        topic=catalogue.MONITORING,
        partition=HOME,
        policies=PolicyBook(book),
        closed_on=closed_on,
        cause=cause or an_envelope(),
    )
