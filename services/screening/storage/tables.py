"""Screening's tables: the register, its names and identifiers, our own history, the screenings."""

from typing import Final

from sqlalchemy import Column, Date, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.tables import metadata_of

METADATA: Final = metadata_of("screening")

customer: Final = Table(
    "customer",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("outcome", Text),
    Column("wake_on", Date),
    Column("version", Integer, nullable=False),
    Column("state", JSONB, nullable=False),
    Index(None, "partition", "wake_on"),
)

customer_name: Final = Table(
    "customer_name",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("search_key", Text, nullable=False),
    Index(None, "search_key", postgresql_ops={"search_key": "text_pattern_ops"}),
)

identifier: Final = Table(
    "identifier",
    METADATA,
    Column("scheme", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Index(None, "customer_id"),
)

own_history: Final = Table(
    "own_history",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("state", JSONB, nullable=False),
)

screening: Final = Table(
    "screening",
    METADATA,
    Column("decision_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("decision", JSONB, nullable=False),
    Index(None, "customer_id"),
)
