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
        "account",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("better_count", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("pd", sa.Float(precision=53), nullable=True),
        sa.Column("ews", sa.Float(precision=53), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        sa.Column("hard_triggers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("in_default", sa.Boolean(), nullable=False),
        sa.Column("rating_valid_to", sa.Date(), nullable=True),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("limit_currency", sa.Text(), nullable=True),
        sa.Column("binding_cap", sa.Text(), nullable=True),
        sa.Column("exposures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("exposure_version", sa.BigInteger(), nullable=False),
        sa.Column("oldest_days_past_due", sa.Integer(), nullable=False),
        sa.Column("arrears_on", sa.Date(), nullable=True),
        sa.Column("tier_changes", sa.Integer(), nullable=False),
        sa.Column("limit_changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_account")),
        schema="tiering",
    )
    op.create_index(
        op.f("ix_account_tier_customer_id"),
        "account",
        ["tier", "customer_id"],
        unique=False,
        schema="tiering",
    )
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
        schema="tiering",
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
        schema="tiering",
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False, schema="tiering")
    op.create_table(
        "checkpoint",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_checkpoint")),
        schema="tiering",
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
        schema="tiering",
    )
    op.create_index(
        op.f("ix_command_customer_id"), "command", ["customer_id"], unique=False, schema="tiering"
    )
    op.create_table(
        "credit_check",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("terms_days", sa.Integer(), nullable=True),
        sa.Column("accepts_partial", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column(
            "decided_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reservation", sa.Text(), nullable=True),
        sa.Column("reserved_minor", sa.BigInteger(), nullable=True),
        sa.Column("reserved_until", sa.Date(), nullable=True),
        sa.Column("announced", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_credit_check")),
        schema="tiering",
    )
    op.create_index(
        "ix_credit_check_live_until",
        "credit_check",
        ["partition", "reserved_until"],
        unique=False,
        schema="tiering",
        postgresql_where=sa.text("reservation = 'live'"),
    )
    op.create_index(
        "ix_credit_check_order",
        "credit_check",
        ["customer_id", "order_id"],
        unique=False,
        schema="tiering",
    )
    op.create_index(
        "ix_credit_check_unannounced",
        "credit_check",
        ["partition"],
        unique=False,
        schema="tiering",
        postgresql_where=sa.text("NOT announced"),
    )
    op.create_index(
        "uq_credit_check_live_order",
        "credit_check",
        ["customer_id", "order_id"],
        unique=True,
        schema="tiering",
        postgresql_where=sa.text("reservation = 'live'"),
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
        schema="tiering",
    )
    op.create_index(
        op.f("ix_dead_letter_parked_at"),
        "dead_letter",
        ["parked_at"],
        unique=False,
        schema="tiering",
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
        schema="tiering",
    )
    op.create_index(
        op.f("ix_decision_cause_id"), "decision", ["cause_id"], unique=False, schema="tiering"
    )
    op.create_index(
        op.f("ix_decision_correlation_id"),
        "decision",
        ["correlation_id"],
        unique=False,
        schema="tiering",
    )
    op.create_index(
        op.f("ix_decision_customer_id_recorded_at"),
        "decision",
        ["customer_id", "recorded_at"],
        unique=False,
        schema="tiering",
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
        schema="tiering",
    )
    op.create_table(
        "limit_history",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("binding_cap", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "ordinal", name=op.f("pk_limit_history")),
        schema="tiering",
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
        schema="tiering",
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
        schema="tiering",
    )
    op.create_table(
        "portfolio_total",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "partition", "currency", name=op.f("pk_portfolio_total")),
        schema="tiering",
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
        schema="tiering",
    )
    op.create_table(
        "tier_history",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("matrix_tier", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("payment_terms_days", sa.Integer(), nullable=False),
        sa.Column("measures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "ordinal", name=op.f("pk_tier_history")),
        schema="tiering",
    )
    op.create_table(
        "worker_member",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("alive_until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_worker_member")),
        schema="tiering",
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
        schema="tiering_log",
    )
    op.create_index(op.f("ix_log_key"), "log", ["key"], unique=False, schema="tiering_log")
    op.create_table(
        "log_head",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_log_head")),
        schema="tiering_log",
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
        schema="tiering_log",
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("log_reader", schema="tiering_log")
    op.drop_table("log_head", schema="tiering_log")
    op.drop_index(op.f("ix_log_key"), table_name="log", schema="tiering_log")
    op.drop_table("log", schema="tiering_log")
    op.drop_table("worker_member", schema="tiering")
    op.drop_table("tier_history", schema="tiering")
    op.drop_table("seen", schema="tiering")
    op.drop_table("portfolio_total", schema="tiering")
    op.drop_table("policy_version", schema="tiering")
    op.drop_table("partition_state", schema="tiering")
    op.drop_table("limit_history", schema="tiering")
    op.drop_table("idempotent_request", schema="tiering")
    op.drop_index(
        op.f("ix_decision_customer_id_recorded_at"), table_name="decision", schema="tiering"
    )
    op.drop_index(op.f("ix_decision_correlation_id"), table_name="decision", schema="tiering")
    op.drop_index(op.f("ix_decision_cause_id"), table_name="decision", schema="tiering")
    op.drop_table("decision", schema="tiering")
    op.drop_index(op.f("ix_dead_letter_parked_at"), table_name="dead_letter", schema="tiering")
    op.drop_table("dead_letter", schema="tiering")
    op.drop_index(
        "uq_credit_check_live_order",
        table_name="credit_check",
        schema="tiering",
        postgresql_where=sa.text("reservation = 'live'"),
    )
    op.drop_index(
        "ix_credit_check_unannounced",
        table_name="credit_check",
        schema="tiering",
        postgresql_where=sa.text("NOT announced"),
    )
    op.drop_index("ix_credit_check_order", table_name="credit_check", schema="tiering")
    op.drop_index(
        "ix_credit_check_live_until",
        table_name="credit_check",
        schema="tiering",
        postgresql_where=sa.text("reservation = 'live'"),
    )
    op.drop_table("credit_check", schema="tiering")
    op.drop_index(op.f("ix_command_customer_id"), table_name="command", schema="tiering")
    op.drop_table("command", schema="tiering")
    op.drop_table("checkpoint", schema="tiering")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit", schema="tiering")
    op.drop_table("audit", schema="tiering")
    op.drop_table("api_key", schema="tiering")
    op.drop_index(op.f("ix_account_tier_customer_id"), table_name="account", schema="tiering")
    op.drop_table("account", schema="tiering")
