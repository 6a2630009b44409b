"""Rating's tables: the customers it knows, what was filed about them, and every rating since."""

from sqlalchemy import BigInteger, Column, Date, Float, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.tables import metadata_of

METADATA = metadata_of("rating")

customer = Table(
    "customer",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("wake_on", Date),
    Column("grade", Text),
    Column("state", Text, nullable=False, comment="CustomerState as JSON"),
    Index(None, "partition", "wake_on"),
)

statement = Table(
    "statement",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("period_end", Date, primary_key=True),
    Column("months", Integer, primary_key=True),
    Column("basis", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("opinion", Text),
    Column("lines", JSONB, nullable=False),
    Column("due_on", Date, nullable=False, comment="the day from which it counts"),
)

external_rating = Table(
    "external_rating",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("agency", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("affirmed_on", Date, primary_key=True),
    Column("grade", Text, nullable=False),
    Column("outlook", Text, nullable=False),
    Column("due_on", Date, nullable=False, comment="the day from which it counts"),
)

rating = Table(
    "rating",
    METADATA,
    Column("customer_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, comment="1 = the customer's first rating"),
    Column("partition", Integer, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("decision_id", Text, nullable=False, unique=True),
    Column("grade", Text, nullable=False),
    Column("previous_grade", Text),
    Column("model_grade", Text, nullable=False),
    Column("pd", Float(53), nullable=False),
    Column("confidence", Text, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("decision", JSONB, nullable=False, comment="RatingDecision, canonical"),
    Index(None, "customer_id", "as_of", "number"),
)
