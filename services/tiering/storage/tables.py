"""The tables of schema `tiering`. Amounts are integer minor units of the currency beside them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from shared.chassis.tables import chassis_tables
from shared.db.tables import metadata_of

METADATA = metadata_of("tiering")
CHASSIS = chassis_tables("tiering", METADATA)

_figure = Float(53)

# One row per customer: all that an order's credit check reads. Workers own every column but
# `revision`, which every change of the account or of its reservations moves on.
ACCOUNT = Table(
    "account",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("verdict", Text),
    Column("tier", Text),
    Column("since", Date),
    Column("better_count", Integer, nullable=False),
    Column("grade", Text),
    Column("pd", _figure),
    Column("ews", _figure),
    Column("band", Text),
    Column("hard_triggers", JSONB, nullable=False),
    Column("in_default", Boolean, nullable=False),
    Column("rating_valid_to", Date),
    Column("limit_minor", BigInteger),
    Column("limit_currency", Text),
    Column("binding_cap", Text),
    Column("exposures", JSONB, nullable=False),
    Column("exposure_version", BigInteger, nullable=False),
    Column("oldest_days_past_due", Integer, nullable=False),
    Column("arrears_on", Date),
    Column("tier_changes", Integer, nullable=False),
    Column("limit_changes", Integer, nullable=False),
    Index(None, "tier", "customer_id"),
)

TIER_HISTORY = Table(
    "tier_history",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("matrix_tier", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("payment_terms_days", Integer, nullable=False),
    Column("measures", JSONB, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("policy_version", Text, nullable=False),
)

LIMIT_HISTORY = Table(
    "limit_history",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("binding_cap", Text, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("policy_version", Text, nullable=False),
)

# One row per credit check. `reservation` is null where nothing was granted, else live, absorbed,
# cancelled, superseded or expired; a live one counts through the end of `reserved_until`.
CREDIT_CHECK = Table(
    "credit_check",
    METADATA,
    Column("check_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("terms_days", Integer),
    Column("accepts_partial", Boolean, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", TIMESTAMP(timezone=True), nullable=False, server_default=func.now()),
    Column("decision_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("answer", JSONB, nullable=False),
    Column("reservation", Text),
    Column("reserved_minor", BigInteger),
    Column("reserved_until", Date),
    Column("announced", Boolean, nullable=False, server_default=text("false")),
    Index(
        "uq_credit_check_live_order",
        "customer_id",
        "order_id",
        unique=True,
        postgresql_where=text("reservation = 'live'"),
    ),
    Index("ix_credit_check_unannounced", "partition", postgresql_where=text("NOT announced")),
    Index(
        "ix_credit_check_live_until",
        "partition",
        "reserved_until",
        postgresql_where=text("reservation = 'live'"),
    ),
    Index("ix_credit_check_order", "customer_id", "order_id"),
)

# Our receivables per closed day, as monitoring totals them per partition. The row without a
# currency says that the day is complete in that partition.
PORTFOLIO_TOTAL = Table(
    "portfolio_total",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("open_minor", BigInteger, nullable=False),
    Column("customers", Integer, nullable=False),
)
