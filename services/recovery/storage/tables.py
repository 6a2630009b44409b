"""Recovery's tables: debtors, cases, and what was done in them."""

from typing import Final

from sqlalchemy import Boolean, Column, Date, Index, Integer, Numeric, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.tables import metadata_of

METADATA: Final = metadata_of("recovery")

debtor: Final = Table(
    "debtor",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("tier", Text),
    Column("tier_since", Date),
    Column("in_default", Boolean, nullable=False),
    Column("wake_on", Date),
    Column("state", JSONB, nullable=False),
    Index(None, "partition", "wake_on"),
)

case: Final = Table(
    "case",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("tier", Text),
    Column("amount", Numeric(24, 4), nullable=False),
    Column("currency", Text, nullable=False),
    Column("step", Text),
    Column("next_action", Text),
    Column("next_action_on", Date),
    Column("version", Integer, nullable=False),
    Column("body", JSONB, nullable=False),
    Index(
        "uq_case_one_open_per_customer",
        "customer_id",
        unique=True,
        postgresql_where=text("closed_on IS NULL"),
    ),
    Index(None, "customer_id"),
    Index(None, "opened_on", "case_id"),
)

case_action: Final = Table(
    "case_action",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("body", JSONB, nullable=False),
)
