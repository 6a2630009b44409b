"""The first version of the schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "api_key",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_key")),
        schema="screening",
    )
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit")),
        schema="screening",
    )
    op.create_index(
        op.f("ix_audit_subject"), "audit", ["subject"], unique=False, schema="screening"
    )
    op.create_table(
        "checkpoint",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_checkpoint")),
        schema="screening",
    )
    op.create_table(
        "command",
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "submitted_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("command_id", name=op.f("pk_command")),
        schema="screening",
    )
    op.create_index(
        op.f("ix_command_customer_id"), "command", ["customer_id"], unique=False, schema="screening"
    )
    op.create_table(
        "customer",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("wake_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer")),
        schema="screening",
    )
    op.create_index(
        op.f("ix_customer_partition_wake_on"),
        "customer",
        ["partition", "wake_on"],
        unique=False,
        schema="screening",
    )
    op.create_table(
        "customer_name",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "ordinal", name=op.f("pk_customer_name")),
        schema="screening",
    )
    op.create_index(
        op.f("ix_customer_name_search_key"),
        "customer_name",
        ["search_key"],
        unique=False,
        schema="screening",
        postgresql_ops={"search_key": "text_pattern_ops"},
    )
    op.create_table(
        "dead_letter",
        sa.Column("dead_letter_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="parked", nullable=False),
        sa.Column(
            "parked_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("replayed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("dead_letter_id", name=op.f("pk_dead_letter")),
        schema="screening",
    )
    op.create_index(
        op.f("ix_dead_letter_parked_at"),
        "dead_letter",
        ["parked_at"],
        unique=False,
        schema="screening",
    )
    op.create_table(
        "decision",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Text(), nullable=False),
        sa.Column("cause_source", sa.Text(), nullable=False),
        sa.Column("cause_type", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision")),
        schema="screening",
    )
    op.create_index(
        op.f("ix_decision_cause_id"), "decision", ["cause_id"], unique=False, schema="screening"
    )
    op.create_index(
        op.f("ix_decision_correlation_id"),
        "decision",
        ["correlation_id"],
        unique=False,
        schema="screening",
    )
    op.create_index(
        op.f("ix_decision_customer_id_recorded_at"),
        "decision",
        ["customer_id", "recorded_at"],
        unique=False,
        schema="screening",
    )
    op.create_table(
        "idempotent_request",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "claimed_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("person", "idempotency_key", name=op.f("pk_idempotent_request")),
        schema="screening",
    )
    op.create_table(
        "identifier",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "value", name=op.f("pk_identifier")),
        schema="screening",
    )
    op.create_index(
        op.f("ix_identifier_customer_id"),
        "identifier",
        ["customer_id"],
        unique=False,
        schema="screening",
    )
    op.create_table(
        "own_history",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_own_history")),
        schema="screening",
    )
    op.create_table(
        "partition_state",
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "transport",
            sa.Text(),
            nullable=True,
            comment="what counts the positions of its checkpoints",
        ),
        sa.Column("epoch", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("partition", name=op.f("pk_partition_state")),
        schema="screening",
    )
    op.create_table(
        "policy_version",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "drafted_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("approver", sa.Text(), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("approver <> author", name=op.f("ck_policy_version_second_person")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_version")),
        schema="screening",
    )
    op.create_table(
        "screening",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("decision", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_screening")),
        schema="screening",
    )
    op.create_index(
        op.f("ix_screening_customer_id"),
        "screening",
        ["customer_id"],
        unique=False,
        schema="screening",
    )
    op.create_table(
        "seen",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column(
            "recorded_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("source", "event_id", name=op.f("pk_seen")),
        schema="screening",
    )
    op.create_table(
        "worker_member",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("alive_until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_worker_member")),
        schema="screening",
    )
    op.create_table(
        "log",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column(
            "appended_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("topic", "partition", "offset", name=op.f("pk_log")),
        schema="screening_log",
    )
    op.create_index(op.f("ix_log_key"), "log", ["key"], unique=False, schema="screening_log")
    op.create_table(
        "log_head",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_log_head")),
        schema="screening_log",
    )
    op.create_table(
        "log_reader",
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "moved_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("group_name", "topic", "partition", name=op.f("pk_log_reader")),
        schema="screening_log",
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("log_reader", schema="screening_log")
    op.drop_table("log_head", schema="screening_log")
    op.drop_index(op.f("ix_log_key"), table_name="log", schema="screening_log")
    op.drop_table("log", schema="screening_log")
    op.drop_table("worker_member", schema="screening")
    op.drop_table("seen", schema="screening")
    op.drop_index(op.f("ix_screening_customer_id"), table_name="screening", schema="screening")
    op.drop_table("screening", schema="screening")
    op.drop_table("policy_version", schema="screening")
    op.drop_table("partition_state", schema="screening")
    op.drop_table("own_history", schema="screening")
    op.drop_index(op.f("ix_identifier_customer_id"), table_name="identifier", schema="screening")
    op.drop_table("identifier", schema="screening")
    op.drop_table("idempotent_request", schema="screening")
    op.drop_index(
        op.f("ix_decision_customer_id_recorded_at"), table_name="decision", schema="screening"
    )
    op.drop_index(op.f("ix_decision_correlation_id"), table_name="decision", schema="screening")
    op.drop_index(op.f("ix_decision_cause_id"), table_name="decision", schema="screening")
    op.drop_table("decision", schema="screening")
    op.drop_index(op.f("ix_dead_letter_parked_at"), table_name="dead_letter", schema="screening")
    op.drop_table("dead_letter", schema="screening")
    op.drop_index(
        op.f("ix_customer_name_search_key"),
        table_name="customer_name",
        schema="screening",
        postgresql_ops={"search_key": "text_pattern_ops"},
    )
    op.drop_table("customer_name", schema="screening")
    op.drop_index(op.f("ix_customer_partition_wake_on"), table_name="customer", schema="screening")
    op.drop_table("customer", schema="screening")
    op.drop_index(op.f("ix_command_customer_id"), table_name="command", schema="screening")
    op.drop_table("command", schema="screening")
    op.drop_table("checkpoint", schema="screening")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit", schema="screening")
    op.drop_table("audit", schema="screening")
    op.drop_table("api_key", schema="screening")
