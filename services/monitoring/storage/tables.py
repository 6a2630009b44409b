"""Monitoring's tables: the facts, what they add up to, what waits, and what others told."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from services.monitoring.storage.schema import METADATA


def _fact_columns() -> list[Column[object]]:
    return [
        Column("customer_id", Text, primary_key=True),
        Column("kind", Text, primary_key=True, comment="the event's type"),
        Column("document", Text, primary_key=True, comment="its own number"),
        Column("version", Integer, primary_key=True),
        Column("source", Text, primary_key=True),
        Column("event_id", Text, nullable=False, comment="unique within its source"),
        Column("partition", Integer, nullable=False),
        Column("event_date", Date, nullable=False, comment="when it happened"),
        Column("recorded_at", TIMESTAMP(timezone=True), nullable=False, comment="when it was told"),
        Column("payload", LargeBinary, nullable=False, comment="the event, as JSON"),
    ]


fact = Table(
    "fact",
    METADATA,
    *_fact_columns(),
    Index(None, "source", "event_id"),
    Index(None, "event_date"),
    comment="every accepted fact; its key is what makes two facts the same",
)
waiting = Table(
    "waiting",
    METADATA,
    *_fact_columns(),
    Index(None, "source", "event_id"),
    comment="facts dated later than the business day, or from before the ledger has begun",
)
account = Table(
    "account",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("wake_on", Date, comment="the first day whose close concerns the customer"),
    Column(
        "state", LargeBinary, nullable=False, comment="ledger, standing and watch, as MessagePack"
    ),
    Index(None, "partition", "wake_on"),
    # room on its page for a row's next version, and no attempt at compressing what fits on one
    postgresql_with={"fillfactor": "70", "toast_tuple_target": "8160"},
    comment="one row per customer: what its facts add up to, and what is watched",
)
partition_total = Table(
    "partition_total",
    METADATA,
    Column("partition", Integer, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("open_minor", BigInteger, nullable=False, comment="open receivables, minor units"),
    Column("customers", Integer, nullable=False, comment="customers that owe any of it"),
)
signal = Table(
    "signal",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("customer_id", Text, nullable=False, comment="empty: about no customer"),
    Column("kind", Text, nullable=False),
    Column("recorded_at", TIMESTAMP(timezone=True), nullable=False),
    Column("payload", LargeBinary, nullable=False, comment="the event, as JSON"),
    Index(None, "customer_id", "recorded_at"),
    comment="outside signals, recorded only",
)
