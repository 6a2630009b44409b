"""The tables behind the log: what a service shows others, and what its workers keep to themselves."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB, TIMESTAMP

from shared.db.tables import metadata_of

_moment = TIMESTAMP(timezone=True)


@dataclass(frozen=True, slots=True)
class LogTables:
    """Schema `<service>_log`: every fact the service announced, and how far its readers are."""

    metadata: MetaData
    log: Table
    head: Table
    reader: Table


@dataclass(frozen=True, slots=True)
class WorkTables:
    """In the service's own schema: ownership, checkpoints, what was seen, what was parked."""

    partition_state: Table
    member: Table
    checkpoint: Table
    seen: Table
    dead_letter: Table


def log_tables(service: str) -> LogTables:
    """The tables of a service's event log."""
    metadata = metadata_of(f"{service}_log")
    log = Table(
        "log",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("offset", BigInteger, primary_key=True),
        Column("key", Text, nullable=False),
        Column("headers", JSON, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("appended_at", _moment, nullable=False, server_default=func.clock_timestamp()),
        Index(None, "key"),
    )
    head = Table(
        "log_head",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("next_offset", BigInteger, nullable=False, server_default="0"),
    )
    reader = Table(
        "log_reader",
        metadata,
        Column("group_name", Text, primary_key=True),
        Column("topic", Text, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("position", BigInteger, nullable=False),
        Column("moved_at", _moment, nullable=False, server_default=func.clock_timestamp()),
    )
    return LogTables(metadata, log, head, reader)


def work_tables(metadata: MetaData) -> WorkTables:
    """The workers' tables, added to a service's own metadata."""
    return WorkTables(
        partition_state=_partition_state(metadata),
        member=Table(
            "worker_member",
            metadata,
            Column("owner", Text, primary_key=True),
            Column("alive_until", _moment, nullable=False),
        ),
        checkpoint=Table(
            "checkpoint",
            metadata,
            Column("topic", Text, primary_key=True),
            Column("partition", Integer, primary_key=True),
            Column("position", BigInteger, nullable=False),
            Column("log_offset", BigInteger, nullable=False),
            Column("cursor", Text),
        ),
        seen=_seen(metadata),
        dead_letter=_dead_letter(metadata),
    )


def _partition_state(metadata: MetaData) -> Table:
    return Table(
        "partition_state",
        metadata,
        Column("partition", Integer, primary_key=True),
        Column("owner", Text),
        Column("lease_until", _moment),
        Column("transport", Text, comment="what counts the positions of its checkpoints"),
        Column("epoch", BigInteger, nullable=False, server_default="0"),
        Column("version", BigInteger, nullable=False, server_default="0"),
        Column("closed_on", Date),
    )


def _seen(metadata: MetaData) -> Table:
    return Table(
        "seen",
        metadata,
        Column("source", Text, primary_key=True),
        Column("event_id", Text, primary_key=True),
        Column("body_hash", LargeBinary, nullable=False),
        Column("status", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("recorded_at", _moment, nullable=False, server_default=func.now()),
    )


def _dead_letter(metadata: MetaData) -> Table:
    return Table(
        "dead_letter",
        metadata,
        Column("dead_letter_id", Text, primary_key=True),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("key", Text),
        Column("headers", JSONB, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("code", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("status", Text, nullable=False, server_default="parked"),
        Column("parked_at", _moment, nullable=False, server_default=func.now()),
        Column("replayed_at", _moment),
        Index(None, "parked_at"),
    )
